/**
 * The payloads and their wrapper, byte for byte. Unknown types and fields are kept and written back. SPEC: 6/PAYLOADS.
 *
 * @packageDocumentation
 */
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
export { openPushRegistration, pushGrantDigest, sealPushRegistration } from './push.ts'
export {
  type ApplicationMetadataMessage,
  decodeWrapper,
  encodeWrapper,
  isCanonicalWrapper,
  messageIdOf,
  signerOf,
  wrap
} from './wrapper.ts'
