import { encodeRlp, rlpBigUint, rlpBytes } from '@status-stack/rlp'
import { bloomLength } from '../bloom.ts'
import { check } from '../checks.ts'
import { invalidPacket } from '../errors.ts'
import { powFromBits, powToBits } from '../pow.ts'
import { readPacket } from './rlp-list.ts'

/**
 * Packet 2: the IEEE-754 bits of the PoW as one bare integer.
 *
 * @example
 * ```ts
 * await link.send(packetCodes.powRequirement, encodePowRequirement(0.002))
 * ```
 */
export function encodePowRequirement(pow: number): Uint8Array {
  return encodeRlp(powToBits(pow))
}

/**
 * Reads the least proof of work that a peer wants. @throws WhisperError `invalid-packet`, also for NaN, infinite and negative values
 *
 * @example
 * ```ts
 * const minPow = decodePowRequirement(packet.payload)
 * ```
 */
export function decodePowRequirement(payload: Uint8Array): number {
  const pow = powFromBits(readPacket('PoW requirement', payload, item => rlpBigUint('PoW', item, 64)))
  if (pow === undefined) throw invalidPacket('PoW requirement: not a number ≥ 0')
  return pow
}

/**
 * Packet 3: one bare string of 64 bytes.
 *
 * @example
 * ```ts
 * await link.send(packetCodes.bloomFilter, encodeBloomFilter(filterBloom(topics)))
 * ```
 */
export function encodeBloomFilter(bloom: Uint8Array): Uint8Array {
  check.bytes('bloom', bloom)
  return encodeRlp(bloom)
}

/**
 * A fresh array of 64 bytes; unlike in Status, an empty one is refused. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const bloom = decodeBloomFilter(packet.payload)
 * ```
 */
export function decodeBloomFilter(payload: Uint8Array): Uint8Array {
  return readPacket('bloom filter', payload, item => rlpBytes('bloom filter', item, bloomLength).slice())
}
