import { describe, expect, test } from 'vitest'
import { keyId, limits, outgoing, type RefusalCode } from '../../src/index.ts'
import { decodeWrapper, encodeWrapper, signerOf } from '../../src/wire.ts'
import { accepted, alice, bob, carol, dave, deliver, now } from '../support/chats.ts'
import { valid, wrapped } from '../support/payloads.ts'

const context = { identity: alice, nowMs: now }
const toBob = outgoing({ kind: 'one-to-one', publicKey: bob.publicKey }, { kind: 'text', text: 'for Bob' }, context)
const inStatus = outgoing({ kind: 'public', name: 'status' }, { kind: 'text', text: 'for all' }, context)
const status = { kind: 'public', name: 'status' } as const
const refused = (reason: RefusalCode) => ({ kind: 'refused', reason, final: true })
const go = 'status-go-0.56.10'

describe('forgeries are never shown, each with its reason', () => {
  test('P-11 a 1:1 message passed on to a third person', () => {
    // As Bob's own envelope, and as if it were Alice's.
    expect(deliver(toBob, { from: bob, to: carol })).toEqual(refused('author-mismatch'))
    expect(deliver(toBob, { from: alice, to: carol })).toEqual(refused('recipient-mismatch'))
    // What status-go 0.56.10 does: it cannot tell.
    expect(deliver(toBob, { from: bob, to: carol, rules: go })).toMatchObject({ kind: 'accepted' })
  })

  test('P-12 a private message injected into a public chat, and the other way round', () => {
    expect(deliver(toBob, { arrival: status })).toEqual(refused('arrival-mismatch'))
    expect(deliver(inStatus, { arrival: { kind: 'identity' } })).toEqual(refused('arrival-mismatch'))
    expect(deliver(inStatus, { arrival: { kind: 'rendezvous', peer: alice.publicKey } })).toEqual(
      refused('arrival-mismatch')
    )
  })

  test('P-12 a public message moved to another public chat', () => {
    expect(deliver(inStatus, { arrival: { kind: 'public', name: 'other' } })).toEqual(refused('arrival-mismatch'))
  })

  test('P-12 anything private on a contact code or in a public chat', () => {
    const owner = { kind: 'contact-code', owner: alice.publicKey } as const
    for (const name of [
      'chat-message',
      'emoji-reaction',
      'contact-update',
      'request-transaction',
      'send-transaction',
      'pin-message',
      'edit-message',
      'delete-message'
    ] as const) {
      const bytes = wrapped(name, valid[name] as never)
      expect(deliver(bytes)).toMatchObject({ kind: 'accepted' })
      for (const arrival of [owner, status])
        expect(deliver(bytes, { arrival }), name).toEqual(refused('arrival-mismatch'))
    }
  })

  test('P-9 a system message from the wire', () => {
    const forged = { ...valid['chat-message'], text: 'Alice left', contentType: 6 }
    expect(deliver(wrapped('chat-message', forged))).toEqual(refused('content-type'))
    expect(deliver(wrapped('chat-message', { ...valid['chat-message'], messageType: 4 }))).toEqual(
      refused('message-type')
    )
  })

  test("P-3 an unsigned wrapper is nobody's: refused, or under the rules of status-go the transport author's and deniable", () => {
    const bytes = encodeWrapper({ ...decodeWrapper(toBob.bytes), signature: new Uint8Array(0) })
    expect(signerOf(decodeWrapper(bytes))).toBeUndefined()
    expect(deliver(bytes)).toEqual(refused('wrapper-unsigned'))
    expect(accepted(deliver(bytes, { rules: go }))).toMatchObject({ signed: false, author: alice.publicKey })
  })

  test('P-3 an invalid signature drops the message, whatever the rules', () => {
    const wrapper = decodeWrapper(toBob.bytes)
    const withV = (v: number) => Uint8Array.of(...wrapper.signature.slice(0, 64), v)
    for (const signature of [wrapper.signature.slice(0, 64), withV(2), withV(5), withV(27), new Uint8Array(65)]) {
      const bytes = encodeWrapper({ ...wrapper, signature })
      for (const rules of [go, 'strict'] as const) {
        expect(deliver(bytes, { rules })).toEqual(refused('wrapper-signature'))
      }
    }
  })

  test('a payload changed after signing has another author, who is not who sent it', () => {
    const wrapper = decodeWrapper(toBob.bytes)
    const payload = Uint8Array.from(wrapper.payload)
    const at = payload.indexOf('f'.charCodeAt(0))
    payload[at] = 'F'.charCodeAt(0)
    expect(deliver(encodeWrapper({ ...wrapper, payload }))).toEqual(refused('author-mismatch'))
  })

  test('a message signed by somebody else than the envelope', () => {
    const daves = outgoing(
      { kind: 'one-to-one', publicKey: bob.publicKey },
      { kind: 'text', text: 'I am Dave' },
      { ...context, identity: dave }
    )
    expect(deliver(daves, { from: alice })).toEqual(refused('author-mismatch'))
    expect(deliver(daves, { from: dave })).toMatchObject({ author: dave.publicKey })
  })

  test("a public message handed on by somebody else stays its author's", () => {
    expect(accepted(deliver(inStatus, { from: dave, arrival: status })).author).toEqual(alice.publicKey)
  })

  test('a reaction whose type number was changed into a deletion, which the signature does not cover', () => {
    const own = `0x${'cd'.repeat(32)}`
    const reaction = { ...valid['emoji-reaction'], chatId: 'status', messageId: own, messageType: 2, type: 2 }
    const relabelled = encodeWrapper({ ...decodeWrapper(wrapped('emoji-reaction', reaction)), type: 31 })
    // It parses, and its author may delete their own message, but it did not come from them.
    expect(deliver(relabelled, { arrival: status })).toMatchObject({ content: { kind: 'delete', messageId: own } })
    expect(deliver(relabelled, { arrival: status, from: dave })).toEqual(refused('author-mismatch'))
  })

  test('an unsigned envelope', () => {
    for (const rules of [go, 'strict'] as const) {
      expect(deliver(toBob, { rules, from: { publicKey: undefined as unknown as Uint8Array } })).toEqual(
        refused('envelope-unsigned')
      )
    }
  })

  test('P-27 pairing and sync messages are taken from our own key only', () => {
    for (const name of ['pair-installation', 'sync-installation-contact', 'sync-installation-public-chat'] as const) {
      const bytes = wrapped(name, valid[name] as never)
      for (const rules of [go, 'strict'] as const) {
        expect(deliver(bytes, { rules })).toEqual(refused('author-not-self'))
        expect(deliver(bytes, { rules, to: alice })).toMatchObject({ kind: 'accepted', fromSelf: true })
      }
    }
    const account = wrapped('sync-installation-account', { clock: 1n, profileImage: '', lastUpdated: 0n })
    expect(deliver(account)).toEqual(refused('author-not-self'))
  })

  test('our own copy naming a chat that is none', () => {
    const bytes = wrapped('chat-message', { ...valid['chat-message'], chatId: keyId(bob.publicKey).toUpperCase() })
    expect(deliver(bytes, { to: alice })).toEqual(refused('chat-id-invalid'))
  })

  test('bytes that are no wrapper, and wrappers of nothing', () => {
    expect(deliver(Uint8Array.of(0xff, 0xff))).toEqual(refused('wrapper-malformed'))
    expect(deliver(new Uint8Array(0))).toEqual(refused('wrapper-unsigned'))
    const wrapper = decodeWrapper(toBob.bytes)
    expect(deliver(encodeWrapper({ ...wrapper, type: 0 }))).toEqual(refused('type-unknown'))
    const broken = wrapped('push-notification-registration', Uint8Array.of(0x0a, 0xff))
    const asChat = { ...decodeWrapper(broken), type: 1 }
    expect(deliver(encodeWrapper(asChat))).toEqual(refused('payload-malformed'))
  })

  test('a wrapper beyond limits.wrapperBytes is refused before it is parsed', () => {
    expect(deliver(new Uint8Array(limits.wrapperBytes + 1))).toEqual(refused('wrapper-too-large'))
    expect(deliver(new Uint8Array(limits.wrapperBytes))).not.toEqual(refused('wrapper-too-large'))
  })
})
