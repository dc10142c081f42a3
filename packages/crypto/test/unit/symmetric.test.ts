import * as nodeCrypto from 'node:crypto'
import { loadVectors, vectorBytes } from '@status-stack/vectors'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aesCtr,
  aesGcmOpen,
  aesGcmOpenWithNonce,
  aesGcmSeal,
  aesGcmSealWithNonce,
  createAesCtr,
  createAesEcb,
  hkdfSha256,
  hmacSha256,
  pbkdf2Sha256,
  pbkdf2Sha512,
  randomBytes,
  scrypt,
  sha256,
  tryAesGcmOpen,
  useHashBackend,
  utf8Bytes
} from '../../src/index.ts'
import { longestMac, sha256Kernel } from '../../src/kernel/sha256-kernel.ts'

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 89 + (i >> 8)) & 0xff)
const refused = (code: string) => expect.objectContaining({ code, origin: 'caller' })
const plain = (buffer: NodeJS.ArrayBufferView): Uint8Array => new Uint8Array(buffer as Uint8Array)

const reference = {
  sha256: (text: Uint8Array) => plain(nodeCrypto.createHash('sha256').update(text).digest()),
  hmac: (key: Uint8Array, text: Uint8Array) => plain(nodeCrypto.createHmac('sha256', key).update(text).digest())
}
const lengths = [0, 1, 31, 32, 33, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 255, 256, 257, 300, 1000]

describe.each(['wasm', 'js'] as const)('hashes, %s backend', backend => {
  beforeAll(() => void useHashBackend(backend))
  afterAll(() => void useHashBackend('auto'))

  test('C-22 SHA-256 of every length around its block edges', () => {
    for (const length of lengths) expect(sha256(bytes(length))).toEqual(reference.sha256(bytes(length)))
  })

  test('C-22 HMAC of every key and text length around the block edges', () => {
    for (const keyLength of [0, 1, 32, 63, 64, 65, 200]) {
      for (const length of lengths) {
        expect(hmacSha256(bytes(keyLength), bytes(length))).toEqual(reference.hmac(bytes(keyLength), bytes(length)))
      }
    }
  })

  test('C-23 HKDF of every shape that the ratchet uses, and beyond', () => {
    for (const [ikm, salt, info] of [
      [32, 32, 32],
      [32, 0, 0],
      [96, 80, 10],
      [256, 64, 223],
      [257, 65, 224],
      [1, 1, 1000]
    ] as const) {
      for (const length of [0, 1, 32, 64, 80, 96, 8160]) {
        const expected = nodeCrypto.hkdfSync('sha256', bytes(ikm), bytes(salt), bytes(info), length)
        expect(hkdfSha256(bytes(ikm), bytes(salt), bytes(info), length)).toEqual(new Uint8Array(expected))
      }
    }
  })

  test('C-23 the recorded key derivations of the ratchet', async () => {
    const { sections } = await loadVectors('doubleratchet')
    const cases = sections['kdf_rk'] ?? []
    expect(cases.length).toBeGreaterThan(0)
    for (const { rk, dhOut, rootKey, chainKey, headerKey } of cases) {
      const info = utf8Bytes('rsZUpEuXUqqwXBvSy3EcievAh4cMj6QL')
      const keys = hkdfSha256(vectorBytes(dhOut), vectorBytes(rk), info, 96)
      expect([keys.slice(0, 32), keys.slice(32, 64), keys.slice(64)]).toEqual(
        [rootKey, chainKey, headerKey].map(vectorBytes)
      )
    }
  })

  test('C-23 HKDF gives at most 255 blocks', () => {
    for (const length of [8161, -1, 1.5, Number.NaN]) {
      expect(() => hkdfSha256(bytes(32), bytes(0), bytes(0), length)).toThrowError(refused('invalid-length'))
    }
  })
})

describe('the SHA-256 kernel by itself, at lengths that Node hands to OpenSSL', () => {
  const kernel = sha256Kernel()
  if (kernel === undefined) throw new Error('WebAssembly has to run where these tests run')

  test('C-22 hashes beyond its input area', () => {
    for (const length of [4000, longestMac, longestMac + 1, 2 * longestMac, 200_000]) {
      expect(kernel.sha256(bytes(length))).toEqual(reference.sha256(bytes(length)))
    }
    expect(kernel.hmac(bytes(32), bytes(longestMac))).toEqual(reference.hmac(bytes(32), bytes(longestMac)))
  })
  test('C-23 HKDF with the longest info it takes', () => {
    const info = bytes(longestMac - 33)
    const expected = nodeCrypto.createHmac('sha256', reference.hmac(bytes(32), bytes(16)))
    expect(kernel.hkdf(bytes(16), bytes(32), info, 32)).toEqual(
      plain(expected.update(info).update(Uint8Array.of(1)).digest())
    )
  })
  test('C-22 one call leaves nothing behind that changes the next', () => {
    kernel.hmac(bytes(64), bytes(500))
    expect(kernel.sha256(bytes(0))).toEqual(reference.sha256(bytes(0)))
    expect(kernel.hmac(bytes(1), bytes(1))).toEqual(reference.hmac(bytes(1), bytes(1)))
    kernel.hkdf(bytes(300), bytes(64), bytes(300), 200)
    expect(kernel.hmac(bytes(0), bytes(70))).toEqual(reference.hmac(bytes(0), bytes(70)))
  })
})

describe('AES', () => {
  test('C-24 keys are 16 or 32 bytes, IVs 16, nonces 12, blocks 16', () => {
    for (const length of [0, 15, 17, 24, 31, 33]) {
      const key = bytes(length)
      for (const use of [
        () => aesCtr(key, bytes(16), bytes(1)),
        () => createAesEcb(key),
        () => aesGcmSeal(key, bytes(12), bytes(1)),
        () => aesGcmOpen(key, bytes(12), bytes(20))
      ]) {
        expect(use).toThrowError(refused('invalid-length'))
      }
    }
    for (const length of [0, 12, 15, 17]) {
      expect(() => createAesCtr(bytes(16), bytes(length))).toThrowError(refused('invalid-length'))
      expect(() => createAesEcb(bytes(16)).encryptBlock(bytes(length))).toThrowError(refused('invalid-length'))
    }
    for (const length of [0, 11, 13, 16]) {
      expect(() => aesGcmSeal(bytes(16), bytes(length), bytes(1))).toThrowError(refused('invalid-length'))
      expect(() => aesGcmOpen(bytes(16), bytes(length), bytes(20))).toThrowError(refused('invalid-length'))
    }
  })

  test('C-24 a CTR stream undoes itself', () => {
    const there = createAesCtr(bytes(32), bytes(16))
    const back = createAesCtr(bytes(32), bytes(16))
    for (const length of [16, 1, 0, 33, 1000]) expect(back.process(there.process(bytes(length)))).toEqual(bytes(length))
  })

  test('C-25 GCM refuses anything touched, cut or extended, with one error', () => {
    const sealed = aesGcmSeal(bytes(32), bytes(12), bytes(20))
    expect(aesGcmOpen(bytes(32), bytes(12), sealed)).toEqual(bytes(20))
    const failing = Array.from(sealed.keys(), at => sealed.map((byte, i) => (i === at ? byte ^ 0x80 : byte)))
    for (let length = 0; length < sealed.length; length++) failing.push(sealed.slice(0, length))
    failing.push(Uint8Array.of(...sealed, 0))
    for (const message of failing) {
      expect(() => aesGcmOpen(bytes(32), bytes(12), message)).toThrowError(
        expect.objectContaining({ code: 'decryption-failed', origin: 'peer', message: 'decryption failed' })
      )
    }
  })

  test('C-25 with the nonce in front, the bytes are nonce‖ciphertext‖tag, and too few fail as changed ones do', () => {
    const [key, nonce] = [bytes(32), bytes(12)]
    const sealed = aesGcmSealWithNonce(key, nonce, bytes(20))
    expect(sealed).toEqual(Uint8Array.of(...nonce, ...aesGcmSeal(key, nonce, bytes(20))))
    expect(aesGcmOpenWithNonce(key, sealed)).toEqual(bytes(20))
    for (let length = 0; length < sealed.length; length++) {
      expect(() => aesGcmOpenWithNonce(key, sealed.slice(0, length))).toThrowError(
        expect.objectContaining({ code: 'decryption-failed', origin: 'peer' })
      )
    }
    expect(() => aesGcmSealWithNonce(key, bytes(11), bytes(1))).toThrowError(refused('invalid-length'))
  })

  test('C-28 a wrong key, nonce or tag is an answer where many keys are tried', () => {
    const sealed = aesGcmSeal(bytes(32), bytes(12), bytes(20))
    expect(tryAesGcmOpen(bytes(32), bytes(12), sealed)).toEqual(bytes(20))
    const { stackTraceLimit } = Error
    expect(tryAesGcmOpen(bytes(33).subarray(1), bytes(12), sealed)).toBeUndefined()
    expect(tryAesGcmOpen(bytes(32), bytes(13).subarray(1), sealed)).toBeUndefined()
    for (let length = 0; length < sealed.length; length++) {
      expect(tryAesGcmOpen(bytes(32), bytes(12), sealed.subarray(0, length))).toBeUndefined()
    }
    expect(Error.stackTraceLimit).toBe(stackTraceLimit)
    expect(() => tryAesGcmOpen(bytes(31), bytes(12), sealed)).toThrowError(refused('invalid-length'))
  })

  test('C-25 GCM opens what it sealed', () => {
    const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    fc.assert(
      fc.property(fc.oneof(sized(16), sized(32)), sized(12), fc.uint8Array(), (key, nonce, text) => {
        expect(aesGcmOpen(key, nonce, aesGcmSeal(key, nonce, text))).toEqual(text)
      }),
      { seed: 3 }
    )
  })
})

describe('slow derivations and random bytes', () => {
  test('C-26 the recorded symmetric key of a password', async () => {
    const { sections } = await loadVectors('whisper-misc')
    const [vector] = sections['sym_key_from_password'] ?? []
    const key = await pbkdf2Sha256(utf8Bytes(vector?.['password']), new Uint8Array(0), 65356, 32)
    expect(key).toEqual(vectorBytes(vector?.['symKey']))
  })

  test('C-27 costs beyond the limits are refused before any work', async () => {
    const refusal = expect.objectContaining({ code: 'out-of-range', origin: 'caller' })
    const text = bytes(4)
    const rejected = [
      pbkdf2Sha256(text, text, 0, 32),
      pbkdf2Sha256(text, text, 100_000_001, 32),
      pbkdf2Sha512(text, text, 1.5, 32),
      pbkdf2Sha512(text, text, 1, 0),
      pbkdf2Sha512(text, text, 1, 2 ** 20 + 1),
      scrypt(text, text, { n: 2 ** 20, r: 16, p: 1 }, 32),
      scrypt(text, text, { n: 2 ** 31, r: 1, p: 1 }, 32),
      scrypt(text, text, { n: 2, r: 1024, p: 2 ** 14 }, 32),
      scrypt(text, text, { n: 1000, r: 8, p: 1 }, 32),
      scrypt(text, text, { n: 1, r: 8, p: 1 }, 32),
      scrypt(text, text, { n: 16, r: 0, p: 1 }, 32),
      scrypt(text, text, { n: 16, r: 1, p: 0 }, 32),
      scrypt(text, text, { n: 16, r: 1, p: 1 }, 2 ** 20 + 1)
    ]
    for (const promise of rejected) await expect(promise).rejects.toEqual(refusal)
    for (const length of [-1, 0.5, 2 ** 31]) expect(() => randomBytes(length)).toThrowError(refusal)
    expect((await scrypt(text, text, { n: 16, r: 1, p: 1 }, 2 ** 20)).length).toBe(2 ** 20)
  })
})
