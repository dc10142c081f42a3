import * as payloads from '../gen/payloads.js'
import { bytes, type Extensible, flag, int, list, message, text, u64 } from '../wire/codec.ts'

/** What a client tells a push server; travels encrypted inside type 16. */
export interface PushNotificationRegistration extends Extensible {
  /** 1 APN, 2 Firebase. */
  readonly tokenType: number
  /** Names the device to that service. */
  readonly deviceToken: string
  /** The device in the protocol. */
  readonly installationId: string
  /** UUID that senders have to show; given to those who may notify. */
  readonly accessToken: string
  /** False: registered, and not to be notified. */
  readonly enabled: boolean
  /** Counts the registrations of the device; the highest counts. */
  readonly version: bigint
  /** Encrypted access tokens, one for each contact that may notify. */
  readonly allowedKeyList: readonly Uint8Array[]
  /** Hashes of chats about which nobody notifies. */
  readonly blockedChatList: readonly Uint8Array[]
  /** Takes the registration back. */
  readonly unregister: boolean
  /** 65 bytes: the client's signature over `pushGrantDigest`. */
  readonly grant: Uint8Array
  /** Only those in `allowedKeyList` learn the token. */
  readonly allowFromContactsOnly: boolean
}

/** Type 17. */
export interface PushNotificationRegistrationResponse extends Extensible {
  /** Whether the device is registered now. */
  readonly success: boolean
  /** 1 malformed, 2 version mismatch, 3 unsupported token type, 4 internal error. */
  readonly error: number
  /** The hash of the registration that it answers. */
  readonly requestId: Uint8Array
}

/** What a push server answers of one device; a wire field for each property. */
export interface PushNotificationQueryInfo extends Extensible {
  /** What a notification has to carry; empty where the asker has to decrypt one of `allowedKeyList`. */
  readonly accessToken: string
  /** The device. */
  readonly installationId: string
  /** Hash of the key that was asked about. */
  readonly publicKey: Uint8Array
  /** Encrypted access tokens for contacts. */
  readonly allowedKeyList: readonly Uint8Array[]
  /** The client's signature that lets this server speak for it. */
  readonly grant: Uint8Array
  /** Of the registration. */
  readonly version: bigint
  /** Of the server that takes notifications for the device. */
  readonly serverPublicKey: Uint8Array
}

/** Type 15: parsed and ignored by status-go 0.56.10, never sent by it. */
export interface ContactCodeAdvertisement extends Extensible {
  /** One for each device that may be notified. */
  readonly pushNotificationInfo: readonly PushNotificationQueryInfo[]
}

/** Type 18. Keys are hashed. */
export interface PushNotificationQuery extends Extensible {
  /** Hashes of the keys that are asked about. */
  readonly publicKeys: readonly Uint8Array[]
}

/** Type 19. */
export interface PushNotificationQueryResponse extends Extensible {
  /** What the server knows; empty for nothing. */
  readonly info: readonly PushNotificationQueryInfo[]
  /** The query that it answers. */
  readonly messageId: Uint8Array
  /** Whether anything was found. */
  readonly success: boolean
}

export interface PushNotification extends Extensible {
  readonly accessToken: string
  readonly chatId: string
  readonly publicKey: Uint8Array
  readonly installationId: string
  readonly message: Uint8Array
}

/** Type 20. */
export interface PushNotificationRequest extends Extensible {
  /** One for each device to notify. */
  readonly requests: readonly PushNotification[]
  /** The message that is notified about. */
  readonly messageId: Uint8Array
}

export interface PushNotificationReport extends Extensible {
  readonly success: boolean
  /** 1 wrong token, 2 internal error, 3 not registered. */
  readonly error: number
  readonly publicKey: Uint8Array
  readonly installationId: string
}

/** Type 21. */
export interface PushNotificationResponse extends Extensible {
  /** The request that it answers. */
  readonly messageId: Uint8Array
  /** One for each device that was to be notified. */
  readonly reports: readonly PushNotificationReport[]
}

export const pushNotificationRegistration = /* @__PURE__ */ message<PushNotificationRegistration>(
  'PushNotificationRegistration',
  payloads.PushNotificationRegistration,
  {
    tokenType: int,
    deviceToken: text,
    installationId: text,
    accessToken: text,
    enabled: flag,
    version: u64,
    allowedKeyList: list(bytes),
    blockedChatList: list(bytes),
    unregister: flag,
    grant: bytes,
    allowFromContactsOnly: flag
  }
)

export const pushNotificationRegistrationResponse = /* @__PURE__ */ message<PushNotificationRegistrationResponse>(
  'PushNotificationRegistrationResponse',
  payloads.PushNotificationRegistrationResponse,
  { success: flag, error: int, requestId: bytes }
)

const pushNotificationQueryInfo = /* @__PURE__ */ message<PushNotificationQueryInfo>(
  'PushNotificationQueryInfo',
  payloads.PushNotificationQueryInfo,
  {
    accessToken: text,
    installationId: text,
    publicKey: bytes,
    allowedKeyList: list(bytes),
    grant: bytes,
    version: u64,
    serverPublicKey: bytes
  }
)

export const contactCodeAdvertisement = /* @__PURE__ */ message<ContactCodeAdvertisement>(
  'ContactCodeAdvertisement',
  payloads.ContactCodeAdvertisement,
  { pushNotificationInfo: list(pushNotificationQueryInfo.field) }
)

export const pushNotificationQuery = /* @__PURE__ */ message<PushNotificationQuery>(
  'PushNotificationQuery',
  payloads.PushNotificationQuery,
  { publicKeys: list(bytes) }
)

export const pushNotificationQueryResponse = /* @__PURE__ */ message<PushNotificationQueryResponse>(
  'PushNotificationQueryResponse',
  payloads.PushNotificationQueryResponse,
  { info: list(pushNotificationQueryInfo.field), messageId: bytes, success: flag }
)

const pushNotification = /* @__PURE__ */ message<PushNotification>('PushNotification', payloads.PushNotification, {
  accessToken: text,
  chatId: text,
  publicKey: bytes,
  installationId: text,
  message: bytes
})

export const pushNotificationRequest = /* @__PURE__ */ message<PushNotificationRequest>(
  'PushNotificationRequest',
  payloads.PushNotificationRequest,
  { requests: list(pushNotification.field), messageId: bytes }
)

const pushNotificationReport = /* @__PURE__ */ message<PushNotificationReport>(
  'PushNotificationReport',
  payloads.PushNotificationReport,
  { success: flag, error: int, publicKey: bytes, installationId: text }
)

export const pushNotificationResponse = /* @__PURE__ */ message<PushNotificationResponse>(
  'PushNotificationResponse',
  payloads.PushNotificationResponse,
  { messageId: bytes, reports: list(pushNotificationReport.field) }
)
