/** Kinds of packets as the bandwidth meter tells them apart. */
export type PacketKind =
  | 'status'
  | 'messages'
  | 'requirements'
  | 'confirmations'
  | 'rate-limits'
  | 'peer-to-peer'
  | 'unknown'

/** Codes with the same meaning in every protocol of the family. */
export const sharedCodes = Object.freeze({
  status: 0,
  messages: 1,
  batchAcknowledged: 11,
  messageResponse: 12,
  p2pRequestComplete: 125,
  p2pRequest: 126,
  p2pMessage: 127
})

/** Capability name and version for the transport's Hello. */
export const capability = Object.freeze({ name: 'shh', version: 6, length: 128 })

/** Packet codes, relative to the capability's offset. SPEC: EIP-627, "Packet Codes"; 3/WHISPER-USAGE for 11, 12, 20 and 123 … 125. */
export const packetCodes = Object.freeze({
  status: 0,
  messages: 1,
  powRequirement: 2,
  bloomFilter: 3,
  batchAcknowledged: 11,
  messageResponse: 12,
  rateLimits: 20,
  p2pSyncRequest: 123,
  p2pSyncResponse: 124,
  p2pRequestComplete: 125,
  p2pRequest: 126,
  p2pMessage: 127
})

/** What a packet counts as in the bandwidth meter. */
export function kindOfCode(code: number): PacketKind {
  switch (code) {
    case packetCodes.status:
      return 'status'
    case packetCodes.messages:
      return 'messages'
    case packetCodes.powRequirement:
    case packetCodes.bloomFilter:
      return 'requirements'
    case packetCodes.batchAcknowledged:
    case packetCodes.messageResponse:
      return 'confirmations'
    case packetCodes.rateLimits:
      return 'rate-limits'
    default:
      return code >= packetCodes.p2pSyncRequest && code <= packetCodes.p2pMessage ? 'peer-to-peer' : 'unknown'
  }
}
