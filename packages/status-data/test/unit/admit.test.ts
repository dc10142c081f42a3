import type { Admitted, Chat, Contact, Content, Known } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { admit, keyId, limits, outgoing, type RefusalCode, refusalCodes } from '../../src/index.ts'
import { refuse } from '../../src/refusal.ts'
import { deletionClock, messagesPerRequest, quotaRates, reduceGroup, unknownContact } from '../../src/rules.ts'
import { accepted, alice, bob, carol, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { messageId, valid, wrapped } from '../support/payloads.ts'

const context = { identity: alice, nowMs: now }
const known: Known = { self: bob.publicKey }
const contact = (change: Partial<Contact> = {}): Contact => ({ ...unknownContact, ...change })
const refused = (reason: RefusalCode, final = true) => ({
  kind: 'refused',
  reason,
  final,
  ...(['duplicate', 'stale', 'chat-deleted'].includes(reason) ? { expected: true } : {})
})
const toBob: Chat = { kind: 'one-to-one', publicKey: bob.publicKey }
const received = (content: Content, chat: Chat = toBob, extra: object = {}) =>
  accepted(
    deliver(outgoing(chat, content, { ...context, ...extra }), {
      arrival: chat.kind === 'public' ? { kind: 'public', name: chat.name } : { kind: 'identity' }
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
      { kind: 'contact-update', ensName: 'x.eth', picture: '' },
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
    expect(own).toMatchObject({ fromSelf: true, chat: { id: keyId(bob.publicKey) } })
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
    const many = { ...known, requestsWaiting: limits.messageRequests }
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
    expect(admit(carols, { ...known, chat, group: state(bobJoined) })).toEqual(refused('author-not-a-member'))
    const both = state(bobJoined, event.joined(carol, 3))
    expect(admit(carols, { ...known, chat, group: both })).toMatchObject({ as: 'message' })
    const gone = state(bobJoined, event.joined(carol, 3), event.removed(alice, 4, carol))
    expect(admit(carols, { ...known, chat, group: gone })).toEqual(refused('author-not-a-member'))
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
    const update = received({ kind: 'contact-update', ensName: 'alice.eth', picture: 'data:,' })
    const result = admitted(admit(update, known))
    expect(result).toMatchObject({ createsChat: 'inactive', as: 'message' })
    expect(result.contact).toEqual(
      contact({
        requestReceived: true,
        ensName: 'alice.eth',
        ensClock: now,
        picture: 'data:,',
        profileClock: now
      })
    )
    const chat = { active: true, deletedAtClock: 0 }
    expect(admit(update, { ...known, chat })).not.toHaveProperty('createsChat')
    expect(admit(update, { ...known, contact: contact({ profileClock: now }) })).toEqual(refused('stale'))
  })

  test('a name claimed in a message is kept, unverified', () => {
    const claim = received({ kind: 'text', text: 'x' }, toBob, { ensName: 'alice.eth' })
    expect(admitted(admit(claim, known)).contact).toMatchObject({ ensName: 'alice.eth', ensVerified: false })
    const other = received({ kind: 'text', text: 'x' }, toBob, { ensName: 'alice.example' })
    expect(admitted(admit(other, known)).contact).toEqual(unknownContact)
  })
})

describe('what refers to other messages', () => {
  const chat = { active: true, deletedAtClock: 0 }
  const inChat: Known = { ...known, chat }
  const edit = received({ kind: 'edit', messageId, text: 'better' })
  const remove = received({ kind: 'delete', messageId })
  const reaction = received({ kind: 'reaction', messageId, emoji: 'love' })
  const pin = received({ kind: 'pin', messageId, pinned: true })
  const by = (author: Uint8Array, more: object = {}): Known => ({ ...inChat, target: { author, clock: now, ...more } })

  test('P-17 a reaction that is not newer than the stored one is stale, and that is ordinary', () => {
    expect(admit(reaction, inChat)).toMatchObject({ kind: 'admitted' })
    expect(admit(reaction, { ...inChat, reactionClock: now - 1 })).toMatchObject({ kind: 'admitted' })
    expect(admit(reaction, { ...inChat, reactionClock: now })).toEqual(refused('stale'))
  })

  test('only the author edits and deletes; anybody in a private chat pins and reacts', () => {
    for (const change of [edit, remove]) {
      expect(admit(change, inChat)).toMatchObject({ kind: 'admitted' })
      expect(admit(change, by(alice.publicKey))).toMatchObject({ kind: 'admitted' })
      expect(admit(change, by(bob.publicKey))).toEqual(refused('target-author'))
      expect(admit(change, by(alice.publicKey, { deleted: true }))).toEqual(refused('stale'))
      expect(admit(change, by(alice.publicKey, { system: true }))).toEqual(refused('target-author'))
    }
    for (const note of [pin, reaction]) expect(admit(note, by(bob.publicKey))).toMatchObject({ kind: 'admitted' })
    expect(admit(pin, by(bob.publicKey, { system: true }))).toEqual(refused('stale'))
    expect(admit(pin, by(bob.publicKey, { deleted: true }))).toEqual(refused('stale'))
  })

  test('an edit has to be newer than the last one; that its message had a clock ahead of time does not matter', () => {
    expect(admit(edit, by(alice.publicKey, { clock: now + 90_000 }))).toMatchObject({ kind: 'admitted' })
    expect(admit(remove, by(alice.publicKey, { clock: now + 90_000, editClock: now }))).toMatchObject({
      kind: 'admitted'
    })
    expect(admit(edit, by(alice.publicKey, { editClock: now - 1 }))).toMatchObject({ kind: 'admitted' })
    expect(admit(edit, by(alice.publicKey, { editClock: now }))).toEqual(refused('stale'))
  })

  test('a message in another chat is not touched', () => {
    for (const change of [edit, remove, reaction, pin]) {
      expect(admit(change, by(alice.publicKey, { chatId: 'status' }))).toEqual(refused('target-chat'))
      expect(admit(change, by(alice.publicKey, { chatId: keyId(alice.publicKey) }))).toMatchObject({ kind: 'admitted' })
    }
  })

  test('in a 1:1 chat that is not there an edit is kept for later, because its message may come; a reaction is not', () => {
    for (const change of [edit, remove, pin]) expect(admit(change, known)).toEqual(refused('chat-unknown', false))
    expect(admit(reaction, known)).toEqual(refused('chat-unknown'))
  })

  test('nobody pins in a public chat', () => {
    const there = received({ kind: 'pin', messageId, pinned: true }, { kind: 'public', name: 'status' })
    expect(admit(there, inChat)).toEqual(refused('pin-public'))
  })

  test('what is kept of messages is bounded, and what has no room is not acknowledged', () => {
    const none = { ofTarget: 0, early: 0, earlyByAuthor: 0, pins: 0 }
    const full = (annotations: object, base: Known = by(alice.publicKey)): Known => ({
      ...base,
      annotations: { ...none, ...annotations }
    })
    const crowded = { ofTarget: limits.annotationsPerMessage }
    expect(admit(reaction, full(crowded))).toEqual(refused('reaction-quota', false))
    expect(admit(reaction, { ...full(crowded), reactionClock: now - 1 })).toMatchObject({ kind: 'admitted' })
    expect(admit(pin, full({ pins: limits.pins }))).toEqual(refused('pin-quota', false))
    expect(admit(received({ kind: 'pin', messageId, pinned: false }), full({ pins: limits.pins }))).toMatchObject({
      kind: 'admitted'
    })
    for (const early of [
      { early: limits.earlyAnnotations },
      { earlyByAuthor: limits.earlyAnnotationsPerAuthor, early: 60 }
    ]) {
      expect(admit(edit, full(early, inChat))).toEqual(refused('early-note-quota', false))
      expect(admit(edit, full(early))).not.toHaveProperty('evictsEarly')
    }
    expect(admit(edit, full(crowded, inChat))).toEqual(refused('reaction-quota', false))
    expect(admit(edit, { ...full(crowded, inChat), annotationClock: now - 1 })).toMatchObject({ kind: 'admitted' })
  })

  test('an annotation that is sent once and waits for its message makes room for itself: in its author’s share first, then in the chat', () => {
    const room = { kind: 'public', name: 'room' } as const
    const inRoom = { ...known, chat: { active: true, deletedAtClock: 0 } }
    const none = { ofTarget: 0, early: 0, earlyByAuthor: 0, pins: 0 }
    const waiting = (early: number, earlyByAuthor: number) => ({ ...none, early, earlyByAuthor })
    const { earlyAnnotations: ofChat, earlyAnnotationsPerAuthor: ofAuthor } = limits
    const publicEdit = received(edit.content, room)
    for (const [message, base] of [
      [reaction, inChat],
      [publicEdit, inRoom]
    ] as const) {
      const evicts = (annotations: typeof none, more = {}) => {
        const result = admit(message, { ...base, annotations, ...more })
        return result.kind === 'admitted' ? (result.evictsEarly ?? 'none') : result.reason
      }
      expect(evicts(waiting(ofChat - 1, ofAuthor - 1))).toBe('none')
      expect(evicts(waiting(ofChat - 1, ofAuthor))).toBe('author')
      expect(evicts(waiting(ofChat, ofAuthor))).toBe('author')
      expect(evicts(waiting(ofChat, ofAuthor - 1))).toBe('chat')
      expect(evicts(waiting(ofChat, ofAuthor), { annotationClock: now - 1 })).toBe('none')
    }
    expect(admit(reaction, { ...by(alice.publicKey), annotations: waiting(ofChat, ofAuthor) })).not.toHaveProperty(
      'evictsEarly'
    )
  })

  test('strangers who fill what is kept of a message keep neither us nor our contacts from it', () => {
    const annotations = { ofTarget: limits.annotationsPerMessage, early: 0, earlyByAuthor: 0, pins: 0 }
    for (const base of [by(alice.publicKey), inChat]) {
      const crowded = { ...base, annotations }
      expect(admit(reaction, crowded)).toEqual(refused('reaction-quota', false))
      expect(admit({ ...reaction, fromSelf: true }, crowded)).toMatchObject({ kind: 'admitted' })
      expect(admit(reaction, { ...crowded, contact: contact({ added: true }) })).toMatchObject({ kind: 'admitted' })
    }
  })

  test('our profile on another device takes the place of an older one here; one that is empty says so only where it was emptied', () => {
    const profile = { ensName: 'me.eth', picture: '' }
    const update = (fields: typeof profile & { readonly cleared?: boolean }, clock = now) => ({
      ...received({ kind: 'contact-update', ...profile }),
      fromSelf: true,
      effects: [{ kind: 'own-profile' as const, ...fields, clock }]
    })
    const after = (message: Parameters<typeof admit>[0], more: object = {}) => {
      const result = admit(message, { self: bob.publicKey, ...more })
      return result.kind === 'admitted' ? result.ownProfile : result.reason
    }
    expect(after(update(profile), { ownProfileClock: now - 1 })).toEqual({ ...profile, clock: now })
    expect(after(update(profile), { ownProfileClock: now })).toBeUndefined()
    expect(after(update(profile))).toBeUndefined()
    const empty = { ensName: '', picture: '' }
    expect(after(update(empty), { ownProfileClock: 0 })).toBeUndefined()
    const cleared = { ...empty, cleared: true }
    expect(after(update(cleared), { ownProfileClock: now - 1 })).toEqual({ ...empty, clock: now })
    expect(after(update(cleared), { ownProfileClock: now })).toBeUndefined()
    expect(after({ ...update(profile), fromSelf: false }, { ownProfileClock: 0 })).toBeUndefined()
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

describe('our own housekeeping is no verdict about a message', () => {
  const chat = { active: true, deletedAtClock: 0 }

  test('what our clean-up removed is refused under a code of its own, and not for good', () => {
    const trimmed = { ...known, chat: { ...chat, trimmedAtClock: now } }
    expect(admit(hello, trimmed)).toEqual({ kind: 'refused', reason: 'chat-trimmed', final: false, expected: true })
    expect(admit(hello, { ...known, chat: { ...chat, trimmedAtClock: now - 1 } })).toMatchObject({ kind: 'admitted' })
  })

  test('P-13 a deletion clock that no message can have reached does not close the chat', () => {
    for (const slip of [Number.MAX_SAFE_INTEGER, now + limits.clockAheadMs + 1]) {
      for (const removed of [{ deletedAtClock: slip }, { deletedAtClock: 0, trimmedAtClock: slip }]) {
        expect(admit(hello, { ...known, nowMs: now, chat: { ...chat, ...removed } })).toMatchObject({
          kind: 'admitted'
        })
      }
    }
    expect(admit(hello, { ...known, nowMs: now, chat: { ...chat, deletedAtClock: now } })).toEqual(
      refused('chat-deleted')
    )
  })

  test('P-13 clearing a chat whose last clock runs ahead refuses nothing that comes next', () => {
    const deletedAtClock = deletionClock(now + 110_000, now)
    expect(deletedAtClock).toBe(now)
    const next = received({ kind: 'text', text: 'next' }, toBob, { nowMs: now + 1 })
    expect(admit(next, { ...known, chat: { ...chat, deletedAtClock } })).toMatchObject({ kind: 'admitted' })
    expect(deletionClock(now - 5, now)).toBe(now - 5)
  })

  test('who is in a group and what people say of themselves outlives the messages', () => {
    const events = [event.created(alice, 0), event.added(alice, 1, bob)]
    const update = received({ kind: 'group-update' }, { kind: 'group', id: groupId, events })
    const group = reduceGroup(groupId, events).state
    const deleted = { ...chat, deletedAtClock: now + 50 }
    expect(admit(update, { ...known, group, chat: deleted })).toMatchObject({ kind: 'admitted' })
    const profile = received({ kind: 'contact-update', ensName: 'alice.eth', picture: '' })
    expect(admit(profile, { ...known, chat: deleted })).toMatchObject({ kind: 'admitted' })
  })

  test('every refusal for want of room is passing', () => {
    for (const reason of refusalCodes.filter(code => /quota|rate|trimmed/.test(code))) {
      expect(refuse(reason), reason).toMatchObject({ final: false })
    }
  })

  test('copies and own echoes are expected, forgeries are not', () => {
    expect(refuse('duplicate')).toMatchObject({ expected: true })
    expect(refuse('stale')).toMatchObject({ expected: true })
    expect(refuse('wrapper-signature')).not.toHaveProperty('expected')
    const echo = accepted(
      deliver(outgoing({ kind: 'public', name: 'status' }, { kind: 'reaction', messageId, emoji: 'love' }, context), {
        to: alice,
        arrival: { kind: 'public', name: 'status' }
      })
    )
    expect(admit(echo, { self: alice.publicKey, chat, reactionClock: now })).toMatchObject({
      reason: 'stale',
      expected: true
    })
  })
})

describe('quotas', () => {
  const chat = { active: true, deletedAtClock: 0 }
  const counting: Known = { ...known, nowMs: now, chat }
  const empty = { tokens: 0, atMs: now }

  test('a copy costs its author nothing: neither a duplicate, nor what is refused, nor a history that brings no news', () => {
    const first = admitted(admit(hello, counting))
    expect(first.quota).toEqual({ tokens: quotaRates.stranger.burst - 1, atMs: now })
    for (let copy = 0; copy < 300; copy++) {
      expect(admit(hello, { ...counting, seen: true, quota: empty })).toEqual(refused('duplicate'))
    }
    const reaction = received({ kind: 'reaction', messageId, emoji: 'love' })
    expect(admit(reaction, { ...counting, reactionClock: now, quota: empty })).toEqual(refused('stale'))
    const events = [event.created(alice, 0), event.added(alice, 1, bob)]
    const update = received({ kind: 'group-update' }, { kind: 'group', id: groupId, events })
    const group = reduceGroup(groupId, events).state
    expect(admit(update, { ...counting, group, groupChanged: false, quota: empty })).toEqual(refused('duplicate'))
  })

  test('an author beyond the quota waits, and is not refused for good; history and our own messages do not count', () => {
    expect(admit(hello, { ...counting, quota: empty })).toEqual(refused('author-rate', false))
    expect(admit(hello, { ...counting, quota: empty, counted: false })).not.toHaveProperty('quota')
    expect(admit(hello, { ...counting, quota: empty, nowMs: now + 60_000 })).toMatchObject({ kind: 'admitted' })
    const own = accepted(deliver(outgoing(toBob, { kind: 'text', text: 'x' }, context), { to: alice }))
    expect(admit(own, { ...counting, self: alice.publicKey, quota: empty })).toMatchObject({ kind: 'admitted' })
  })

  test('what others hand on counts for them: at their rates, also what we said ourselves', () => {
    const handedOn = { ...counting, contact: contact({ added: true }), sender: contact() }
    expect(admitted(admit(hello, handedOn)).quota?.tokens).toBe(quotaRates.stranger.burst - 1)
    expect(admit(hello, { ...handedOn, quota: empty })).toEqual(refused('author-rate', false))
    const byContact = { ...counting, sender: contact({ added: true }) }
    expect(admitted(admit(hello, byContact)).quota?.tokens).toBe(quotaRates.contact.burst - 1)
    const own = accepted(deliver(outgoing(toBob, { kind: 'text', text: 'x' }, context), { to: alice }))
    const fromOthers = { ...handedOn, self: alice.publicKey, quota: empty }
    expect(admit(own, fromOthers)).toEqual(refused('author-rate', false))
  })

  test('people we added and people we answered have the larger quota', () => {
    const burst = { ...counting, contact: contact({ added: true }) }
    expect(admitted(admit(hello, burst)).quota?.tokens).toBe(quotaRates.contact.burst - 1)
    const answered = { ...counting, chat: { ...chat, answered: true } }
    expect(admitted(admit(hello, answered)).quota?.tokens).toBe(quotaRates.contact.burst - 1)
  })

  test('one stranger fills no more than their share of the invitations; contacts are exempt; the oldest goes', () => {
    const events = [event.created(alice, 0), event.added(alice, 1, bob)]
    const invitation = received({ kind: 'group-update' }, { kind: 'group', id: groupId, events })
    const invited = { ...known, group: reduceGroup(groupId, events).state }
    const waiting = limits.groupInvitations
    expect(admit(invitation, { ...invited, invitations: { waiting, byAuthor: 0 } })).toMatchObject({
      createsChat: 'active',
      evictsInvitation: true
    })
    const greedy = { ...invited, invitations: { waiting, byAuthor: limits.invitationsPerStranger } }
    expect(admit(invitation, greedy)).toEqual(refused('group-invitation-quota', false))
    const added = admit(invitation, { ...greedy, contact: contact({ added: true }) })
    expect(added).toMatchObject({ createsChat: 'active' })
    expect(added).not.toHaveProperty('evictsInvitation')
    expect(admit(invitation, { ...greedy, chat })).toMatchObject({ kind: 'admitted' })
  })

  test('records of strangers are bounded: the oldest goes, nobody is turned away; passers-by leave none', () => {
    const full = { ...known, strangers: limits.strangers }
    expect(admit(hello, full)).toMatchObject({ evictsStranger: true })
    expect(admit(hello, { ...full, contact: contact() })).not.toHaveProperty('evictsStranger')
    const inPublic = received({ kind: 'text', text: 'x' }, { kind: 'public', name: 'status' }, { ensName: 'alice.eth' })
    expect(admit(inPublic, { ...known, chat })).not.toHaveProperty('contact')
    expect(admitted(admit(inPublic, { ...known, chat, contact: contact() })).contact).toMatchObject({
      ensName: 'alice.eth'
    })
  })

  test('without message requests strangers are shown like everyone', () => {
    expect(admit(hello, { ...known, messageRequests: false })).toMatchObject({ as: 'message', createsChat: 'active' })
  })
})

describe('what our other devices say', () => {
  const self = { self: alice.publicKey }
  const ownDevices: Chat = { kind: 'own-devices' }
  const sync = accepted(
    deliver(
      outgoing(
        ownDevices,
        { kind: 'sync-contact', publicKey: bob.publicKey, ensName: 'bob.eth', picture: '' },
        context
      ),
      { to: alice }
    )
  )

  test('a synced contact is added, unless what we know is newer', () => {
    expect(admit(sync, self)).toMatchObject({ syncedContact: { added: true, ensName: 'bob.eth', profileClock: now } })
    const heard = { profileClock: now, ensName: 'later.eth' }
    expect(admit(sync, { ...self, syncedContact: contact({ ...heard, decidedClock: now }) })).toEqual(refused('stale'))
    for (const decidedClock of [0, now - 1])
      expect(admit(sync, { ...self, syncedContact: contact({ ...heard, decidedClock }) })).toMatchObject({
        syncedContact: { added: true, decidedClock: now, ensName: 'later.eth' }
      })
    expect(admit(sync, { ...self, syncedContact: contact({ profileClock: now - 1 }) })).toMatchObject({
      syncedContact: { added: true, ensName: 'bob.eth' }
    })
  })

  test('who is blocked stays blocked, and we are no contact of ours', () => {
    expect(admit(sync, { ...self, syncedContact: contact({ blocked: true }) })).toEqual(refused('contact-blocked'))
    const ourselves = outgoing(
      ownDevices,
      { kind: 'sync-contact', publicKey: alice.publicKey, ensName: '', picture: '' },
      context
    )
    expect(admit(accepted(deliver(ourselves, { to: alice })), self)).toEqual(refused('contact-id-invalid'))
  })

  test('the name of a device is replaced by a newer one only', () => {
    const pairing = accepted(deliver(wrapped('pair-installation', valid['pair-installation']), { to: alice }))
    const device = { ...self, installationKnown: true }
    expect(admit(pairing, { ...device, deviceClock: now - 1 })).toMatchObject({ kind: 'admitted' })
    expect(admit(pairing, { ...device, deviceClock: now })).toEqual(refused('stale'))
  })
})
