export type { Accepted, DataEffect, Outgoing, OutgoingContext, Seen } from './accepted.ts'
export { type Admitted, admit, type Known } from './admit.ts'
export type { Chat, ChatRef } from './chat.ts'
export type { Times } from './checks/context.ts'
export { judgePayload } from './checks/payload.ts'
export { judgeClock, nextClock } from './clock.ts'
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
export { decode } from './decode.ts'
export { DataError, type DataErrorCode } from './errors.ts'
export { signChanges } from './group/changes.ts'
export { eventKey, type GroupEvent, openEvent, openEvents, signEvent, systemMessageId } from './group/event.ts'
export {
  type EventRefusal,
  type Group,
  type GroupReplay,
  type GroupStep,
  reduceGroup,
  replayGroup
} from './group/membership.ts'
export { type GroupMerge, isWholeGroup, mergeGroup } from './group/merge.ts'
export { type SystemMessage, systemMessages } from './group/system-message.ts'
export { createGroupId, isGroupId, isMessageId, keyId, keyOfId, messageIdText } from './ids.ts'
export { contactCodesWanted, type Reasons } from './interests.ts'
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
export { describeText, type Mention, mentionsIn, type TextShape } from './text.ts'
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
  messageIdOf,
  signerOf,
  wrap
} from './wrapper.ts'
