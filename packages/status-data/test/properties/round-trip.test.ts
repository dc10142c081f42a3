import type { Content } from '@status-stack/interface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits, outgoing } from '../../src/index.ts'
import { decodePayload, encodePayload, type Payload } from '../../src/wire.ts'
import { accepted, alice, bob, deliver, now } from '../support/chats.ts'

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const text = fc.string({ unit: 'grapheme' })
const bytes = fc.uint8Array({ maxLength: 40 })
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

/** Any message of the fields that a type has, valid or not: what is written must be what is read. */
const payloads: fc.Arbitrary<Payload> = fc.oneof(
  fc
    .record(
      {
        clock: u64,
        timestamp: u64,
        text,
        responseTo: text,
        ensName: text,
        chatId: text,
        messageType: int32,
        contentType: int32
      },
      { noNullPrototype: true }
    )
    .chain(message =>
      fc.oneof(
        fc.constant(message),
        fc.record({ hash: text, pack: int32 }, { noNullPrototype: true }).map(sticker => ({ ...message, sticker })),
        fc.record({ payload: bytes, type: int32 }, { noNullPrototype: true }).map(image => ({ ...message, image })),
        fc
          .record({ payload: bytes, type: int32, durationMs: u64 }, { noNullPrototype: true })
          .map(audio => ({ ...message, audio }))
      )
    )
    .map(message => ({ name: 'chat-message' as const, message })),
  fc
    .record(
      { clock: u64, chatId: text, messageId: text, messageType: int32, type: int32, retracted: fc.boolean() },
      { noNullPrototype: true }
    )
    .map(message => ({ name: 'emoji-reaction' as const, message })),
  fc
    .record({ chatId: text, events: fc.array(bytes) }, { noNullPrototype: true })
    .map(message => ({ name: 'membership-update' as const, message })),
  fc
    .record(
      { clock: u64, id: text, profileImage: text, ensName: text, lastUpdated: u64, systemTags: fc.array(text) },
      { noNullPrototype: true }
    )
    .map(message => ({ name: 'sync-installation-contact' as const, message })),
  fc
    .record({ clock: u64, id: text, transactionHash: text, signature: bytes }, { noNullPrototype: true })
    .map(message => ({ name: 'send-transaction' as const, message }))
)

const numbers: Readonly<Record<string, number>> = {
  'chat-message': 1,
  'membership-update': 3,
  'send-transaction': 10,
  'sync-installation-contact': 12,
  'emoji-reaction': 22
}

describe('round trips', () => {
  test('every field of a payload comes back as it was', () => {
    fc.assert(
      fc.property(payloads, payload => {
        expect(decodePayload(numbers[payload.name] ?? 0, encodePayload(payload))).toEqual(payload)
      }),
      { numRuns: 500, seed: 30 }
    )
  })

  test('what is said is what is heard, with the clock it was given, by the author who signed', () => {
    const contents: fc.Arbitrary<Content> = fc.oneof(
      text
        .filter(each => /\w/.test(each) && each.length < limits.textBytes / 4)
        .map(each => ({ kind: 'text' as const, text: each })),
      fc.constantFrom('love', 'thumbs-up', 'thumbs-down', 'laugh', 'sad', 'angry').chain(emoji =>
        fc.record(
          {
            kind: fc.constant('reaction' as const),
            messageId: fc
              .uint8Array({ minLength: 32, maxLength: 32 })
              .map(id => `0x${Buffer.from(id).toString('hex')}`),
            emoji: fc.constant(emoji),
            retracted: fc.boolean()
          },
          { noNullPrototype: true }
        )
      ) as fc.Arbitrary<Content>
    )
    fc.assert(
      fc.property(contents, fc.integer({ min: 0, max: now + 60_000 }), (content, lastClock) => {
        const context = { identity: alice, nowMs: now, lastClock }
        const out = outgoing({ kind: 'one-to-one', publicKey: bob.publicKey }, content, context)
        const heard = accepted(deliver(out))
        expect(heard.content).toEqual(content)
        expect(heard.clock).toBe(out.local.clock)
        expect(heard.clock).toBeGreaterThan(lastClock)
        expect(heard.clock).toBeGreaterThanOrEqual(now)
        expect(heard.author).toEqual(alice.publicKey)
        expect(heard.messageId).toEqual(out.messageId)
      }),
      { numRuns: 200, seed: 31 }
    )
  })

  test('P-31 what we keep of any message is what our other device reads of it', () => {
    const words = fc
      .oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('half \ud83d', '\udc00 half', 'a \u0000 b'))
      .map(each => `a${each}`)
    const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(each => `0x${Buffer.from(each).toString('hex')}`)
    const after = (start: readonly number[]) => bytes.map(each => Uint8Array.of(...start, ...each))
    const quote = fc.oneof(
      fc.constant({}),
      id.map(replyTo => ({ replyTo }))
    )
    const said: fc.Arbitrary<Content> = fc.oneof(
      fc
        .tuple(words, quote, fc.constantFrom('text', 'status', 'emoji'))
        .map(([text, quoting, kind]) => ({ kind, text, ...quoting })),
      fc
        .tuple(words, int32, quote)
        .map(([hash, pack, quoting]) => ({ kind: 'sticker' as const, hash, pack, ...quoting })),
      fc
        .tuple(after([0x89, 0x50, 0x4e, 0x47]), quote)
        .map(([image, quoting]) => ({ kind: 'image' as const, image, ...quoting })),
      fc
        .tuple(after([0xff, 0xf1]), fc.integer({ min: 0, max: 2 ** 31 }), words)
        .map(([audio, durationMs, text]) => ({ kind: 'audio' as const, audio, durationMs, text })),
      fc.tuple(id, words).map(([messageId, text]) => ({ kind: 'edit' as const, messageId, text })),
      id.map(messageId => ({ kind: 'delete' as const, messageId })),
      fc.tuple(id, fc.boolean()).map(([messageId, pinned]) => ({ kind: 'pin' as const, messageId, pinned })),
      fc.tuple(words, words).map(([ensName, picture]) => ({ kind: 'contact-update' as const, ensName, picture })),
      words.map(address => ({ kind: 'request-transaction' as const, value: '1.5', contract: '', address })),
      fc
        .tuple(
          id,
          words,
          bytes.filter(({ length }) => length > 0)
        )
        .map(([of, transactionHash, signature]) => ({
          kind: 'send-transaction' as const,
          id: of,
          transactionHash,
          signature
        }))
    ) as fc.Arbitrary<Content>
    fc.assert(
      fc.property(said, words, (content, ensName) => {
        const context = { identity: alice, nowMs: now, ensName }
        const out = outgoing({ kind: 'one-to-one', publicKey: bob.publicKey }, content, context)
        expect(accepted(deliver(out, { to: alice }))).toStrictEqual(out.local)
      }),
      { numRuns: 400, seed: 32 }
    )
  })
})
