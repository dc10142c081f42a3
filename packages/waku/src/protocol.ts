import {
  type EnvelopeProtocol,
  firstItem,
  type InterestPolicy,
  invalidArgument,
  type TopicSet,
  topicNumber,
  topicSetOfNumbers
} from '@status-stack/whisper/relay'
import { bloomUnion, filterBloom } from '@status-stack/whisper/wire'
import { capability, envelopeErrorCode, kindOfCode, packetCodes } from './codes.ts'
import { limits } from './limits.ts'
import { optionsOf, statusOf, updateOf } from './peer-status.ts'
import { peerToPeer } from './peer-to-peer.ts'
import { encodeStatusOptions, readStatusOptions } from './status-options.ts'

/**
 * What a node asks its peers for. `full`: everything, so that no peer learns our topics. `topics`: exactly the topics that are listened to;
 * everything as long as there are none. `bloom`: a filter of those topics, as Whisper has it.
 */
export type InterestMode = 'full' | 'topics' | 'bloom'

/** @throws WhisperError `invalid-argument` for more topics than one interest may have */
export function checkInterestSize(topics: TopicSet): TopicSet {
  if (topics.size > limits.topicInterest) throw invalidArgument(`invalid topic interest: ${topics.size}`)
  return topics
}

/**
 * How subscriptions change the interest, by mode; an interest that was set by hand grows in its own kind.
 *
 * @example
 * ```ts
 * const { initial } = interestPolicy('topics') // nothing, until something is subscribed
 * ```
 */
export function interestPolicy(mode: InterestMode): InterestPolicy {
  return {
    initial: mode === 'bloom' ? { bloom: filterBloom([]) } : {},
    widen: ({ bloom, topics: current }, topics, listened) => {
      if (topics.length === 0) return undefined
      if (current !== undefined || mode === 'topics') {
        // After a filter that was set by hand the list starts again, with the topics of everything that listens.
        const base = current ?? topicSetOfNumbers(listened())
        return { topics: checkInterestSize(base.with(topics.map(topicNumber))) }
      }
      if (bloom === undefined) return undefined
      const wider = bloomUnion(bloom, filterBloom(topics))
      return wider.every((byte, i) => byte === bloom[i]) ? undefined : { bloom: wider }
    }
  }
}

/**
 * Waku v1: Status as a list of options, one packet for every change, topic interest. SPEC: 6/WAKU1.
 *
 * @example
 * ```ts
 * const { node } = createEnvelopeNode(createWakuProtocol('topics'))
 * ```
 */
export function createWakuProtocol(mode: InterestMode): EnvelopeProtocol {
  return {
    name: 'waku',
    capability,
    kindOfCode,
    envelopeErrorCode,
    maxStatusBytes: limits.statusBytes,
    toleratesBadPackets: true,
    lightIsPeerToPeer: true,
    // status-go reads one value and leaves the rest, but for envelopes.
    readablePart: (code, payload) => (code === packetCodes.messages ? payload : firstItem(payload)),
    encodeStatus: own => encodeStatusOptions(optionsOf(own, 'status')),
    decodeStatus: payload => statusOf(readStatusOptions(payload)),
    announce: change => [{ code: packetCodes.statusUpdate, payload: encodeStatusOptions(optionsOf(change, 'update')) }],
    readUpdate: (code, payload) =>
      code === packetCodes.statusUpdate ? updateOf(readStatusOptions(payload)) : undefined,
    interest: interestPolicy(mode),
    peerToPeer
  }
}
