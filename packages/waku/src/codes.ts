import { type PacketKind, sharedCodes } from '@status-stack/whisper/relay'

/** Capability name and version for the transport's Hello. SPEC: K-1; `waku/0` is not offered. */
export const capability = Object.freeze({ name: 'waku', version: 1, length: 128 })

/** Packet codes, relative to the capability's offset. SPEC: 6/WAKU1, whose 0x22 for the update is the decimal 22. */
export const packetCodes = Object.freeze({ ...sharedCodes, statusUpdate: 22 })

/**
 * Code of every envelope error.
 * DEVIATION: the specification says 1 for a clock error; status-go sends 21 for every error, and calls it a clock error on receipt.
 */
export const envelopeErrorCode = 21

/** What a packet counts as in the bandwidth meter. */
export function kindOfCode(code: number): PacketKind {
  switch (code) {
    case packetCodes.status:
      return 'status'
    case packetCodes.messages:
      return 'messages'
    case packetCodes.statusUpdate:
      return 'requirements'
    case packetCodes.batchAcknowledged:
    case packetCodes.messageResponse:
      return 'confirmations'
    default:
      return code >= packetCodes.p2pRequestComplete && code <= packetCodes.p2pMessage ? 'peer-to-peer' : 'unknown'
  }
}
