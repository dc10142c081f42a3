import type { Chat, Contact, Content, Known, KnownChat } from '@status-stack/interface'
import { describe, expect, test } from 'vitest'
import { admit, keyId, limits, outgoing } from '../../src/index.ts'
import { nextContact, quotaRates, unknownContact, validateRemoved } from '../../src/rules.ts'
import { accepted, alice, bob, carol, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { messageId, valid, wrapped } from '../support/payloads.ts'

const known: Known = { self: bob.publicKey }
const contact = (change: Partial<Contact> = {}): Contact => ({ ...unknownContact, ...change })
const toBob: Chat = { kind: 'one-to-one', publicKey: bob.publicKey }
const open: KnownChat = { active: true, deletedAtClock: 0 }
const received = (content: Content, chat: Chat = toBob, identity = alice) =>
  accepted(
    deliver(outgoing(chat, content, { identity, nowMs: now }), {
      from: identity,
      arrival: chat.kind === 'public' ? { kind: 'public', name: chat.name } : { kind: 'identity' }
    })
  )
/** What a device of Alice's says to another one of hers. */
const ownCopy = (content: Content) =>
  accepted(deliver(outgoing(toBob, content, { identity: alice, nowMs: now }), { to: alice }))
const hello = received({ kind: 'text', text: 'hello' })
const refusal = (reason: string) => expect.objectContaining({ kind: 'refused', reason })

describe('annotations', () => {
  const reaction = { kind: 'reaction', messageId, emoji: 'love' } as const
  const pin = { kind: 'pin', messageId, pinned: true } as const
  const byAlice = { author: alice.publicKey, clock: 1, chatId: keyId(alice.publicKey) }

  test('in a public chat nobody needs a chat of two, and nobody pins', () => {
    const cats: Chat = { kind: 'public', name: 'cats' }
    expect(admit(received(reaction, cats), { ...known, chat: open })).toMatchObject({ kind: 'admitted' })
    expect(admit(received(reaction, cats), known)).toEqual(refusal('chat-unknown'))
  })

  test('those of our other devices need no open chat; those of others do', () => {
    expect(admit(ownCopy(reaction), { self: alice.publicKey })).toMatchObject({ kind: 'admitted' })
    expect(admit(received(reaction), known)).toMatchObject({ reason: 'chat-unknown', final: true })
    expect(admit(received({ kind: 'edit', messageId, text: 'x' }), known)).toMatchObject({ final: false })
    expect(admit(received(reaction), { ...known, chat: { ...open, active: false } })).toEqual(refusal('chat-unknown'))
  })

  test('a reaction to a deleted message or a line of the system is taken, a pin is not', () => {
    for (const state of [{ deleted: true }, { system: true }]) {
      const there = { ...known, chat: open, target: { ...byAlice, ...state } }
      expect(admit(received(reaction), there)).toMatchObject({ kind: 'admitted' })
      expect(admit(received(pin), there)).toEqual(refusal('stale'))
    }
  })

  test('the clock of a reaction counts for reactions, that of other notes for them', () => {
    const there = { ...known, chat: open, target: byAlice }
    expect(admit(received(pin), { ...there, reactionClock: now + 9 })).toMatchObject({ kind: 'admitted' })
    expect(admit(received(pin), { ...there, annotationClock: now })).toEqual(refusal('stale'))
    expect(admit(received(pin), { ...there, annotationClock: now - 1 })).toMatchObject({ kind: 'admitted' })
    expect(admit(received(reaction), { ...there, reactionClock: now - 1, annotationClock: now })).toMatchObject({
      kind: 'admitted'
    })
  })

  test('a chat full of pins takes no further one, and lets one be taken off', () => {
    const full = { ofTarget: 0, early: 0, earlyByAuthor: 0, pins: limits.pins }
    const there = { ...known, chat: open, target: byAlice, annotations: full }
    expect(admit(received(pin), there)).toEqual(refusal('pin-quota'))
    expect(admit(received({ ...pin, pinned: false }), there)).toMatchObject({ kind: 'admitted' })
    expect(admit(received(reaction), there)).toMatchObject({ kind: 'admitted' })
  })
})

describe('contacts', () => {
  test('a blocked person is not added, and one who is added stays the same record', () => {
    const blocked = contact({ blocked: true })
    expect(nextContact(blocked, { kind: 'added' })).toBe(blocked)
    const added = contact({ added: true })
    expect(nextContact(added, { kind: 'added' })).toBe(added)
    expect(nextContact(contact(), { kind: 'added' }).added).toBe(true)
  })

  test('a claimed name is taken at the clock of the last one, and the same name changes nothing', () => {
    const named = contact({ ensName: 'a.eth', ensClock: 5, ensVerified: true })
    const claim = (ensName: string, clock: number) => nextContact(named, { kind: 'ens-claimed', ensName, clock })
    expect(claim('b.eth', 5)).toMatchObject({ ensName: 'b.eth', ensClock: 5, ensVerified: false })
    expect(claim('b.eth', 4)).toBe(named)
    expect(claim('a.eth', 9)).toBe(named)
  })

  test('what is verified is the name of now', () => {
    const named = contact({ ensName: 'a.eth', ensClock: 5 })
    const checked = (ensName: string) => nextContact(named, { kind: 'ens-checked', ensName, verified: true })
    expect(checked('a.eth')).toMatchObject({ ensVerified: true })
    expect(checked('b.eth')).toBe(named)
    const nameless = contact()
    expect(nextContact(nameless, { kind: 'ens-checked', ensName: '', verified: true })).toBe(nameless)
  })

  test('an update with the same name keeps that the name was verified', () => {
    const named = contact({ ensName: 'a.eth', ensClock: 1, ensVerified: true, profileClock: 1 })
    const update = { kind: 'contact-updated', publicKey: alice.publicKey, picture: 'p', clock: 7 } as const
    const updated = nextContact(named, { ...update, ensName: 'a.eth' })
    expect(updated).toMatchObject({ ensVerified: true, ensClock: 1, picture: 'p', profileClock: 7 })
    expect(nextContact(named, { ...update, ensName: 'b.eth' })).toMatchObject({ ensVerified: false, ensClock: 7 })
  })
})

describe('room for strangers', () => {
  const update = received({ kind: 'contact-update', ensName: 'a.eth', picture: '' })

  test('a new person pushes one out when the list is full, a known one does not', () => {
    const full = { ...known, strangers: limits.strangers }
    expect(admit(update, full)).toMatchObject({ evictsStranger: true })
    expect(admit(update, { ...known, strangers: limits.strangers - 1 })).not.toHaveProperty('evictsStranger')
    expect(admit(update, { ...full, contact: contact() })).not.toHaveProperty('evictsStranger')
  })

  test('an update of our own opens nothing and is about nobody', () => {
    const own = ownCopy({ kind: 'contact-update', ensName: 'a.eth', picture: '' })
    const result = admit(own, { self: alice.publicKey })
    expect(result).toMatchObject({ kind: 'admitted' })
    expect(result).not.toHaveProperty('createsChat')
    expect(result).not.toHaveProperty('contact')
  })

  test('an update is stale when it says nothing newer, and opens a hidden chat once', () => {
    expect(admit(update, { ...known, contact: contact({ profileClock: now }) })).toEqual(refusal('stale'))
    expect(admit(update, known)).toMatchObject({ createsChat: 'inactive' })
    expect(admit(update, { ...known, chat: open })).not.toHaveProperty('createsChat')
  })
})

describe('chats that a message opens', () => {
  test('a chat that is there is not opened again; a hidden one is', () => {
    expect(admit(hello, { ...known, chat: open })).not.toHaveProperty('createsChat')
    expect(admit(hello, { ...known, chat: { ...open, active: false } })).toMatchObject({ createsChat: 'active' })
  })

  test('where requests are off, a stranger is shown and makes no request', () => {
    expect(admit(hello, { ...known, messageRequests: false, requestsWaiting: limits.messageRequests })).toMatchObject({
      as: 'message',
      createsChat: 'active',
      evictsRequest: false
    })
  })

  test('a group of a stranger pushes out an invitation only when they are too many', () => {
    const events = [event.created(alice, 0), event.added(alice, 1, bob, carol)]
    const invitation = received({ kind: 'group-update' }, { kind: 'group', id: groupId, events })
    const group = {
      members: [keyId(bob.publicKey)],
      joined: [],
      admins: [],
      lastClock: 1,
      name: 'g'
    } as unknown as NonNullable<Known['group']>
    const at = (waiting: number, byAuthor = 0) =>
      admit(invitation, { ...known, group, invitations: { waiting, byAuthor } })
    expect(at(limits.groupInvitations)).toMatchObject({ createsChat: 'active', evictsInvitation: true })
    expect(at(limits.groupInvitations - 1)).not.toHaveProperty('evictsInvitation')
    expect(at(0, limits.invitationsPerStranger)).toEqual(refusal('group-invitation-quota'))
    expect(at(0, limits.invitationsPerStranger - 1)).toMatchObject({ kind: 'admitted' })
  })
})

describe('what a device of ours says', () => {
  const pairing = (clock: number) =>
    accepted(
      deliver(wrapped('pair-installation', { ...valid['pair-installation'], clock: BigInt(clock) }), { to: alice })
    )
  const self = { self: alice.publicKey, installationKnown: true }

  test('a device is paired again by what is newer only', () => {
    expect(admit(pairing(now), { ...self, deviceClock: now })).toEqual(refusal('stale'))
    expect(admit(pairing(now), { ...self, deviceClock: now - 1 })).toMatchObject({ kind: 'admitted' })
  })

  test('a synced contact is taken when it is newer, never against a block, never ourselves', () => {
    const sync = (publicKey: Uint8Array, extra: Partial<Known> = {}) =>
      admit(
        accepted(
          deliver(
            outgoing(
              { kind: 'own-devices' },
              { kind: 'sync-contact', publicKey, ensName: 'b.eth', picture: '' },
              { identity: alice, nowMs: now }
            ),
            { to: alice }
          )
        ),
        { self: alice.publicKey, ...extra }
      )
    expect(sync(bob.publicKey)).toEqual({
      kind: 'admitted',
      as: 'message',
      evictsRequest: false,
      syncedContact: expect.objectContaining({ added: true, ensName: 'b.eth', profileClock: now })
    })
    expect(sync(bob.publicKey, { syncedContact: contact({ blocked: true }) })).toEqual(refusal('contact-blocked'))
    expect(sync(bob.publicKey, { syncedContact: contact({ profileClock: now, decidedClock: now }) })).toEqual(
      refusal('stale')
    )
  })
})

describe('times and quotas', () => {
  test('what has no clock was not deleted, and a deletion beyond all clocks counts for nothing', () => {
    const deleted = { deletedAtClock: now }
    expect(validateRemoved(0, deleted)).toBeUndefined()
    expect(validateRemoved(1, deleted)).toEqual(refusal('chat-deleted'))
    expect(validateRemoved(now, { deletedAtClock: 0, trimmedAtClock: now })).toEqual(refusal('chat-trimmed'))
    const slip = now + 365 * 86_400_000
    expect(validateRemoved(now, { deletedAtClock: slip }, now)).toBeUndefined()
    expect(validateRemoved(now, { deletedAtClock: slip })).toEqual(refusal('chat-deleted'))
  })

  test('times that are none are arguments that are wrong', () => {
    const wrong = expect.objectContaining({ code: 'invalid-argument' })
    expect(() => admit(hello, { ...known, nowMs: -1 })).toThrow(wrong)
    expect(() => admit(hello, { ...known, nowMs: Number.NaN })).toThrow(wrong)
    expect(() => validateRemoved(1, { deletedAtClock: 0 }, -1)).toThrow(wrong)
    expect(() => validateRemoved(1, { deletedAtClock: 0 }, Number.NaN)).toThrow(wrong)
  })

  test('an empty account refuses what would be stored, our own and the uncounted excepted', () => {
    const empty = { ...known, nowMs: now, quota: { tokens: 0, atMs: now } }
    expect(admit(hello, empty)).toEqual(refusal('author-rate'))
    expect(admit(hello, { ...empty, counted: false })).toMatchObject({ kind: 'admitted' })
    expect(admit(ownCopy({ kind: 'text', text: 'x' }), { ...empty, self: alice.publicKey })).toMatchObject({
      kind: 'admitted'
    })
    const fresh = { ...known, nowMs: now }
    expect(admit(hello, fresh)).toMatchObject({ quota: { tokens: quotaRates.stranger.burst - 1, atMs: now } })
    expect(admit(hello, { ...fresh, chat: { ...open, answered: true } })).toMatchObject({
      quota: { tokens: quotaRates.contact.burst - 1 }
    })
  })

  test('a payment that does not belong to a chat is refused with its own reason, and one that does opens it', () => {
    const asked = received({ kind: 'request-address', value: '1', contract: '' })
    expect(admit(asked, { ...known, contact: contact({ added: true }) })).toMatchObject({
      as: 'message',
      transaction: { state: expect.any(String), author: alice.publicKey }
    })
    const full = { ...known, requests: { open: true, messages: limits.messagesPerRequest } }
    expect(admit(asked, full)).toEqual(refusal('quota-exceeded'))
    expect(admit(asked, full)).not.toHaveProperty('transaction')
  })
})
