import { bytesToHex } from '@status-stack/crypto'
import { loadVectors, vectorBytes, vectorHex } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import {
  aliasGenerator,
  aliasOf,
  aliasOfSeed,
  aliasSeed,
  createIdentityKey,
  digestOfList,
  sharedListDigests
} from '../../src/index.ts'
import { sharedWords } from '../support/words.ts'

const { sections } = await loadVectors('accounts')
const identities = sections['identity'] ?? []
const words = await sharedWords()
const key = createIdentityKey(new Uint8Array(32).fill(0x11)).publicKey

describe('alias', () => {
  test.each([
    [42n, [84n, 169n, 339n]],
    [16867039781058546691n, [15287335488407541766n, 12127926903105531916n, 5809109732501512217n]],
    [2n ** 64n - 1n, [18446744073709551614n, 18446744073709551612n, 18446744073709551608n]]
  ])('A-4 the generator started with %s gives the outputs of the reference', (seed, outputs) => {
    const generator = aliasGenerator(seed)
    expect(outputs.map(() => generator.next().value)).toEqual(outputs)
  })

  test('A-4 the seed is the low 64 bits of X', () => {
    expect(identities.length).toBeGreaterThan(0)
    for (const { publicKey, low64 } of identities) {
      const seed = aliasSeed(vectorBytes(publicKey))
      expect(`0x${seed.toString(16)}`).toBe(low64)
    }
  })

  test('A-4 words are picked from lists of any length, adjective, adjective, animal', () => {
    const lists = { adjectives: ['A0', 'A1', 'A2', 'A3', 'A4'], animals: ['N0', 'N1', 'N2'] }
    // 84 mod 5, 169 mod 5, 339 mod 3
    expect(aliasOfSeed(42n, lists)).toBe('A4 A4 N0')
    expect(aliasOf(key, lists)).toMatch(/^A\d A\d N\d$/)
  })

  test.skipIf(words === undefined)('A-4 the aliases of the vectors and the digests of the shared lists', () => {
    if (words === undefined) return
    expect(bytesToHex(digestOfList(words.adjectives))).toBe(sharedListDigests.adjectives)
    expect(bytesToHex(digestOfList(words.animals))).toBe(sharedListDigests.animals)
    expect(aliasOfSeed(42n, words)).toBe('Hard Tame Brownbutterfly')
    for (const { publicKey, alias } of identities) expect(aliasOf(vectorBytes(publicKey), words)).toBe(alias)
  })

  test('empty lists are refused', () => {
    for (const lists of [
      { adjectives: [], animals: ['x'] },
      { adjectives: ['x'], animals: [] }
    ]) {
      expect(() => aliasOf(key, lists)).toThrow(expect.objectContaining({ code: 'invalid-word-list' }))
    }
  })

  test('the same key has the same alias in either form', () => {
    const compressed = Uint8Array.of(2 + ((key[64] ?? 0) & 1), ...key.slice(1, 33))
    expect(aliasSeed(compressed)).toBe(aliasSeed(key))
    expect(vectorHex(compressed)).toHaveLength(68)
  })
})
