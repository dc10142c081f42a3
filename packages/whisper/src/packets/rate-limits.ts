import { encodeRlp, type RlpItem, rlpBigUint, rlpList } from '@status-stack/rlp'
import { readPacket } from './rlp-list.ts'

/** Packets (topic: envelopes) a second that a node takes; 0 = no limit. Integers are uint64 on the wire. */
export interface RateLimits {
  /** Of all peers of one IP address together. */
  readonly address: bigint
  /** Of one peer. */
  readonly peer: bigint
  /** Envelopes of one topic from one peer. */
  readonly topic: bigint
}

/** No limit of any kind. */
export const noRateLimits: RateLimits = Object.freeze({ address: 0n, peer: 0n, topic: 0n })

/**
 * Reads rate limits out of a decoded packet. @throws RlpError unless a list of exactly three integers
 *
 * @example
 * ```ts
 * const { peer } = rateLimitsOfItem(items[5])
 * ```
 */
export function rateLimitsOfItem(item: RlpItem | undefined): RateLimits {
  const items = rlpList('rate limits', item, 3)
  return {
    address: rlpBigUint('address limit', items[0], 64),
    peer: rlpBigUint('peer limit', items[1], 64),
    topic: rlpBigUint('topic limit', items[2], 64)
  }
}

/**
 * Packet 20: [address, peer, topic].
 *
 * @example
 * ```ts
 * encodeRateLimits({ address: 0n, peer: 100n, topic: 0n })
 * ```
 */
export function encodeRateLimits(limits: RateLimits): Uint8Array {
  return encodeRlp([limits.address, limits.peer, limits.topic])
}

/**
 * Reads the rate limits that a peer announces. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { peer } = decodeRateLimits(payload)
 * ```
 */
export function decodeRateLimits(payload: Uint8Array): RateLimits {
  return readPacket('rate limits', payload, rateLimitsOfItem)
}
