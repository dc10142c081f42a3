import { bytesToHex, compareBytes, concatBytes, keccak256, utf8Bytes } from '@status-stack/crypto'
import { checkPublicKey } from '../composition/arguments.ts'
import type { PublicKey } from '../types.ts'

/**
 * Sixty digits both people can read to each other: a hash of both keys in a fixed order, so equal on both sides and different for
 * any other pair.
 *
 * @example
 * ```ts
 * safetyText(client.publicKey, friend) === safetyText(friend, client.publicKey) // true: both read it to each other
 * ```
 */
export function safetyText(a: PublicKey, b: PublicKey): string {
  checkPublicKey('a', a)
  checkPublicKey('b', b)
  const [low, high] = compareBytes(a, b) < 0 ? [a, b] : [b, a]
  const digest = keccak256(concatBytes(utf8Bytes('status safety text 1'), low, high))
  let number = BigInt(`0x${bytesToHex(digest)}`)
  const groups: string[] = []
  for (let index = 0; index < 12; index += 1) {
    groups.push((number % 100_000n).toString().padStart(5, '0'))
    number /= 100_000n
  }
  return groups.join(' ')
}
