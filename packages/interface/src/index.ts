/**
 * The seams of the stack: what each layer offers and needs, as types, and the base class of all errors.
 *
 * @packageDocumentation
 */
export type { Chat, ChatRef } from './data/chat.ts'
export type {
  AnnotationContent,
  AudioFormat,
  Content,
  DeviceContent,
  Emoji,
  GroupChange,
  GroupContent,
  ImageFormat,
  MessageContent,
  TransactionContent
} from './data/content.ts'
export type { EventRefusal, Group, GroupEvent, GroupMerge, SystemMessage } from './data/group.ts'
export type { Admitted, Known, KnownAnnotations, KnownChat, KnownTarget } from './data/known.ts'
export type { ClockRules, ContactRules, DataLayer, DataLimits, GroupRules, Refused } from './data/layer.ts'
export type { Accepted, DataEffect, Outgoing, OutgoingContext, ReceiveContext } from './data/message.ts'
export type {
  Contact,
  ContactEvent,
  PublicKey,
  Quota,
  Requests,
  Transaction,
  TransactionState
} from './data/state.ts'
export { type ErrorOrigin, isStackError, StackError, type StackErrorOptions } from './error.ts'
export type { Packet, PeerLink, SendOptions } from './link.ts'
export type { Clock, IdentityKey, LogFacts, Logger, Random, Scheduler } from './ports.ts'
export {
  type ClockSign,
  type HistoryPage,
  type HistoryQuery,
  type ListenTarget,
  type MessageToPost,
  type PostedMessage,
  type PrivacyEvents,
  type PrivacyFailure,
  type PrivacyLayer,
  type PrivacyPeer,
  type PrivacyStore,
  privacyEventNames,
  type ReceivedMessage
} from './privacy.ts'
export type { Arrival, Audience, Destination, Effect, Guarantee, Protection } from './protection.ts'
export type { Device, OpenResult, SealResult, SecurityLayer } from './security.ts'
export type { OutputResult, SyncLayer, SyncOutcome, SyncPorts, SyncReceived } from './sync.ts'
