// The wire format as pure functions, exported as `./wire`: for vectors, tools and other implementations. A node needs
// none of it.
export {
  aggregateEnvelopeBlooms,
  bloomAdmits,
  bloomBits,
  bloomLength,
  bloomUnion,
  envelopeBloom,
  filterBloom,
  isFullNodeBloom
} from './bloom.ts'
export {
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  envelopeHash,
  envelopeHeaderLength,
  envelopeSize,
  sentSeconds
} from './envelope.ts'
export { limits } from './limits.ts'
export { archiveKey, archiveKeyLength, cursorOfArchiveKey } from './mailserver/archive-key.ts'
export { decodeRequestPayload, encodeRequestPayload, type RequestPayload } from './mailserver/request.ts'
export {
  decodePlaintext,
  encodeUnsigned,
  type Plaintext,
  paddingAlignment,
  paddingLength,
  sizeFieldLength
} from './message/layout.ts'
export { symmetricKeyFromPassword } from './message/symmetric.ts'
export {
  encodePlaintext,
  type MessageContent,
  type OpenedMessage,
  type OpenFailure,
  openMessage,
  sealMessage
} from './message/wrap.ts'
export { resolveOptions } from './options.ts'
export { capability, packetCodes } from './packets/codes.ts'
export {
  decodeBatchAcknowledged,
  decodeMessageResponse,
  type EnvelopeError,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  envelopeErrorCode,
  type MessageResponse
} from './packets/confirmations.ts'
export { decodeMessages, encodeMessages } from './packets/messages.ts'
export {
  cursorLength,
  decodeHistoryRequest,
  decodeP2pMessages,
  decodeRequestComplete,
  encodeP2pMessages,
  encodePlainRequest,
  encodeRequestComplete
} from './packets/p2p.ts'
export { decodeSyncRequest, decodeSyncResponse, encodeSyncRequest, encodeSyncResponse } from './packets/p2p-sync.ts'
export { decodeRateLimits, encodeRateLimits, type RateLimits } from './packets/rate-limits.ts'
export * from './packets/requirements.ts'
export { decodeStatus, encodeStatus, type PeerStatus, type Status } from './packets/status.ts'
export {
  envelopePow,
  envelopePowBits,
  envelopePowOfBytes,
  leadingZeroBits,
  nonceBytes,
  powFromBits,
  powOf,
  powPrefix,
  powTargetBits,
  powToBits
} from './pow.ts'
export { type EnvelopeFacts, judgeEnvelope, type Requirements, type Verdict } from './relay/acceptance.ts'
export { topicFromBytes, topicOfName } from './topic.ts'
