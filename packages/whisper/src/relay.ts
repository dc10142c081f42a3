// What Whisper and other protocols of its family share, exported as `./relay`: a node that takes what is a protocol's own as a value, and
// the parts that such a value is made of. Envelopes and packets as pure functions are in `./wire`, Status's topics in `./status`.
export { check, checkTopics } from './checks.ts'
export { createEnvelopeNode, type EnvelopeNode } from './envelope-node.ts'
export { invalidArgument, invalidPacket, WhisperError, type WhisperErrorCode } from './errors.ts'
export { limits } from './limits.ts'
export type { HistoryRequest, PlainRequest } from './mailserver/port.ts'
export { type EnvelopeNodeOptions, type ResolvedOptions, resolveOptions, type WhisperOptions } from './options.ts'
export { type PacketKind, sharedCodes } from './packets/codes.ts'
export { type EnvelopeRange, envelopesOfList } from './packets/envelope-reader.ts'
export { noRateLimits, type RateLimits, rateLimitsOfItem } from './packets/rate-limits.ts'
export { firstItem, joinList, listItems, readPacket } from './packets/rlp-list.ts'
export type { PeerStatus } from './packets/status.ts'
export {
  type AnnouncedInterest,
  interestAdmits,
  plainInterest,
  type TopicSet,
  topicSetOf,
  topicSetOfBytes,
  topicSetOfNumbers
} from './relay/announced-interest.ts'
export type { OfferOutcome } from './relay/intake.ts'
export type {
  Capability,
  EnvelopeProtocol,
  InterestPolicy,
  OwnPacket,
  OwnStatus,
  PeerToPeerCodec,
  PeerUpdate
} from './relay/protocol.ts'
export { createRateLimiter, type LinkLimiter, type PacketCount, type RateLimiter } from './relay/rate-limiter.ts'
export { topicNumber } from './topic.ts'
export type { EnvelopeExchange, Whisper, WhisperDeps } from './whisper-types.ts'
