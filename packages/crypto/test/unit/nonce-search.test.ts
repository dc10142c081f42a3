import { describe, expect, test } from 'vitest'
import { concatBytes, keccak256, prepareNonceSearch } from '../../src/index.ts'

const variants = ['js', 'scalar', 'simd'] as const

function digestBits(prefix: Uint8Array, nonce: bigint): number {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, nonce)
  const bits = Array.from(keccak256(concatBytes(prefix, bytes)), byte => byte.toString(2).padStart(8, '0')).join('')
  return bits.indexOf('1')
}

const prefixOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff)

describe.each(variants)('%s search', variant => {
  test('every remainder and carry gives the digest of the plain hash', () => {
    for (let length = 0; length < 136; length++) {
      const prefix = prefixOf(length + 136 * (length % 3))
      const search = prepareNonceSearch(prefix, { variant })
      for (const start of [0n, 250n, 0xfffcn, (1n << 32n) - 3n, (1n << 56n) - 3n]) {
        const bits = Array.from({ length: 6 }, (_, i) => digestBits(prefix, start + BigInt(i)))
        for (const target of [0, 1, 2, 3]) {
          expect(search.searchOffset(target, start, 6)).toBe(bits.findIndex(found => found >= target))
        }
      }
    }
  })
})
