import { expect, test } from 'vitest'
import {
  AccountsError,
  createIdentityKey,
  decodeKeyText,
  decryptKeystore,
  encodeKeyText,
  encryptKeystore,
  entropyOfMnemonic,
  formatContactLink,
  parseContactLink,
  parsePublicKey
} from '../../src/index.ts'

/** A generator that gives the same numbers for the same seed (mulberry32); `below` n. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const pieces = [
  '',
  '0',
  'f',
  'z',
  '"',
  '{}',
  'null',
  '?',
  '&',
  '=',
  '%',
  '%ff',
  'enode://',
  '@',
  '\u0000',
  '💥',
  '-1',
  ' '
]

/** One to three faults: characters cut, doubled, moved, or replaced by something that means something. */
function mutate(text: string, random: (below: number) => number): string {
  let mutant = text
  for (let faults = 1 + random(3); faults > 0; faults--) {
    const at = random(mutant.length + 1)
    const to = Math.min(mutant.length, at + random(12))
    const piece = pieces[random(pieces.length)] ?? ''
    const choices = [
      mutant.slice(0, at) + mutant.slice(to),
      mutant.slice(0, to) + mutant.slice(at),
      mutant.slice(0, at) + piece + mutant.slice(to),
      mutant.slice(0, at) + piece + mutant.slice(at),
      mutant.slice(0, at)
    ]
    mutant = choices[random(choices.length)] ?? ''
  }
  return mutant
}

const publicKey = createIdentityKey(new Uint8Array(32).fill(0x11)).publicKey
const words = `${'abandon '.repeat(11)}about`

test('10 000 mutated texts give a value or our error', () => {
  const random = seeded(6)
  const sources: readonly [string, (text: string) => unknown][] = [
    [encodeKeyText(publicKey), decodeKeyText],
    [encodeKeyText(publicKey, 'M'), decodeKeyText],
    [encodeKeyText(publicKey, '9'), parsePublicKey],
    [formatContactLink({ publicKey, enodes: [`enode://${'ab'.repeat(64)}@host:1`].slice(1) }), parseContactLink],
    [`${formatContactLink({ publicKey })}?mailserver=enode%3A%2F%2F`, parseContactLink],
    [words, entropyOfMnemonic]
  ]
  let values = 0
  for (let round = 0; round < 10_000; round++) {
    const [source, read] = sources[round % sources.length]!
    const text = mutate(source, random)
    try {
      read(text)
      values++
    } catch (error) {
      if (!AccountsError.is(error)) throw new Error(`round ${round}: ${JSON.stringify(text)}`, { cause: error })
    }
  }
  expect(values).toBeGreaterThan(100)
})

test('1500 mutated keystore files give a key or our error, and never another key', async () => {
  const random = seeded(7)
  const privateKey = new Uint8Array(32).fill(0x11)
  const file = await encryptKeystore({ privateKey }, 'pw', { scrypt: { n: 16, r: 1, p: 1 } })
  let opened = 0
  for (let round = 0; round < 1500; round++) {
    const text = mutate(file, random)
    try {
      const key = await decryptKeystore(text, 'pw')
      expect(key.privateKey, `round ${round}`).toEqual(privateKey)
      opened++
    } catch (error) {
      if (!AccountsError.is(error)) throw new Error(`round ${round}: ${JSON.stringify(text)}`, { cause: error })
    }
  }
  // Changes of the file's own id change nothing.
  expect(opened).toBeGreaterThan(10)
})
