import { concatBytes, keccak256 } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { DataError, outgoing, refusalCodes } from '../../src/index.ts'
import { chatMessage } from '../../src/payloads/chat-message.ts'
import {
  decodePayload,
  decodeWrapper,
  encodePayload,
  encodeWrapper,
  messageIdOf,
  payloadTypeNumber,
  wrap
} from '../../src/wire.ts'
import { accepted, alice, bob, deliver, now } from '../support/chats.ts'
import { valid, wrapped } from '../support/payloads.ts'

const bytesOf = wrapped('chat-message', valid['chat-message'])
/** Field 1000, varint 7; field 1001, three bytes; and a known field, 1, with a wire type it never has. */
const unknownFields = [
  Uint8Array.of(0xc0, 0x3e, 0x07),
  Uint8Array.of(0xca, 0x3e, 0x03, 1, 2, 3),
  Uint8Array.of(0x0d, 1, 2, 3, 4)
]

describe('wrapper', () => {
  test('P-2 the message id hashes the uncompressed key of the author, then the wrapper', () => {
    expect(alice.publicKey).toHaveLength(65)
    expect(messageIdOf(bytesOf, alice.publicKey)).toEqual(keccak256(concatBytes(alice.publicKey, bytesOf)))
    expect(messageIdOf(bytesOf, undefined)).toEqual(keccak256(bytesOf))
    expect(accepted(deliver(bytesOf)).messageId).toEqual(messageIdOf(bytesOf, alice.publicKey))
  })

  test('P-30 unknown fields of wrapper and payload are kept and written back, at every depth', () => {
    const wrapper = decodeWrapper(concatBytes(bytesOf, ...unknownFields))
    expect(wrapper.unknownFields).toEqual(unknownFields)
    expect(encodeWrapper(wrapper)).toEqual(concatBytes(bytesOf, ...unknownFields))

    const withSticker = { ...valid['chat-message'], contentType: 2, sticker: { hash: 'e3', pack: 1, unknownFields } }
    const encoded = concatBytes(chatMessage.encode(withSticker), ...unknownFields)
    const decoded = chatMessage.decode(encoded)
    expect(decoded.sticker?.unknownFields).toEqual(unknownFields)
    expect(decoded.unknownFields).toEqual(unknownFields)
    expect(chatMessage.encode(decoded)).toEqual(encoded)
  })

  test('P-30 a message with unknown fields, which its signature covers, is accepted and keeps them', () => {
    const payload = concatBytes(chatMessage.encode(valid['chat-message']), ...unknownFields)
    const result = accepted(deliver(wrap(1, payload, alice)))
    expect(result.content).toEqual({ kind: 'text', text: 'hello' })
    expect(encodePayload(result.payload)).toEqual(payload)
  })

  test('P-30 a type of the future is kept byte for byte and shown to nobody', () => {
    for (const type of [23, 24, 30, 32, 99, 1000, 2 ** 31 - 1]) {
      const payload = Uint8Array.of(0xde, 0xad, 0xbe, 0xef)
      const result = accepted(deliver(wrap(type, payload, alice)))
      expect(result).toMatchObject({ type, content: { kind: 'unknown' }, payload: { name: 'unknown' }, effects: [] })
      expect(result.chat).toBeUndefined()
      expect(encodePayload(result.payload)).toEqual(payload)
    }
  })

  test('the encrypted push registration is bytes, the other push messages are parsed', () => {
    const registration = Uint8Array.of(9, 8, 7)
    expect(decodePayload(16, registration)).toEqual({ name: 'push-notification-registration', message: registration })
    expect(payloadTypeNumber('push-notification-registration')).toBe(16)
    expect(() => decodePayload(18, registration)).toThrow(
      expect.objectContaining({ code: 'malformed', origin: 'peer' })
    )
  })

  // Written by hand from the field numbers of later releases: clock 5, ids "m" and "c", text "t".
  test.each([
    [28, 'pin-message', '080512016d1a016320012802', { messageId: 'm', chatId: 'c', pinned: true, messageType: 2 }],
    [
      29,
      'edit-message',
      '08051201741a016322016d30023801',
      { text: 't', chatId: 'c', messageId: 'm', messageType: 2, contentType: 1 }
    ],
    [31, 'delete-message', '08051201631a016d2802', { chatId: 'c', messageId: 'm', messageType: 2 }]
  ] as const)('type %i is %s in the form of later releases', (type, name, hex, fields) => {
    const bytes = Uint8Array.from(hex.match(/../g)?.map(pair => Number.parseInt(pair, 16)) ?? [])
    const payload = decodePayload(type, bytes)
    expect(payload).toMatchObject({ name, message: { clock: 5n, ...fields } })
    expect(encodePayload(payload)).toEqual(bytes)
  })

  test('64-bit fields are exact up to the last', () => {
    for (const clock of [1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      const encoded = chatMessage.encode({ ...valid['chat-message'], clock })
      expect(chatMessage.decode(encoded).clock).toBe(clock)
    }
  })

  test('text that is not UTF-8 is refused, not repaired', () => {
    const encoded = concatBytes(chatMessage.encode(valid['chat-message']), Uint8Array.of(0x1a, 2, 0xc3, 0x28))
    expect(() => chatMessage.decode(encoded)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  test('of two payloads in one message the last one counts, as in Go', () => {
    const encoded = concatBytes(
      chatMessage.encode({ ...valid['chat-message'], sticker: { hash: 'e3', pack: 1 } }),
      Uint8Array.of(0x52, 0x02, 0x10, 0x01)
    )
    const decoded = chatMessage.decode(encoded)
    expect(decoded.image).toMatchObject({ type: 1 })
    expect(decoded.sticker).toBeUndefined()
  })

  test('decoded bytes are plain and a copy: the message does not keep its envelope', () => {
    const source = concatBytes(new Uint8Array(3), bytesOf)
    const wrapper = decodeWrapper(source.subarray(3))
    const before = Uint8Array.from(wrapper.payload)
    source.fill(0)
    expect(wrapper.payload).toEqual(before)
    expect(Object.getPrototypeOf(wrapper.payload)).toBe(Uint8Array.prototype)
    expect(Object.getPrototypeOf(encodeWrapper(wrapper))).toBe(Uint8Array.prototype)
  })
})

test('our errors are known from everything else', () => {
  expect(DataError.is(new DataError('malformed', 'x', { origin: 'peer' }))).toBe(true)
  for (const other of [null, undefined, {}, 'x', new Error('x'), () => undefined])
    expect(DataError.is(other)).toBe(false)
})

describe('refusals to send', () => {
  const toBob = { kind: 'one-to-one', publicKey: bob.publicKey } as const
  const context = { identity: alice, nowMs: now }
  test.each([
    ['blank text', toBob, { kind: 'text', text: ' ' }, 'not-sendable'],
    ['too long a text', toBob, { kind: 'text', text: 'a'.repeat(4097) }, 'not-sendable'],
    ['bytes that are no image', toBob, { kind: 'image', image: Uint8Array.of(1) }, 'not-sendable'],
    ['bytes that are no sound', toBob, { kind: 'audio', audio: Uint8Array.of(1) }, 'not-sendable'],
    ['an unsupported content', toBob, { kind: 'unsupported', contentType: 9, text: 'x' }, 'not-sendable'],
    ['an unknown payload', toBob, { kind: 'unknown' }, 'not-sendable'],
    ['a push message', toBob, { kind: 'push' }, 'not-sendable'],
    ['an account sync', { kind: 'own-devices' }, { kind: 'sync-account' }, 'not-sendable'],
    ['a reaction to nothing', toBob, { kind: 'reaction', messageId: 'x', emoji: 'love' }, 'not-sendable'],
    ['text to our devices', { kind: 'own-devices' }, { kind: 'text', text: 'x' }, 'invalid-argument'],
    [
      'pairing with somebody else',
      toBob,
      { kind: 'pair', installationId: 'i', deviceType: 'd', name: 'n' },
      'invalid-argument'
    ],
    ['a sync to somebody else', toBob, { kind: 'sync-public-chat', name: 'x' }, 'invalid-argument'],
    [
      'a transaction in public',
      { kind: 'public', name: 'x' },
      { kind: 'request-address', value: '1', contract: '' },
      'invalid-argument'
    ],
    ['group changes outside a group', toBob, { kind: 'group-changes', changes: [] }, 'invalid-argument'],
    ['a group update outside a group', toBob, { kind: 'group-update' }, 'invalid-argument'],
    [
      'a key that is none',
      { kind: 'one-to-one', publicKey: new Uint8Array(65) },
      { kind: 'text', text: 'x' },
      'invalid-argument'
    ]
  ] as const)('%s', (_, chat, content, code) => {
    let error: unknown
    try {
      outgoing(chat, content, context)
    } catch (caught) {
      error = caught
    }
    expect(DataError.is(error)).toBe(true)
    expect(error).toMatchObject({ code, origin: 'caller' })
  })

  test('an edit in a group goes to each member bare, as later releases send it', () => {
    expect(new Set(refusalCodes).size).toBe(refusalCodes.length)
    const out = outgoing(toBob, { kind: 'edit', messageId: `0x${'ab'.repeat(32)}`, text: 'better' }, context)
    expect(decodeWrapper(out.bytes).type).toBe(29)
    expect(out).toMatchObject({ reliability: 'reliable', to: [bob.publicKey], ownCopies: true })
  })

  test('notes to ourselves go to our other devices only', () => {
    const out = outgoing({ kind: 'one-to-one', publicKey: alice.publicKey }, { kind: 'text', text: 'note' }, context)
    expect(out).toMatchObject({ reliability: 'reliable', to: [], ownCopies: true })
    expect(accepted(deliver(out, { to: alice }))).toEqual(out.local)
  })
})
