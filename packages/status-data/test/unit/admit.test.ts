import { describe, expect, test } from 'vitest'
import {
  type Admitted,
  admit,
  type Chat,
  type Contact,
  type Content,
  type Known,
  keyId,
  messagesPerRequest,
  outgoing,
  type RefusalCode,
  reduceGroup,
  unknownContact
} from '../../src/index.ts'
import { accepted, alice, bob, carol, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { messageId, valid, wrapped } from '../support/payloads.ts'

const context = { identity: alice, nowMs: now }
const known: Known = { self: bob.publicKey }
const contact = (change: Partial<Contact> = {}): Contact => ({ ...unknownContact, ...change })
const refused = (reason: RefusalCode, final = true) => ({ kind: 'refused', reason, final })
const toBob: Chat = { kind: 'one-to-one', publicKey: bob.publicKey }
const received = (content: Content, chat: Chat = toBob, extra: object = {}) =>
  accepted(
    deliver(outgoing(chat, content, { ...context, ...extra }), {
      arrival: chat.kind === 'public' ? { kind: 'public-chat', name: chat.name } : { kind: 'identity' }
    })
  )
const hello = received({ kind: 'text', text: 'hello' })
const admitted = (result: ReturnType<typeof admit>): Admitted => {
  if (result.kind === 'refused') throw new Error(result.reason)
  return result
}

describe('admit', () => {
  test('P-14 a message id that is stored is a duplicate, however it came', () => {
    expect(admit(hello, { ...known, seen: true })).toEqual(refused('duplicate'))
    const again = accepted(
      deliver(outgoing(toBob, { kind: 'text', text: 'hello' }, context), {
        arrival: { kind: 'rendezvous', peer: alice.publicKey }
      })
    )
    expect(again.messageId).toEqual(hello.messageId)
  })

  test('P-15 a blocked author produces no stored state', () => {
    const blocked = { ...known, contact: contact({ blocked: true }) }
    for (const content of [
      { kind: 'text', text: 'x' },
      { kind: 'contact-update', ensName: 'x.eth', profileImage: '' },
      { kind: 'reaction', messageId, emoji: 'love' }
    ] as const) {
      expect(admit(received(content), blocked)).toEqual(refused('author-blocked'))
    }
  })

  test('P-16 only admitted messages carry a contact record', () => {
    expect(admitted(admit(hello, known)).contact).toEqual(unknownContact)
    const refusals = [
      admit(hello, { ...known, seen: true }),
      admit(hello, { ...known, chat: { active: true, deletedAtClock: now } }),
      admit(received({ kind: 'text', text: 'x' }, { kind: 'public', name: 'status' }), known)
    ]
    for (const refusal of refusals) {
      expect(refusal.kind).toBe('refused')
      expect(refusal).not.toHaveProperty('contact')
    }
    expect(admitted(admit(hello, { ...known, contact: contact() }))).not.toHaveProperty('contact')
  })

  test('P-13 messages at or below the clock of the deletion are not stored', () => {
    const at = (deletedAtClock: number) => admit(hello, { ...known, chat: { active: true, deletedAtClock } })
    expect(at(now)).toEqual(refused('chat-deleted'))
    expect(at(now + 1)).toEqual(refused('chat-deleted'))
    expect(at(now - 1)).toMatchObject({ kind: 'admitted' })
  })

  test('P-8 a public message needs a chat that is open', () => {
    const message = received({ kind: 'text', text: 'x' }, { kind: 'public', name: 'status' })
    expect(admit(message, known)).toEqual(refused('chat-unknown'))
    expect(admit(message, { ...known, chat: { active: false, deletedAtClock: 0 } })).toEqual(refused('chat-unknown'))
    expect(admit(message, { ...known, chat: { active: true, deletedAtClock: 0 } })).toMatchObject({ as: 'message' })
  })

  test('P-8 pairing needs a device known from a bundle', () => {
    const pairing = accepted(deliver(wrapped('pair-installation', valid['pair-installation']), { to: alice }))
    const self = { self: alice.publicKey }
    expect(admit(pairing, self)).toEqual(refused('installation-unknown'))
    expect(admit(pairing, { ...self, installationKnown: true })).toMatchObject({ kind: 'admitted' })
  })

  test('P-31 our own message from another device opens its chat, and is no request', () => {
    const own = accepted(deliver(outgoing(toBob, { kind: 'text', text: 'x' }, context), { to: alice }))
    expect(own).toMatchObject({ mine: true, chat: { id: keyId(bob.publicKey) } })
    const result = admit(own, { self: alice.publicKey })
    expect(result).toMatchObject({ as: 'message', createsChat: 'active' })
    expect(result).not.toHaveProperty('contact')
  })
})

describe('message requests', () => {
  test('a stranger is a request; whoever we added or answered is not', () => {
    expect(admit(hello, known)).toMatchObject({ as: 'request', createsChat: 'active', evictsRequest: false })
    expect(admit(hello, { ...known, contact: contact({ requestReceived: true }) })).toMatchObject({ as: 'request' })
    expect(admit(hello, { ...known, contact: contact({ added: true }) })).toMatchObject({ as: 'message' })
    const answered = { active: true, deletedAtClock: 0, answered: true }
    expect(admit(hello, { ...known, chat: answered })).toMatchObject({ as: 'message' })
  })

  test('a full request is refused for now; beyond the limit of requests the oldest goes', () => {
    const full = { ...known, requests: { open: true, messages: messagesPerRequest } }
    expect(admit(hello, full)).toEqual(refused('quota-exceeded', false))
    expect(admit(hello, { ...full, contact: contact({ added: true }) })).toMatchObject({ as: 'message' })
    const many = { ...known, requestsWaiting: 200 }
    expect(admit(hello, many)).toMatchObject({ as: 'request', evictsRequest: true })
    expect(admit(hello, { ...many, requests: { open: true, messages: 1 } })).toMatchObject({ evictsRequest: false })
  })
})

describe('groups', () => {
  const base = [event.created(alice, 0), event.added(alice, 1, bob, carol)]
  const group: Chat = { kind: 'group', id: groupId, events: base }
  const said = received({ kind: 'text', text: 'hi' }, group)
  const state = (...more: (typeof base)[number][]) => reduceGroup(groupId, [...base, ...more]).state
  const chat = { active: true, deletedAtClock: 0 }

  test('P-23 what is said in a group is for those who joined, from those who joined', () => {
    expect(admit(said, { ...known, chat, group: state() })).toEqual(refused('not-a-member'))
    const bobJoined = event.joined(bob, 2)
    expect(admit(said, { ...known, chat, group: state(bobJoined) })).toMatchObject({ as: 'message' })
    const carols = accepted(
      deliver(
        wrapped(
          'membership-update',
          {
            chatId: groupId,
            events: base.map(({ bytes }) => bytes),
            message: { ...valid['chat-message'], chatId: groupId, messageType: 3 }
          },
          carol
        ),
        { from: carol }
      )
    )
    expect(admit(carols, { ...known, chat, group: state(bobJoined) })).toEqual(refused('not-a-member'))
    const both = state(bobJoined, event.joined(carol, 3))
    expect(admit(carols, { ...known, chat, group: both })).toMatchObject({ as: 'message' })
    const gone = state(bobJoined, event.joined(carol, 3), event.removed(alice, 4, carol))
    expect(admit(carols, { ...known, chat, group: gone })).toEqual(refused('not-a-member'))
  })

  test('P-23 the invitation itself is seen by who has not joined, and by nobody who is not invited', () => {
    const invitation = accepted(deliver(outgoing(group, { kind: 'group-update' }, context)))
    expect(admit(invitation, { ...known, group: state() })).toMatchObject({ createsChat: 'active' })
    const without = reduceGroup(groupId, [event.created(alice, 0)]).state
    expect(admit(invitation, { ...known, group: without })).toEqual(refused('not-a-member'))
    // Whoever is thrown out still learns of it.
    expect(admit(invitation, { ...known, chat, group: without })).toMatchObject({ kind: 'admitted' })
  })

  test('P-8 a group nobody created is unknown', () => {
    expect(admit(said, known)).toEqual(refused('group-unknown'))
    expect(admit(said, { ...known, group: reduceGroup(groupId, []).state })).toEqual(refused('group-unknown'))
  })

  test('a member may say something outside a membership update, a stranger may not', () => {
    const bare = wrapped('chat-message', { ...valid['chat-message'], chatId: groupId, messageType: 3 })
    const message = accepted(deliver(bare))
    expect(message.chat).toEqual({ kind: 'group', id: groupId })
    expect(admit(message, { ...known, chat, group: state(event.joined(bob, 2)) })).toMatchObject({ as: 'message' })
    expect(admit(message, known)).toEqual(refused('group-unknown'))
  })
})

describe('contacts', () => {
  test('P-28 a contact update sets request-received, adds nobody, and creates only an inactive chat', () => {
    const update = received({ kind: 'contact-update', ensName: 'alice.eth', profileImage: 'data:,' })
    const result = admitted(admit(update, known))
    expect(result).toMatchObject({ createsChat: 'inactive', as: 'message' })
    expect(result.contact).toEqual(
      contact({
        requestReceived: true,
        ensName: 'alice.eth',
        ensClock: now,
        profileImage: 'data:,',
        lastUpdated: now
      })
    )
    const chat = { active: true, deletedAtClock: 0 }
    expect(admit(update, { ...known, chat })).not.toHaveProperty('createsChat')
    expect(admit(update, { ...known, contact: contact({ lastUpdated: now }) })).toEqual(refused('stale'))
  })

  test('a name claimed in a message is kept, unverified', () => {
    const claim = received({ kind: 'text', text: 'x' }, toBob, { ensName: 'alice.eth' })
    expect(admitted(admit(claim, known)).contact).toMatchObject({ ensName: 'alice.eth', ensVerified: false })
    const other = received({ kind: 'text', text: 'x' }, toBob, { ensName: 'alice.example' })
    expect(admitted(admit(other, known)).contact).toEqual(unknownContact)
  })
})

describe('what refers to other messages', () => {
  test('P-17 a reaction that is not newer than the stored one is stale', () => {
    const reaction = received({ kind: 'reaction', messageId, emoji: 'love' })
    expect(admit(reaction, known)).toMatchObject({ kind: 'admitted' })
    expect(admit(reaction, { ...known, reactionClock: now - 1 })).toMatchObject({ kind: 'admitted' })
    expect(admit(reaction, { ...known, reactionClock: now })).toEqual(refused('stale'))
  })

  test('only the author edits and deletes, and only forward; anybody in the chat pins', () => {
    const target = (author: Uint8Array, clock: number) => ({ ...known, target: { author, clock } })
    for (const content of [
      { kind: 'edit', messageId, text: 'better' },
      { kind: 'delete', messageId }
    ] as const) {
      const change = received(content)
      expect(admit(change, known)).toMatchObject({ kind: 'admitted' })
      expect(admit(change, target(alice.publicKey, now - 1))).toMatchObject({ kind: 'admitted' })
      expect(admit(change, target(bob.publicKey, now - 1))).toEqual(refused('target-author'))
      expect(admit(change, target(alice.publicKey, now))).toEqual(refused('stale'))
    }
    const pin = received({ kind: 'pin', messageId, pinned: true })
    expect(admit(pin, target(bob.publicKey, now))).toMatchObject({ kind: 'admitted' })
  })

  test('P-8 transactions: unknown, in another chat, ours to answer, and in the right state', () => {
    const transaction = {
      id: messageId,
      chatId: keyId(alice.publicKey),
      author: bob.publicKey,
      state: 'address-requested',
      value: '1',
      contract: '',
      address: '',
      transactionHash: ''
    } as const
    const accept = received({ kind: 'accept-request-address', id: messageId, address: '0x01' })
    expect(admit(accept, known)).toEqual(refused('transaction-unknown'))
    expect(admit(accept, { ...known, transaction: { ...transaction, chatId: 'x' } })).toEqual(
      refused('transaction-wrong-chat')
    )
    expect(admit(accept, { ...known, transaction: { ...transaction, author: alice.publicKey } })).toEqual(
      refused('transaction-not-ours')
    )
    expect(admit(accept, { ...known, transaction: { ...transaction, state: 'sent' } })).toEqual(
      refused('transaction-wrong-state')
    )
    expect(admit(accept, { ...known, transaction })).toMatchObject({
      transaction: { ...transaction, state: 'address-accepted', address: '0x01' }
    })
  })
})
