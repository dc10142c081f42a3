export { decodeEnvelope, type Envelope, encodeEnvelope, envelopeHash, envelopeSize, sentSeconds } from './envelope.ts'
export { WhisperError, type WhisperErrorCode, type WhisperErrorOptions } from './errors.ts'
export type {
  RefusalReason,
  RefusedEnvelope,
  RejectedEnvelope,
  WhisperCounters,
  WhisperEventName,
  WhisperEvents
} from './events.ts'
export type { FilterOptions, FilterTable } from './filters/filter-types.ts'
export type { EnvelopeMessage } from './filters/message.ts'
export type {
  HistoryProgress,
  HistoryRange,
  HistoryResume,
  MailRequest,
  MailRequestSent,
  MailserverClient,
  RequestKey
} from './mailserver/client-types.ts'
export type {
  HistoryRequest,
  MailPeer,
  MailserverPort,
  PlainRequest,
  RequestCompletion,
  SyncRequest,
  SyncResponse
} from './mailserver/port.ts'
export { createWhisper } from './node.ts'
export type { WhisperOptions } from './options.ts'
export type { PacketKind } from './packets/codes.ts'
export { capability } from './packets/codes.ts'
export type {
  Archived,
  ArchivePort,
  Clock,
  IdentityKey,
  Logger,
  Packet,
  PeerLink,
  Random,
  Scheduler
} from './ports.ts'
export type { Bandwidth, Traffic } from './relay/bandwidth.ts'
export type { OfferOutcome } from './relay/intake.ts'
export type { Capability } from './relay/protocol.ts'
export type { Interest, InterestKey, PowOptions, ReceivedMessage, Route, RouteKey } from './route.ts'
export { createPowSearcher } from './search/create-searcher.ts'
export type { BestFound, PowEstimate, PowSearcher, SearchOptions } from './search/searcher.ts'
export type { Arrival, Destination, Guarantee, ListenTarget } from './status/destination.ts'
export type {
  EnvelopeExchange,
  HistoryPage,
  HistoryQuery,
  PeerInfo,
  PostEnvelope,
  Posted,
  PostMessage,
  Subscription,
  Whisper,
  WhisperDeps,
  WhisperInfo
} from './whisper-types.ts'
