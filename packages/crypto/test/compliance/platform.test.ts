import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useHashBackend } from '../../src/index.ts'
import * as browser from '../../src/platform.browser.ts'
import * as node from '../../src/platform.node.ts'
import { type Platform, platformCases } from '../../src/testing/index.ts'

describe.each([
  ['node', node, 'wasm'],
  ['browser', browser, 'wasm'],
  ['browser without WebAssembly', browser, 'js']
] as const)('C-1 platform %s', (_, platform, backend) => {
  beforeAll(() => void useHashBackend(backend))
  afterAll(() => void useHashBackend('auto'))

  for (const { name, run } of platformCases(platform)) test(`C-1 ${name}`, run)
})

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))

/** Each breaks one rule. */
const broken: Record<string, Partial<Platform>> = {
  'a SHA-256 that is wrong': { sha256: bytes => flip(node.sha256(bytes)) },
  'a SHA-256 that answers a Buffer': { sha256: bytes => Buffer.from(node.sha256(bytes)) },
  'an HMAC that cuts long keys': { hmacSha256: (key, bytes) => node.hmacSha256(key.subarray(0, 64), bytes) },
  'an HKDF without salt': {
    hkdfSha256: (ikm, _, info, length) => node.hkdfSha256(ikm, new Uint8Array(0), info, length)
  },
  'random bytes that stop at 65536': {
    randomBytes: length => {
      const bytes = new Uint8Array(length)
      bytes.set(node.randomBytes(Math.min(length, 65536)))
      return bytes
    }
  },
  'hex in capitals': { bytesToHex: bytes => node.bytesToHex(bytes).toUpperCase() },
  'hex of the whole buffer behind a view': { bytesToHex: bytes => node.bytesToHex(new Uint8Array(bytes.buffer)) },
  'an scrypt that refuses what OpenSSL refuses': {
    scrypt: (password, salt, cost, length) =>
      cost.r === 1 && cost.n > 65_535 ? Promise.reject(new Error('cost')) : node.scrypt(password, salt, cost, length)
  },
  'random bytes that repeat': { randomBytes: length => new Uint8Array(length).fill(7) },
  'a CTR that forgets its position': {
    aesCtr: (key, iv) => ({ process: bytes => node.aesCtr(key, iv).process(bytes) })
  },
  'a CTR with a 64-bit counter': {
    aesCtr: (key, iv) => {
      let position = 0n
      return {
        process: bytes =>
          bytes.map(byte => {
            const counter = iv.slice()
            const view = new DataView(counter.buffer)
            view.setBigUint64(8, view.getBigUint64(8) + (position >> 4n))
            const at = Number(position++ & 15n)
            return byte ^ (node.aesEcb(key).encryptBlock(counter)[at] ?? 0)
          })
      }
    }
  },
  'a CTR that keeps its caller’s key': {
    aesCtr: (key, iv) => {
      let stream: ReturnType<typeof node.aesCtr> | undefined
      return {
        process: bytes => {
          stream ??= node.aesCtr(key, iv)
          return stream.process(bytes)
        }
      }
    }
  },
  'an ECB that keeps its caller’s key': {
    aesEcb: key => ({ encryptBlock: block => node.aesEcb(key).encryptBlock(block) })
  },
  'a CTR in place': {
    aesCtr: (key, iv) => {
      const stream = node.aesCtr(key, iv)
      return {
        process: bytes => {
          bytes.set(stream.process(bytes))
          return bytes.slice()
        }
      }
    }
  },
  'an ECB that chains': {
    aesEcb: key => {
      let last = new Uint8Array(16)
      return {
        encryptBlock: block => {
          last = new Uint8Array(node.aesEcb(key).encryptBlock(block.map((byte, i) => byte ^ (last[i] ?? 0))))
          return last.slice()
        }
      }
    }
  },
  'a GCM that does not check its tag': {
    aesGcmOpen: (key, nonce, sealed) => {
      const counter = new Uint8Array(16)
      counter.set(nonce)
      counter[15] = 2
      return node
        .aesCtr(key, counter)
        .process(sealed.subarray(0, sealed.length - 16))
        .slice()
    }
  },
  'a GCM with a tag of 15 bytes': { aesGcmSeal: (key, nonce, text) => node.aesGcmSeal(key, nonce, text).slice(0, -1) },
  'a PBKDF2 with one round too many': {
    pbkdf2: (hash, password, salt, rounds, length) => node.pbkdf2(hash, password, salt, rounds + 1, length)
  },
  'a PBKDF2 that knows SHA-256 alone': {
    pbkdf2: (_, password, salt, rounds, length) => node.pbkdf2('sha256', password, salt, rounds, length)
  },
  'an scrypt that ignores p': {
    scrypt: (password, salt, cost, length) => node.scrypt(password, salt, { ...cost, p: 1 }, length)
  },
  'an scrypt with too little memory for p': {
    scrypt: (password, salt, cost, length) =>
      cost.p > cost.n ? Promise.reject(new Error('memory')) : node.scrypt(password, salt, cost, length)
  }
}

test.each(Object.keys(broken))('C-1 the suite rejects %s', async name => {
  const results = await Promise.allSettled(platformCases({ ...node, ...broken[name] }).map(({ run }) => run()))
  expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
})
