// The wire format as pure functions, exported as `./wire`: for vectors, tools and other implementations. A node needs none of it. What is
// not here is Whisper's: envelopes, packets 1, 11, 12 and 125.
export { capability, envelopeErrorCode, packetCodes } from './codes.ts'
export { limits } from './limits.ts'
export { defaultPeerPow, optionsOf, statusOf, updateOf } from './peer-status.ts'
export {
  checkPlainRequest,
  decodeHistoryRequest,
  encodeP2pMessages,
  encodePlainRequest,
  type WakuRequest
} from './peer-to-peer.ts'
export { createWakuProtocol, interestPolicy } from './protocol.ts'
export {
  characterKeys,
  decodeStatusOptions,
  encodeStatusOptions,
  integerKeys,
  optionKeys,
  type ReadOptions,
  readStatusOptions,
  type StatusOptions
} from './status-options.ts'
export { decodeStatusV0, encodeStatusV0 } from './status-v0.ts'
