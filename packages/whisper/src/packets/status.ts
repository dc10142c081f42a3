import { encodeRlp, RlpError, type RlpItem, rlpBigUint, rlpBytes, rlpList } from '@status-stack/rlp'
import { bloomLength } from '../bloom.ts'
import { check } from '../checks.ts'
import { WhisperError } from '../errors.ts'
import { powFromBits, powToBits } from '../pow.ts'
import type { TopicSet } from '../relay/announced-interest.ts'
import { noRateLimits, type RateLimits, rateLimitsOfItem } from './rate-limits.ts'
import { readPacket } from './rlp-list.ts'

/** Packet 0: what a node says first. */
export interface Status {
  /** Lowest PoW wanted. */
  readonly minPow: number
  /** 64 bytes; absent while no filter was ever set: everything. */
  readonly bloom?: Uint8Array | undefined
  /** Whether the node relays nothing of others. */
  readonly light: boolean
  /** Absent in go-ethereum's form: four elements are sent then. */
  readonly confirmations?: boolean | undefined
  /** Packets a second that the node takes; sent together with `confirmations` only. @default no limits */
  readonly rateLimits?: RateLimits | undefined
}

/** A peer's Status: every element that it left out has a value. */
export interface PeerStatus {
  /** Lowest PoW wanted, EIP-627 units; 0 when it was left out. */
  readonly minPow: number
  /** 64 bytes; absent: everything. */
  readonly bloom?: Uint8Array
  /** Exactly these topics; the bloom filter is not looked at then. Not in Whisper. */
  readonly topics?: TopicSet
  /** False when it was left out. */
  readonly light: boolean
  /** Whether it answers our packets with confirmations; false when it was left out. */
  readonly confirmations: boolean
  /** Whether its Status has the element at all, true or false: a peer that leaves it out has no use for confirmations. @default true */
  readonly knowsConfirmations?: boolean
  /** No limits when they were left out. */
  readonly rateLimits: RateLimits
  /** Payload bytes a second. Not in Whisper. */
  readonly byteLimits?: RateLimits
}

const version = 6

/**
 * RLP list of 6 elements, or go-ethereum's 4 when `confirmations` is left out.
 *
 * @example
 * ```ts
 * await link.send(packetCodes.status, encodeStatus({ minPow: 0.002, light: false }))
 * ```
 */
export function encodeStatus(status: Status): Uint8Array {
  check.object('status', status)
  check.number('status.minPow', status.minPow, 0, Number.POSITIVE_INFINITY)
  if (status.bloom !== undefined) check.bytes('status.bloom', status.bloom)
  check.boolean('status.light', status.light)
  if (status.confirmations !== undefined) check.boolean('status.confirmations', status.confirmations)
  const { rateLimits = noRateLimits } = status
  const four = [version, powToBits(status.minPow), status.bloom ?? new Uint8Array(0), status.light]
  if (status.confirmations === undefined) return encodeRlp(four)
  return encodeRlp([...four, status.confirmations, [rateLimits.address, rateLimits.peer, rateLimits.topic]])
}

function bad(message: string): WhisperError {
  return new WhisperError('handshake-failed', `status: ${message}`, { origin: 'peer' })
}

/** A missing or wrongly typed later element counts as absent. */
function tryDecode<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (RlpError.is(error)) return undefined
    throw error
  }
}

/** A flag; one byte of another value is false. Anything else is where the reference reader gets stuck: `undefined`. */
function flag(item: RlpItem | undefined): boolean | undefined {
  return item instanceof Uint8Array && item.length <= 1 ? item[0] === 1 : undefined
}

function elements(items: readonly RlpItem[]): PeerStatus {
  const absent: PeerStatus = {
    minPow: 0,
    light: false,
    confirmations: false,
    knowsConfirmations: items.length > 4,
    rateLimits: noRateLimits
  }
  const powBits = tryDecode(() => rlpBigUint('pow', items[1], 64))
  if (powBits === undefined) return absent
  const minPow = powFromBits(powBits)
  if (minPow === undefined) throw bad('PoW is not a number ≥ 0')
  const bloom = tryDecode(() => rlpBytes('bloom', items[2]))
  if (bloom === undefined) return { ...absent, minPow }
  if (bloom.length !== 0 && bloom.length !== bloomLength) throw bad(`bloom filter of ${bloom.length} bytes`)
  const upToBloom = { ...absent, minPow, ...(bloom.length === 0 ? {} : { bloom: bloom.slice() }) }
  const light = flag(items[3])
  if (light === undefined) return upToBloom
  const confirmations = flag(items[4])
  if (confirmations === undefined) return { ...upToBloom, light }
  const rateLimits = tryDecode(() => rateLimitsOfItem(items[5])) ?? noRateLimits
  return { ...upToBloom, light, confirmations, rateLimits }
}

/**
 * Only the version is mandatory; elements behind the sixth are ignored.
 * @throws WhisperError `handshake-failed`
 *
 * @example
 * ```ts
 * const { minPow, bloom, light } = decodeStatus(packet.payload)
 * ```
 */
export function decodeStatus(payload: Uint8Array): PeerStatus {
  const items = readPacket('status', payload, item => rlpList('status', item), 4096)
  const got = tryDecode(() => rlpBigUint('version', items[0], 64))
  if (got !== BigInt(version)) throw bad(`version ${got ?? 'missing'}, expected ${version}`)
  return elements(items)
}
