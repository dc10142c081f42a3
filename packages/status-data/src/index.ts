export type { Accepted, DataEffect, Outgoing, OutgoingContext, Seen, Seen as ReceiveContext } from './accepted.ts'
export { admit } from './admit.ts'
export type { Chat, ChatRef } from './chat.ts'
export type { Times } from './checks/context.ts'
export { judgePayload } from './checks/payload.ts'
export { bidClock, type ClockBid, deletionClock, isPossibleClock, judgeClock, nextClock } from './clock.ts'
export {
  type Contact,
  type ContactEvent,
  nextContact,
  type Relation,
  relationOf,
  shownName,
  unknownContact
} from './contact.ts'
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
} from './content.ts'
export { decode, decodeSliced } from './decode.ts'
export { DataError, type DataErrorCode } from './errors.ts'
export { type SignedChanges, signChanges } from './group/changes.ts'
export {
  eventKey,
  type GroupEvent,
  openEvent,
  openEvents,
  openEventsSliced,
  signEvent,
  systemMessageId
} from './group/event.ts'
export {
  type EventRefusal,
  type Group,
  type GroupReplay,
  type GroupStep,
  reduceGroup,
  replayGroup
} from './group/membership.ts'
export { type GroupMerge, isWholeGroup, type MergeOptions, mergeGroup, usableEvents } from './group/merge.ts'
export { eventNames, type SystemMessage, systemMessages } from './group/system-message.ts'
export { createGroupId, isGroupId, isMessageId, keyId, keyOfId, messageIdText } from './ids.ts'
export { contactCodesWanted, type Reasons } from './interests.ts'
export type { Admitted, Known, KnownAnnotations, KnownChat, KnownTarget } from './known.ts'
export { limits } from './limits.ts'
export { mimeTypes, sniffAudio, sniffImage } from './media.ts'
export { outgoing } from './outgoing.ts'
export type { DeleteMessage, EditMessage, PinMessage } from './payloads/annotations.ts'
export { type ChatMessage, contentTypes, messageTypes } from './payloads/chat-message.ts'
export type { ContactUpdate } from './payloads/contact-update.ts'
export type {
  PairInstallation,
  SyncInstallation,
  SyncInstallationAccount,
  SyncInstallationContact,
  SyncInstallationPublicChat
} from './payloads/devices.ts'
export type { EmojiReaction } from './payloads/emoji-reaction.ts'
export { eventTypes, type MembershipUpdateEvent, type MembershipUpdateMessage } from './payloads/membership-update.ts'
export type {
  ContactCodeAdvertisement,
  PushNotificationQuery,
  PushNotificationQueryInfo,
  PushNotificationQueryResponse,
  PushNotificationRegistration,
  PushNotificationRegistrationResponse,
  PushNotificationRequest,
  PushNotificationResponse
} from './payloads/push.ts'
export { decodePayload, encodePayload, type Payload, type PayloadName, payloadTypeNumber } from './payloads/registry.ts'
export type { Arrival, Audience, IdentityKey, PublicKey, Random, Rules } from './ports.ts'
export { openPushRegistration, pushGrantDigest, sealPushRegistration } from './push.ts'
export { countReactions, newerReaction, type Reaction, reactionId } from './reaction.ts'
export { type RefusalCode, type Refused, refusalCodes } from './refusal.ts'
export {
  judgeSender,
  messagesPerRequest,
  type Quota,
  type QuotaRates,
  quotaRates,
  type Requests,
  ratesOf,
  type Standing,
  spendQuota
} from './request.ts'
export type { SliceOptions } from './steps.ts'
export { describeText, type Mention, mentionedKeys, mentionsIn, type TextShape } from './text.ts'
export {
  nextTransaction,
  paymentDigest,
  paymentSigner,
  type Transaction,
  type TransactionMessage,
  type TransactionState
} from './transaction.ts'
export {
  type ApplicationMetadataMessage,
  decodeWrapper,
  encodeWrapper,
  isCanonicalWrapper,
  messageIdOf,
  signerOf,
  wrap
} from './wrapper.ts'
