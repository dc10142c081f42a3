/**
 * The seams of the stack: what each layer offers and needs, as types, and the base class of all errors.
 *
 * @packageDocumentation
 */
export { type ErrorOrigin, isStackError, StackError, type StackErrorOptions } from './error.ts'
export type { Packet, PeerLink } from './link.ts'
export type { Clock, IdentityKey, LogFacts, Logger, Random, Scheduler } from './ports.ts'
export type {
  ClockSign,
  HistoryPage,
  HistoryQuery,
  MessageToPost,
  PostedMessage,
  PrivacyEvents,
  PrivacyFailure,
  PrivacyLayer,
  PrivacyPeer,
  PrivacyStore,
  ReceivedMessage,
  Want
} from './privacy.ts'
export type { Arrival, Audience, Destination, Effect, Guarantee, Protection } from './protection.ts'
export type { Device, OpenResult, SealResult, SecurityLayer } from './security.ts'
export type { OutputResult, SyncLayer, SyncOutcome, SyncPorts, SyncReceived } from './sync.ts'
