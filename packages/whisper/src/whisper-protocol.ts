import { bloomUnion, filterBloom } from './bloom.ts'
import { capability, kindOfCode, packetCodes } from './packets/codes.ts'
import { envelopeErrorCode } from './packets/confirmations.ts'
import { decodeHistoryRequest, encodeP2pMessages, p2pEnvelopes } from './packets/p2p.ts'
import { decodeRateLimits } from './packets/rate-limits.ts'
import {
  decodeBloomFilter,
  decodePowRequirement,
  encodeBloomFilter,
  encodePowRequirement
} from './packets/requirements.ts'
import { decodeStatus, encodeStatus } from './packets/status.ts'
import type { EnvelopeProtocol, OwnPacket } from './relay/protocol.ts'

/**
 * Whisper v6: Status of positional values, one packet for each requirement, bloom filters.
 *
 * @param interest `interests`: the node wants what its listeners name; `full`: everything
 */
export function createWhisperProtocol(interest: 'full' | 'interests'): EnvelopeProtocol {
  return {
    name: 'whisper',
    capability,
    kindOfCode,
    envelopeErrorCode,
    toleratesBadPackets: false,
    lightIsPeerToPeer: false,
    readablePart: (_, payload) => payload,
    encodeStatus: ({ interest: { bloom }, ...own }) => encodeStatus({ ...own, bloom }),
    decodeStatus,
    announce: ({ minPow, interest: { bloom } = {} }) => {
      const packets: OwnPacket[] = []
      if (minPow !== undefined)
        packets.push({ code: packetCodes.powRequirement, payload: encodePowRequirement(minPow) })
      if (bloom !== undefined) packets.push({ code: packetCodes.bloomFilter, payload: encodeBloomFilter(bloom) })
      return packets
    },
    readUpdate: (code, payload) => {
      switch (code) {
        case packetCodes.powRequirement:
          return { minPow: decodePowRequirement(payload) }
        case packetCodes.bloomFilter:
          return { interest: { bloom: decodeBloomFilter(payload) } }
        case packetCodes.rateLimits:
          return { rateLimits: decodeRateLimits(payload) }
        default:
          return undefined
      }
    },
    interest: {
      initial: interest === 'interests' ? { bloom: filterBloom([]) } : {},
      widen: ({ bloom }, topics) => {
        if (bloom === undefined || topics.length === 0) return undefined
        const wider = bloomUnion(bloom, filterBloom(topics))
        return wider.every((byte, i) => byte === bloom[i]) ? undefined : { bloom: wider }
      }
    },
    peerToPeer: {
      encodeMessages: encodeP2pMessages,
      envelopesOf: p2pEnvelopes,
      decodeRequest: decodeHistoryRequest,
      sync: true
    }
  }
}
