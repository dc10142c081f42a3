import { describe, expect, test } from 'vitest'
import {
  aesCtr,
  aesGcmOpen,
  aesGcmSeal,
  createKeccak256,
  ecdhX,
  eciesDecrypt,
  eciesEncrypt,
  hkdfSha256,
  hmacSha256,
  keccak256,
  prepareNonceSearch,
  publicKeyOf,
  recoverPublicKey,
  sha256,
  signDigest,
  useEcBackend
} from '../../src/index.ts'
import { aesCtr as browserCtr } from '../../src/platform.browser.ts'

// A Buffer's `slice` is a view and its `equals` picky; whoever passes one must not notice a difference.
const pooled = (length: number, fill: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, i) => (i + fill) & 0xff))

describe.each(['noble', 'openssl', 'native'] as const)('a Buffer is bytes, %s backend', backend => {
  test('C-53 a Buffer gives what plain bytes give, comes back unchanged, and results are plain', () => {
    useEcBackend(backend)
    try {
      const point = Buffer.from(publicKeyOf(pooled(32, 9)))
      const sealed = Buffer.from(aesGcmSeal(pooled(32, 1), pooled(12, 2), pooled(40, 3)))
      const message = Buffer.from(eciesEncrypt(publicKeyOf(pooled(32, 9)), pooled(40, 3)))
      const signature = Buffer.from(signDigest(pooled(32, 4), pooled(32, 9)))
      const works: [(...args: Uint8Array[]) => Uint8Array, Buffer[]][] = [
        [keccak256, [pooled(200, 1)]],
        [sha256, [pooled(200, 1)]],
        [sha256, [pooled(20, 1)]],
        [bytes => createKeccak256().update(bytes).digest(), [pooled(200, 1)]],
        [hmacSha256, [pooled(32, 1), pooled(20, 2)]],
        [
          (a, b, c) => hkdfSha256(a as Uint8Array, b as Uint8Array, c as Uint8Array, 50),
          [pooled(32, 1), pooled(32, 2), pooled(9, 3)]
        ],
        [aesCtr, [pooled(32, 1), pooled(16, 2), pooled(50, 3)]],
        [
          (k, iv, m) => browserCtr(k as Uint8Array, iv as Uint8Array).process(m as Uint8Array),
          [pooled(32, 1), pooled(16, 240), pooled(50, 3)]
        ],
        [aesGcmSeal, [pooled(32, 1), pooled(12, 2), pooled(40, 3)]],
        [aesGcmOpen, [pooled(32, 1), pooled(12, 2), sealed]],
        [publicKeyOf, [pooled(32, 9)]],
        [signDigest, [pooled(32, 4), pooled(32, 9)]],
        [recoverPublicKey, [pooled(32, 4), signature]],
        [ecdhX, [pooled(32, 5), point]],
        [eciesDecrypt, [pooled(32, 9), message]]
      ] as [(...args: Uint8Array[]) => Uint8Array, Buffer[]][]
      for (const [work, buffers] of works) {
        const before = buffers.map(buffer => new Uint8Array(buffer))
        const result = work(...buffers)
        expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype)
        expect(result).toEqual(work(...before))
        expect(buffers.map(buffer => new Uint8Array(buffer))).toEqual(before)
      }
    } finally {
      useEcBackend('auto')
    }
  })
})

test('C-53 a search copies its prefix out of a Buffer', () => {
  const prefix = pooled(60, 1)
  const search = prepareNonceSearch(prefix)
  const bits = search.bitsOf(5)
  prefix.fill(0)
  expect(search.bitsOf(5)).toBe(bits)
})

test('C-53 a secret that a key hands out as a Buffer is not wiped', () => {
  const key = pooled(32, 9)
  const message = eciesEncrypt(publicKeyOf(key), pooled(40, 3))
  const secret = Buffer.from(ecdhX(key, message.slice(0, 65)))
  const copy = new Uint8Array(secret)
  eciesDecrypt({ ecdhX: () => secret }, message)
  expect(new Uint8Array(secret)).toEqual(copy)
})
