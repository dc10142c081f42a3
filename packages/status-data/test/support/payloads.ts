import type { IdentityKey } from '@status-stack/interface'
import { keyId } from '../../src/index.ts'
import { encodePayload, type Payload, type PayloadName, payloadTypeNumber, wrap } from '../../src/wire.ts'
import { alice, bob, now } from './chats.ts'

type MessageOf<K extends PayloadName> = Extract<Payload, { name: K }>['message']

/** A payload of any fields, wrapped and signed by whom one likes. */
export function wrapped<K extends PayloadName>(name: K, message: MessageOf<K>, by: IdentityKey = alice): Uint8Array {
  return wrap(payloadTypeNumber(name), encodePayload({ name, message } as Payload), by)
}

export const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a)
export const aac = Uint8Array.of(0xff, 0xf1, 0x50)
export const messageId = `0x${'ab'.repeat(32)}`
const clock = BigInt(now)

/** Valid messages from Alice to Bob, one per payload that is checked; tests change one thing each. */
export const valid = {
  'chat-message': {
    clock,
    timestamp: clock,
    text: 'hello',
    responseTo: '',
    ensName: '',
    chatId: keyId(bob.publicKey),
    messageType: 1,
    contentType: 1
  },
  'emoji-reaction': {
    clock,
    chatId: keyId(bob.publicKey),
    messageId,
    messageType: 1,
    type: 1,
    retracted: false
  },
  'contact-update': { clock, ensName: 'alice.eth', profileImage: '' },
  'pair-installation': { clock, installationId: 'i-1', deviceType: 'desktop', name: 'laptop' },
  'sync-installation-contact': {
    clock,
    id: keyId(bob.publicKey),
    profileImage: '',
    ensName: '',
    lastUpdated: 0n,
    systemTags: []
  },
  'sync-installation-public-chat': { clock, id: 'status' },
  'request-address-for-transaction': { clock, value: '0.5', contract: '' },
  'accept-request-address-for-transaction': { clock, id: messageId, address: '0x01' },
  'decline-request-address-for-transaction': { clock, id: messageId },
  'request-transaction': { clock, address: '0x01', value: '1', contract: '' },
  'decline-request-transaction': { clock, id: messageId },
  'send-transaction': { clock, id: '', transactionHash: '0x02', signature: Uint8Array.of(1) },
  'pin-message': { clock, messageId, chatId: keyId(bob.publicKey), pinned: true, messageType: 1 },
  'edit-message': {
    clock,
    text: 'better',
    chatId: keyId(bob.publicKey),
    messageId,
    grant: new Uint8Array(0),
    messageType: 1,
    contentType: 1
  },
  'delete-message': {
    clock,
    chatId: keyId(bob.publicKey),
    messageId,
    grant: new Uint8Array(0),
    messageType: 1,
    deletedBy: ''
  }
} as const satisfies { readonly [K in PayloadName]?: MessageOf<K> }
