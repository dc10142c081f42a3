import { check } from '../arguments.ts'
import { DataError } from '../errors.ts'
import { bytes as bytesField, type MessageCodec } from '../wire/codec.ts'
import * as annotations from './annotations.ts'
import { type ChatMessage, chatMessage } from './chat-message.ts'
import { type ContactUpdate, contactUpdate } from './contact-update.ts'
import * as devices from './devices.ts'
import { type EmojiReaction, emojiReaction } from './emoji-reaction.ts'
import { type MembershipUpdateMessage, membershipUpdateMessage } from './membership-update.ts'
import * as push from './push.ts'
import * as transactions from './transactions.ts'

/** The payload of each type, by name. `unknown` and the encrypted push registration are bytes. */
interface Messages {
  'chat-message': ChatMessage
  'contact-update': ContactUpdate
  'membership-update': MembershipUpdateMessage
  'pair-installation': devices.PairInstallation
  'sync-installation': devices.SyncInstallation
  'request-address-for-transaction': transactions.RequestAddressForTransaction
  'accept-request-address-for-transaction': transactions.AcceptRequestAddressForTransaction
  'decline-request-address-for-transaction': transactions.DeclineTransactionRequest
  'request-transaction': transactions.RequestTransaction
  'send-transaction': transactions.SendTransaction
  'decline-request-transaction': transactions.DeclineTransactionRequest
  'sync-installation-contact': devices.SyncInstallationContact
  'sync-installation-account': devices.SyncInstallationAccount
  'sync-installation-public-chat': devices.SyncInstallationPublicChat
  'contact-code-advertisement': push.ContactCodeAdvertisement
  'push-notification-registration': Uint8Array
  'push-notification-registration-response': push.PushNotificationRegistrationResponse
  'push-notification-query': push.PushNotificationQuery
  'push-notification-query-response': push.PushNotificationQueryResponse
  'push-notification-request': push.PushNotificationRequest
  'push-notification-response': push.PushNotificationResponse
  'emoji-reaction': EmojiReaction
  'pin-message': annotations.PinMessage
  'edit-message': annotations.EditMessage
  'delete-message': annotations.DeleteMessage
}

/** The name of a payload type. */
export type PayloadName = keyof Messages

/** A payload with its type: every wire field of it, unknown ones included. */
export type Payload =
  | { readonly [K in PayloadName]: { readonly name: K; readonly message: Messages[K] } }[PayloadName]
  /** A type number this version does not know: kept byte for byte. */
  | { readonly name: 'unknown'; readonly message: Uint8Array }

/** Bytes that are their own message. */
const opaque: MessageCodec<Uint8Array> = {
  field: bytesField,
  encode: bytes => new Uint8Array(bytes),
  decode: bytes => new Uint8Array(bytes)
}

type Entry = { [K in PayloadName]: { readonly number: number; readonly codec: MessageCodec<Messages[K]> } }

/**
 * SPEC: 6/PAYLOADS, Type. 23 is EMOJI_REACTION_RETRACTION here and GROUP_CHAT_INVITATION in later releases: left
 * unknown. 28, 29 and 31 are taken from later releases. Private extensions start at 1000.
 */
const registry: Entry = {
  'chat-message': { number: 1, codec: chatMessage },
  'contact-update': { number: 2, codec: contactUpdate },
  'membership-update': { number: 3, codec: membershipUpdateMessage },
  'pair-installation': { number: 4, codec: devices.pairInstallation },
  'sync-installation': { number: 5, codec: devices.syncInstallation },
  'request-address-for-transaction': { number: 6, codec: transactions.requestAddressForTransaction },
  'accept-request-address-for-transaction': { number: 7, codec: transactions.acceptRequestAddressForTransaction },
  'decline-request-address-for-transaction': { number: 8, codec: transactions.declineRequestAddressForTransaction },
  'request-transaction': { number: 9, codec: transactions.requestTransaction },
  'send-transaction': { number: 10, codec: transactions.sendTransaction },
  'decline-request-transaction': { number: 11, codec: transactions.declineRequestTransaction },
  'sync-installation-contact': { number: 12, codec: devices.syncInstallationContact },
  'sync-installation-account': { number: 13, codec: devices.syncInstallationAccount },
  'sync-installation-public-chat': { number: 14, codec: devices.syncInstallationPublicChat },
  'contact-code-advertisement': { number: 15, codec: push.contactCodeAdvertisement },
  'push-notification-registration': { number: 16, codec: opaque },
  'push-notification-registration-response': { number: 17, codec: push.pushNotificationRegistrationResponse },
  'push-notification-query': { number: 18, codec: push.pushNotificationQuery },
  'push-notification-query-response': { number: 19, codec: push.pushNotificationQueryResponse },
  'push-notification-request': { number: 20, codec: push.pushNotificationRequest },
  'push-notification-response': { number: 21, codec: push.pushNotificationResponse },
  'emoji-reaction': { number: 22, codec: emojiReaction },
  'pin-message': { number: 28, codec: annotations.pinMessage },
  'edit-message': { number: 29, codec: annotations.editMessage },
  'delete-message': { number: 31, codec: annotations.deleteMessage }
}

const names = /* @__PURE__ */ Object.keys(registry) as readonly PayloadName[]
const nameOf = /* @__PURE__ */ (() =>
  new Map(Object.entries(registry).map(([name, { number }]) => [number, name as PayloadName])))()

/**
 * The type number of a payload that has one of its own.
 *
 * @example
 * ```ts
 * payloadTypeNumber('chat-message') // 1
 * ```
 */
export function payloadTypeNumber(name: PayloadName): number {
  check.oneOf('name', name, names)
  return registry[name].number
}

/**
 * The payload of a type number; an unknown number gives its bytes. @throws DataError `malformed`
 *
 * @example
 * ```ts
 * const payload = decodePayload(wrapper.type, wrapper.payload)
 * if (payload.name === 'chat-message') console.log(payload.message.text)
 * ```
 */
export function decodePayload(type: number, bytes: Uint8Array): Payload {
  check.integer('type', type, -(2 ** 31), 2 ** 31 - 1)
  check.bytes('bytes', bytes)
  const name = nameOf.get(type)
  if (name === undefined) return { name: 'unknown', message: opaque.decode(bytes) }
  return { name, message: registry[name].codec.decode(bytes) } as Payload
}

/**
 * The bytes of a payload, unknown fields included. @throws DataError `invalid-argument`
 *
 * @example
 * ```ts
 * const bytes = encodePayload({ name: 'contact-update', message: { clock: 1n, ensName: '', profileImage: '' } })
 * ```
 */
export function encodePayload(payload: Payload): Uint8Array {
  checkPayload(payload)
  return codecOf(payload).encode(payload.message)
}

const codecOf = ({ name }: Payload): MessageCodec<unknown> =>
  (name === 'unknown' ? opaque : registry[name].codec) as MessageCodec<unknown>

/** Every field of a payload has a value of its type: others would be taken for empty ones, or written as such. */
export function checkPayload(payload: unknown): asserts payload is Payload {
  check.object('payload', payload)
  const { name, message } = payload as Payload
  check.oneOf('payload.name', name, [...names, 'unknown'])
  const path = codecOf(payload as Payload).field.misfit(message)
  if (path === undefined) return
  const argument = `payload.message${path}`
  const text = `${argument}: missing or of the wrong type`
  throw new DataError('invalid-argument', text, { origin: 'caller', details: { argument } })
}
