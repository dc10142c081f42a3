import { sha256, utf8Bytes } from '@status-stack/crypto'
import { check, pointOf } from './checks.ts'
import { AccountsError } from './errors.ts'

/**
 * The words of an alias, in their order. For the same names as in other Status clients, bring the lists of those clients;
 * this package ships none, because their licence is unclear.
 */
export interface AliasWords {
  /** The first two words of an alias come from it. */
  readonly adjectives: readonly string[]
  /** The last word of an alias comes from it. */
  readonly animals: readonly string[]
}

/**
 * SHA-256, in hex, of the lists that Status clients share, their entries joined by line feeds: 1389 adjectives and
 * 1704 animals, duplicates included.
 */
export const sharedListDigests = Object.freeze({
  adjectives: '2fd4795a3eeae8e7609e65133cc23cc2138970f08272c2320937dc88f19085f3',
  animals: '9d970d6789f439cdb20ae69f889857eee0104f16aa7f2b16d17dd1effb366031'
})

/**
 * SHA-256 of a list's entries joined by line feeds: compare with `sharedListDigests`.
 *
 * @example
 * ```ts
 * bytesToHex(digestOfList(animals)) === sharedListDigests.animals
 * ```
 */
export function digestOfList(words: readonly string[]): Uint8Array {
  check.array('words', words)
  return sha256(utf8Bytes(words.join('\n')))
}

/** A number would lose the upper bits of the seed, and with them the name. */
function checkSeed(seed: bigint): void {
  if (typeof seed === 'bigint') return
  throw new AccountsError('invalid-argument', `seed: expected a bigint, got a value of type ${typeof seed}`, {
    origin: 'caller'
  })
}

const mask64 = (1n << 64n) - 1n

/**
 * The generator behind aliases: a 64-bit shift register with taps 3, 4, 5 and 7; each step gives its whole state, so
 * outputs nearly double from one to the next. Not for anything secret.
 *
 * @example
 * ```ts
 * const numbers = aliasGenerator(aliasSeed(publicKey))
 * const first = numbers.next().value
 * ```
 */
export function* aliasGenerator(seed: bigint): Generator<bigint, never> {
  checkSeed(seed)
  let state = seed & mask64
  for (;;) {
    const bit = ((state >> 3n) ^ (state >> 4n) ^ (state >> 5n) ^ (state >> 7n)) & 1n
    state = ((state << 1n) | bit) & mask64
    yield state
  }
}

/**
 * The seed of a key's alias: the low 64 bits of X. @throws CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * aliasOfSeed(aliasSeed(publicKey), { adjectives, animals })
 * ```
 */
export function aliasSeed(publicKey: Uint8Array): bigint {
  const point = pointOf(publicKey)
  return new DataView(point.buffer, point.byteOffset).getBigUint64(25)
}

/**
 * The three-word name of a key. A hint for people, at most 31.6 bits: two keys may share it.
 * @throws AccountsError `invalid-word-list` for an empty list; CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * aliasOf(publicKey, { adjectives, animals }) // three words
 * ```
 */
export function aliasOf(publicKey: Uint8Array, words: AliasWords): string {
  return aliasOfSeed(aliasSeed(publicKey), words)
}

/**
 * The three words of a seed. @throws AccountsError `invalid-word-list`, `invalid-argument`
 *
 * @example
 * ```ts
 * aliasOfSeed(123n, { adjectives, animals })
 * ```
 */
export function aliasOfSeed(seed: bigint, words: AliasWords): string {
  checkSeed(seed)
  check.object('words', words)
  const { adjectives, animals } = words
  check.array('words.adjectives', adjectives)
  check.array('words.animals', animals)
  const outputs = aliasGenerator(seed)
  const pick = (list: readonly string[]): string => {
    const word = list.length === 0 ? undefined : list[Number(outputs.next().value % BigInt(list.length))]
    if (typeof word !== 'string') {
      throw new AccountsError('invalid-word-list', 'alias: expected lists with words in them', { origin: 'caller' })
    }
    return word
  }
  return [pick(adjectives), pick(adjectives), pick(animals)].join(' ')
}
