import * as nodeCrypto from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import {
  aesCtr,
  aesGcmSeal,
  createAesEcb,
  createAesGcm,
  randomBytes,
  tryAesGcmOpen,
  useHashBackend
} from '../../src/index.ts'
import { type GcmKernel, gcmKernel, longestGcm } from '../../src/kernel/gcm-kernel.ts'
import * as node from '../../src/platform.node.ts'

const bytes = (length: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 89 + (i >> 8) + 31 * seed) & 0xff)
/** As `toEqual`, without looking for what differs in tens of thousands of bytes. */
const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0
// Around blocks of 16 bytes and around the 3 and 4 of them that are encrypted and hashed together.
const lengths = [
  0,
  1,
  15,
  16,
  17,
  31,
  32,
  33,
  47,
  48,
  49,
  63,
  64,
  65,
  111,
  112,
  113,
  127,
  128,
  129,
  239,
  240,
  241,
  512,
  1000,
  longestGcm
]

function kernel(): GcmKernel {
  const found = gcmKernel()
  if (found === undefined) throw new Error('no kernel here')
  return found
}

afterEach(() => void useHashBackend('auto'))

test('C-70 the AES kernel seals and opens what OpenSSL seals and opens, at every length around its edges', () => {
  const { expandGcm: expand, seal, open, ctr } = kernel()
  for (const keyLength of [16, 32]) {
    for (const [seed, length] of lengths.entries()) {
      const [key, nonce, text] = [bytes(keyLength, seed), bytes(12, seed + 1), bytes(length, seed + 2)]
      const schedule = expand(key)
      const sealed = node.aesGcmSeal(key, nonce, text)
      expect(same(seal(schedule, nonce, text, 0), sealed)).toBe(true)
      expect(same(open(schedule, nonce, sealed), text)).toBe(true)
      const iv = Uint8Array.of(...nonce, 0xff, 0xff, 0x00, seed)
      expect(same(ctr(schedule, iv, text), node.aesCtr(key, iv).process(text))).toBe(true)
    }
  }
})

test('C-70 the AES of FIPS 197 and the GCM of its test cases 13 to 15', () => {
  const { expand, expandGcm, seal } = kernel()
  const key = Uint8Array.from({ length: 32 }, (_, i) => i)
  const block = Uint8Array.from({ length: 16 }, (_, i) => i * 17)
  // CTR of zeros with the plaintext as counter block is the cipher itself.
  const encrypted = kernel().ctr(expand(key), block, new Uint8Array(16))
  expect(Buffer.from(encrypted).toString('hex')).toBe('8ea2b7ca516745bfeafc49904b496089')
  const zeros = expandGcm(new Uint8Array(32))
  const tag = (length: number) =>
    Buffer.from(seal(zeros, new Uint8Array(12), new Uint8Array(length), 0)).toString('hex')
  expect(tag(0)).toBe('530f8afbc74536b9a963b4f1c4cb738b')
  expect(tag(16)).toBe('cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919')
})

test('C-70 whatever was touched opens nothing, and nothing of a call stays in the memory of the kernel', () => {
  const { expandGcm: expand, seal, open } = kernel()
  const schedule = expand(bytes(32))
  const sealed = seal(schedule, bytes(12), bytes(300), 0)
  for (let at = 0; at < sealed.length; at++) {
    const touched = sealed.slice()
    touched[at] = (touched[at] ?? 0) ^ 1
    expect(open(schedule, bytes(12), touched)).toBeUndefined()
  }
  expect(open(schedule, bytes(12, 1), sealed)).toBeUndefined()
  expect(open(schedule, bytes(12), sealed)).toEqual(bytes(300))
  // A key of nothing that is left behind would change this.
  expect(open(expand(bytes(16)), bytes(12), sealed)).toBeUndefined()
})

test('C-71 a prepared key does what the functions of one message do, on either backend, and leaves the room asked for', () => {
  for (const backend of ['wasm', 'js'] as const) {
    useHashBackend(backend)
    for (const length of [0, 100, 640, 641, 1024, 5000]) {
      const [key, nonce, text] = [bytes(32, length), bytes(12), bytes(length)]
      const aes = createAesGcm(key)
      const sealed = aesGcmSeal(key, nonce, text)
      // What the caller does with its array later is its own affair.
      const copy = key.slice()
      key.fill(0)
      expect(aes.seal(nonce, text)).toEqual(sealed)
      expect(aes.seal(nonce, text, 12)).toEqual(Uint8Array.of(...sealed, ...new Uint8Array(12)))
      expect(aes.tryOpen(nonce, sealed)).toEqual(text)
      expect(tryAesGcmOpen(copy, nonce, sealed)).toEqual(text)
      expect(aes.tryOpen(nonce, sealed.slice(1))).toBeUndefined()
      expect(aes.tryOpen(nonce, bytes(15))).toBeUndefined()
      aes.wipe()
      expect(aes.tryOpen(nonce, sealed)).toBeUndefined()
    }
  }
})

test('C-71 single blocks are those of OpenSSL on either backend, in place too', () => {
  for (const backend of ['wasm', 'js'] as const) {
    useHashBackend(backend)
    for (const keyLength of [16, 32]) {
      const key = bytes(keyLength, 5)
      const { encryptBlock, encryptInPlace } = createAesEcb(key)
      const expected = node.aesEcb(key).encryptBlock(bytes(16))
      expect(encryptBlock(bytes(16))).toEqual(expected)
      const block = bytes(16)
      encryptInPlace(block)
      expect(block).toEqual(expected)
      expect(() => encryptInPlace(bytes(15))).toThrow('16 bytes')
    }
  }
})

test('C-71 CTR of one message goes past the last number of its counter as OpenSSL does', () => {
  const key = bytes(32)
  const iv = new Uint8Array(16).fill(0xff)
  const plain = new Uint8Array(nodeCrypto.createCipheriv('aes-256-ctr', key, iv).update(bytes(200)))
  expect(aesCtr(key, iv, bytes(200))).toEqual(plain)
})

test('C-72 random bytes that were drawn ahead are handed out once', () => {
  const seen = new Set<string>()
  const draws = 2000
  for (let i = 0; i < draws; i++) seen.add(Buffer.from(randomBytes(12)).toString('hex'))
  expect(seen.size).toBe(draws)
  for (const length of [0, 1, 255, 256, 257, 4096]) expect(randomBytes(length)).toHaveLength(length)
  // Each array is its own: one that is changed changes no other.
  const [first, second] = [randomBytes(32), randomBytes(32)]
  first.fill(0)
  expect(second.some(byte => byte !== 0)).toBe(true)
  expect(first.buffer).not.toBe(second.buffer)
})
