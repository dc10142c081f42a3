import { keccak_256 } from '@noble/hashes/sha3.js'
import { loadVectors, vectorBytes } from '@status-stack/vectors'
import { afterEach, describe, expect, test } from 'vitest'
import { concatBytes, keccak256, type NonceSearch, prepareNonceSearch, useHashBackend } from '../../src/index.ts'
import { scalarEngine, simdEngine } from '../../src/kernel/search-kernel.ts'
import { jsEngine } from '../../src/nonce-search/js-engine.ts'
import { absorbPrefix, nonceRun } from '../../src/nonce-search/prefix.ts'

const { sections } = await loadVectors('whisper-envelope')
const variants = ['js', 'scalar', 'simd'] as const
const engines = [jsEngine, scalarEngine(), simdEngine()]

function reference(prefix: Uint8Array, nonce: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, nonce)
  return keccak_256(concatBytes(prefix, bytes))
}

function bitsOf(digest: Uint8Array): number {
  const at = digest.findIndex(byte => byte !== 0)
  return at < 0 ? 256 : 8 * at + Math.clz32(digest[at] ?? 0) - 24
}

const prefixOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff)

/** Every nonce of the range that reaches the target, found by searching again behind each hit. */
function hits(search: NonceSearch, bits: number, start: bigint, count: number): number[] {
  const found: number[] = []
  for (let done = 0; done < count; ) {
    const hit = search.searchOffset(bits, start + BigInt(done), count - done)
    if (hit < 0) break
    done += hit + 1
    found.push(done - 1)
  }
  return found
}

/** Ranges across each byte's carry, at odd and even distances, and both ends of the 64 bits. */
const starts = [0n, 251n, 0xfff8n, 2n ** 24n - 5n, 2n ** 32n - 6n, 2n ** 40n - 7n, 2n ** 48n - 4n, 2n ** 53n - 9n]
const highStarts = [2n ** 56n - 3n, 2n ** 63n - 8n, 2n ** 64n - 13n]
const window = 13

describe('all 136 remainders, with and without blocks before, across every carry', () => {
  test.each([0, 2])('C-30 every hit and every miss agrees with the plain hash, %i full blocks', blocks => {
    let agreed = 0
    for (let rest = 0; rest < 136; rest++) {
      const prefix = prefixOf(136 * blocks + rest)
      const searches = variants.map(variant => prepareNonceSearch(prefix, { variant }))
      for (const start of [...starts, ...highStarts]) {
        const bits = Array.from({ length: window }, (_, i) => bitsOf(reference(prefix, start + BigInt(i))))
        for (const target of [1, 3]) {
          const expected = [...bits.keys()].filter(i => (bits[i] ?? 0) >= target)
          for (const search of searches) {
            const found = hits(search, target, start, window)
            // Tens of thousands of comparisons: as text, and through `expect` only to say what is wrong.
            if (String(found) === String(expected)) agreed++
            else expect(found, `${search.variant}, rest ${rest}, start ${start}, ${target} bits`).toEqual(expected)
          }
        }
      }
    }
    expect(agreed).toBe(136 * (starts.length + highStarts.length) * 2 * variants.length)
  })
})

describe('engines', () => {
  test('C-31 a target may lie anywhere in the digest', () => {
    for (const length of [3, 128, 131, 300]) {
      const prefix = prefixOf(length)
      for (const engine of engines) {
        if (engine === undefined) throw new Error('WebAssembly with SIMD has to run where these tests run')
        const { block } = nonceRun(absorbPrefix(prefix, engine.permute), 0n, engine.permute)
        for (let at = 0; at < 32; at++) {
          const mask = new Uint8Array(32)
          mask[at] = 0x0f
          const expected = Array.from({ length: 64 }, (_, i) => reference(prefix, BigInt(i))[at] ?? 0).findIndex(
            byte => (byte & 0x0f) === 0
          )
          expect(engine.search(block, mask, 0n, 64), `${engine.variant}, byte ${at}`).toBe(expected)
        }
      }
    }
  })
})

describe.each(variants)('%s search', variant => {
  test('C-32 the nonces of the recorded envelopes are the smallest that reach their target', () => {
    const cases = (sections['valid'] ?? []).filter(({ rlpWithoutNonce }) => rlpWithoutNonce !== undefined)
    expect(cases.length).toBeGreaterThan(30)
    for (const { name, rlpWithoutNonce, powTargetBits, powLeadingZeroBits, powTarget, envelope } of cases) {
      const search = prepareNonceSearch(vectorBytes(rlpWithoutNonce), { variant })
      if (powTarget !== '0') expect(search.search(powTargetBits, 0, 20_000), name).toBe(Number(envelope.nonce))
      expect(search.bitsOf(BigInt(envelope.nonce)), name).toBe(powLeadingZeroBits)
    }
  })

  test('C-33 no nonce in the range is −1, an empty range too, and nothing beyond the range is tried', () => {
    const search = prepareNonceSearch(prefixOf(50), { variant })
    const first = search.search(10, 0, 20_000)
    expect(first).toBeGreaterThan(1)
    expect(search.search(10, 0, first)).toBe(-1)
    expect(search.search(10, 0, first + 1)).toBe(first)
    expect(search.search(10, first, 1)).toBe(first)
    expect(search.search(0, 7, 0)).toBe(-1)
    expect(search.search(0, 7, 1)).toBe(7)
    expect(search.search(256, 0, 500)).toBe(-1)
  })

  test('C-34 the best nonce of a range is the smallest of those with most zero bits', () => {
    const prefix = prefixOf(131)
    const search = prepareNonceSearch(prefix, { variant })
    const start = 2n ** 40n - 300n
    const bits = Array.from({ length: 600 }, (_, i) => bitsOf(reference(prefix, start + BigInt(i))))
    const most = Math.max(...bits)
    expect(search.best(start, 600)).toEqual({ nonce: start + BigInt(bits.indexOf(most)), bits: most })
    for (let from = 0; from < 560; from += 7) {
      const part = bits.slice(from, from + 40)
      const highest = Math.max(...part)
      const nonce = start + BigInt(from + part.indexOf(highest))
      expect(search.best(start + BigInt(from), 40)).toEqual({ nonce, bits: highest })
    }
    expect(search.best(start, 1)).toEqual({ nonce: start, bits: bits[0] })
  })

  test('C-35 the prefix is copied and searches do not disturb one another', () => {
    const prefix = prefixOf(60)
    const a = prepareNonceSearch(prefix, { variant })
    const expected = a.search(8, 0, 5000)
    const bits = a.bitsOf(expected)
    prefix.fill(0)
    expect(a.bitsOf(expected)).toBe(bits)
    const b = prepareNonceSearch(prefixOf(133), { variant })
    b.search(8, 0, 5000)
    keccak256(prefix)
    expect(a.search(8, 0, 5000)).toBe(expected)
  })
})

describe('arguments', () => {
  const search = prepareNonceSearch(prefixOf(10))
  const refused = expect.objectContaining({ code: 'out-of-range', origin: 'caller' })

  test('C-36 numbers reach to 2^53, offsets to 2^64', () => {
    expect(search.search(0, 2 ** 53 - 1, 1)).toBe(2 ** 53 - 1)
    expect(() => search.search(0, 2n ** 53n - 1n, 2)).toThrowError(refused)
    expect(search.searchOffset(0, 2n ** 64n - 1n, 1)).toBe(0)
    expect(() => search.searchOffset(0, 2n ** 64n - 1n, 2)).toThrowError(refused)
    expect(() => search.searchOffset(0, 2 ** 53, 1)).toThrowError(refused)
    expect(() => search.searchOffset(0, -1, 1)).toThrowError(refused)
    expect(() => search.bitsOf(2n ** 64n)).toThrowError(refused)
  })
  test('C-36 bits and counts are whole numbers in range', () => {
    for (const bits of [-1, 257, 1.5, Number.NaN]) expect(() => search.search(bits, 0, 1)).toThrowError(refused)
    for (const count of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => search.search(1, 0, count)).toThrowError(refused)
    expect(() => search.best(0, 0)).toThrowError(refused)
  })
})

describe('choice of the variant', () => {
  afterEach(() => void useHashBackend('auto'))

  test('C-37 the fastest by default, JavaScript where WebAssembly is switched off', () => {
    expect(prepareNonceSearch(prefixOf(1)).variant).toBe('simd')
    expect(prepareNonceSearch(prefixOf(1), { variant: undefined }).variant).toBe('simd')
    useHashBackend('js')
    expect(prepareNonceSearch(prefixOf(1)).variant).toBe('js')
    expect(prepareNonceSearch(prefixOf(1), { variant: 'scalar' }).variant).toBe('scalar')
  })
})
