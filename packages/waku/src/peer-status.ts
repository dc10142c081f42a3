import {
  invalidPacket,
  noRateLimits,
  type OwnStatus,
  type PeerStatus,
  type PeerUpdate,
  type TopicSet,
  topicSetOf,
  type WhisperError
} from '@status-stack/whisper/relay'
import { bloomLength, powFromBits, powToBits } from '@status-stack/whisper/wire'
import { type ReadOptions, type StatusOptions, topicSetOfItems } from './status-options.ts'

/** The PoW that a peer wants which names none in its Status. SPEC: status-go; the specification is silent. */
export const defaultPeerPow = 0.001

/**
 * What a list of options comes to, in the order in which status-go checks it: what comes before the first fault holds. Topics beat the
 * bloom filter, which is not even looked at then.
 *
 * @example
 * ```ts
 * const { minPow, interest } = updateOf(decodeStatusOptions(payload))
 * ```
 */
export function updateOf(options: StatusOptions | ReadOptions): PeerUpdate {
  const topics = topicsOf(options)
  const { powBits, bloom, light, confirmations, packetLimits, byteLimits } = options
  const minPow = powBits === undefined ? undefined : powFromBits(powBits)
  if (powBits !== undefined && minPow === undefined) return { failure: bad('PoW is not a number ≥ 0') }
  const pow = minPow === undefined ? {} : { minPow }
  if (topics === undefined && bloom !== undefined && bloom.length !== 0 && bloom.length !== bloomLength) {
    return { ...pow, failure: bad(`wrong bloom filter size ${bloom.length}`) }
  }
  return {
    ...pow,
    ...(topics === undefined ? {} : { interest: { topics } }),
    ...(topics === undefined && bloom !== undefined ? { interest: { bloom } } : {}),
    ...(light === undefined ? {} : { light }),
    ...(confirmations === undefined ? {} : { confirmations }),
    ...(packetLimits === undefined ? {} : { rateLimits: packetLimits }),
    ...(byteLimits === undefined ? {} : { byteLimits })
  }
}

function topicsOf(options: StatusOptions | ReadOptions): TopicSet | undefined {
  if ('topicItems' in options && options.topicItems !== undefined) return topicSetOfItems(options.topicItems)
  return 'topics' in options && options.topics !== undefined ? topicSetOf(options.topics) : undefined
}

function bad(message: string): WhisperError {
  return invalidPacket(`status options: ${message}`)
}

/**
 * What a peer wants after its Status: options that it left out have their defaults. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { minPow, light } = statusOf(decodeStatusOptions(payload))
 * ```
 */
export function statusOf(options: StatusOptions | ReadOptions): PeerStatus {
  const { failure, interest = {}, ...update } = updateOf(options)
  if (failure !== undefined) throw failure
  const { bloom, topics } = interest
  return {
    minPow: defaultPeerPow,
    light: false,
    confirmations: false,
    rateLimits: noRateLimits,
    byteLimits: noRateLimits,
    ...update,
    ...(topics === undefined ? {} : { topics }),
    ...(bloom === undefined ? {} : { bloom })
  }
}

/**
 * The options that say this of us. A node that wants everything names no interest in its Status, and an empty filter in an update; both mean
 * everything.
 *
 * @example
 * ```ts
 * const payload = encodeStatusOptions(optionsOf({ minPow: 0.002 }, 'update'))
 * ```
 */
export function optionsOf(own: Partial<OwnStatus>, kind: 'status' | 'update'): StatusOptions {
  const { minPow, interest, light, confirmations, rateLimits, byteLimits } = own
  return {
    ...(minPow === undefined ? {} : { powBits: powToBits(minPow) }),
    ...(interest === undefined ? {} : interestOptions(interest, kind)),
    ...(light === undefined ? {} : { light }),
    ...(confirmations === undefined ? {} : { confirmations }),
    ...(rateLimits === undefined ? {} : { packetLimits: rateLimits }),
    ...(byteLimits === undefined ? {} : { byteLimits })
  }
}

function interestOptions({ bloom, topics }: OwnStatus['interest'], kind: 'status' | 'update'): StatusOptions {
  if (topics !== undefined) return { topics: topics.topics() }
  if (kind === 'update') return { bloom: bloom ?? new Uint8Array(0) }
  return bloom === undefined ? {} : { bloom }
}
