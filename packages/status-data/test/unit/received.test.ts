import { describe, expect, test } from 'vitest'
import { type Accepted, createGroupId, keyId, limits } from '../../src/index.ts'
import { wrap } from '../../src/wire.ts'
import { accepted, alice, bob, carol, dave, deliver, now } from '../support/chats.ts'
import { event, groupId } from '../support/groups.ts'
import { messageId, png, valid, wrapped } from '../support/payloads.ts'

const go = 'status-go-0.56.10'
const base = [event.created(alice, 0), event.added(alice, 10, bob, carol), event.joined(bob, 20)]
const history = base.map(each => each.bytes)
const groupMessage = { ...valid['chat-message'], chatId: groupId, messageType: 3 }
const groupReaction = { ...valid['emoji-reaction'], chatId: groupId, messageType: 3 }
const update = (inside: object = {}, events = history, chatId = groupId) =>
  wrapped('membership-update', { chatId, events, ...inside })

describe('the times of what is received', () => {
  test('a message has its own, a reaction its clock, a history the highest clock of its events', () => {
    const clocks = { clock: BigInt(now - 5), timestamp: BigInt(now - 7) }
    const timesOf = ({ clock, timestamp }: Accepted) => ({ clock, timestamp })
    expect(timesOf(accepted(deliver(update({ message: { ...groupMessage, ...clocks } }))))).toEqual({
      clock: now - 5,
      timestamp: now - 7
    })
    expect(timesOf(accepted(deliver(wrapped('chat-message', { ...valid['chat-message'], ...clocks }))))).toEqual({
      clock: now - 5,
      timestamp: now - 7
    })
    const reaction = { ...groupReaction, clock: BigInt(now - 5) }
    expect(timesOf(accepted(deliver(update({ emojiReaction: reaction }), { sentMs: now - 3 })))).toEqual({
      clock: now - 5,
      timestamp: now - 3
    })
    const events = [...history].reverse()
    expect(timesOf(accepted(deliver(update({}, events), { sentMs: now - 3 })))).toEqual({
      clock: now + 20,
      timestamp: now - 3
    })
    expect(timesOf(accepted(deliver(update({}, []), { sentMs: now - 3 })))).toEqual({ clock: 0, timestamp: now - 3 })
    expect(accepted(deliver(wrap(99, Uint8Array.of(1), alice)))).toMatchObject({ clock: 0, timestamp: now })
  })

  test('what people see is old long after it was written; a history, and what has no clock, is never', () => {
    const later = { sentMs: now + limits.oldAfterMs + 21, nowMs: now + limits.oldAfterMs + 21 }
    for (const inside of [{ message: groupMessage }, { emojiReaction: groupReaction }]) {
      expect(accepted(deliver(update(inside), later))).toMatchObject({ old: true })
      expect(accepted(deliver(update(inside)))).not.toHaveProperty('old')
    }
    expect(accepted(deliver(update(), later))).not.toHaveProperty('old')
    expect(accepted(deliver(wrap(99, Uint8Array.of(1), alice), later))).not.toHaveProperty('old')
  })
})

describe('what follows from what is received', () => {
  test('a name claimed by who speaks in a group, but not by ourselves, and only one that ends in .eth', () => {
    const events = { kind: 'group-events', chatId: groupId, events: base }
    const effectsOf = (ensName: string, to = bob) =>
      accepted(deliver(update({ message: { ...groupMessage, ensName } }), { to })).effects
    expect(effectsOf('alice.eth')).toEqual([
      events,
      { kind: 'ens-claimed', publicKey: alice.publicKey, ensName: 'alice.eth', clock: now }
    ])
    for (const effects of [effectsOf(''), effectsOf('alice.example'), effectsOf('alice.eth', alice)]) {
      expect(effects).toEqual([events])
    }
  })

  test('the profile that another device of ours tells is our own', () => {
    const message = { ...valid['contact-update'], profileImage: 'p' }
    const profile = { ensName: 'alice.eth', picture: 'p', clock: now }
    const own = accepted(deliver(wrapped('contact-update', message), { to: alice }))
    expect(own.effects).toEqual([{ kind: 'own-profile', ...profile }])
    expect(own).not.toHaveProperty('chat')
    expect(accepted(deliver(wrapped('contact-update', message))).effects).toEqual([
      { kind: 'contact-updated', publicKey: alice.publicKey, ...profile }
    ])
  })

  test('a profile that was emptied on another device is told from one that was never set', () => {
    const empty = { ...valid['contact-update'], ensName: '', profileImage: '' }
    const effectsOf = (more: object) =>
      accepted(deliver(wrapped('contact-update', { ...empty, ...more }), { to: alice }))
    const own = { kind: 'own-profile', ensName: '', picture: '', clock: now }
    expect(effectsOf({}).effects).toEqual([own])
    expect(effectsOf({}).content).toEqual({ kind: 'contact-update', ensName: '', picture: '' })
    expect(effectsOf({ cleared: true }).effects).toEqual([{ ...own, cleared: true }])
    expect(effectsOf({ cleared: true }).content).toMatchObject({ cleared: true })
    // What has a name is not empty, whatever was asked for.
    expect(effectsOf({ cleared: true, ensName: 'alice.eth' }).effects).toEqual([{ ...own, ensName: 'alice.eth' }])
  })

  test('the public chat that another device of ours joined', () => {
    const bytes = wrapped('sync-installation-public-chat', valid['sync-installation-public-chat'])
    expect(accepted(deliver(bytes, { to: alice })).effects).toEqual([
      { kind: 'public-chat-synced', name: 'status', clock: now }
    ])
  })

  test('nothing, of an update without events, under either rules', () => {
    for (const rules of ['strict', go] as const) {
      for (const inside of [{}, { message: groupMessage }]) {
        expect(accepted(deliver(update(inside, []), { rules })).effects).toEqual([
          { kind: 'group-events', chatId: groupId, events: [] }
        ])
      }
    }
  })
})

describe('what is received says', () => {
  test.each([
    [5, 'sync-installation', alice],
    [13, 'sync-account', alice],
    [15, 'contact-code', bob]
  ] as const)('P-8 of type %i that it is a %s, and nothing follows from it', (type, kind, to) => {
    const message = accepted(deliver(wrap(type, new Uint8Array(0), alice), { to }))
    expect(message).toMatchObject({ content: { kind }, effects: [] })
    expect(message).not.toHaveProperty('chat')
  })

  test('P-8 a reaction that has no name is kept by the rules of status-go, as one that nobody knows', () => {
    const bytes = wrapped('emoji-reaction', { ...valid['emoji-reaction'], type: 7 })
    expect(accepted(deliver(bytes, { rules: go })).content).toEqual({ kind: 'unknown' })
    const last = wrapped('emoji-reaction', { ...valid['emoji-reaction'], type: 6 })
    expect(accepted(deliver(last)).content).toMatchObject({ kind: 'reaction', emoji: 'angry' })
  })

  test('P-8 a picture in a group that status-go would not show is refused there as in every chat', () => {
    const image = (type: number) => ({ ...groupMessage, contentType: 7, image: { payload: png, type } })
    expect(deliver(update({ message: image(5) }), { rules: go })).toMatchObject({ reason: 'image-invalid' })
    expect(deliver(update({ message: image(1) }), { rules: go })).toMatchObject({ content: { format: 'png' } })
  })
})

describe('where what is received belongs', () => {
  const odd = `x-${keyId(alice.publicKey)}`

  test('P-22 to no group whose id is none; status-go takes any', () => {
    const bytes = wrapped('chat-message', { ...groupMessage, chatId: odd })
    expect(deliver(bytes)).toMatchObject({ reason: 'chat-id-invalid' })
    expect(deliver(bytes, { rules: go })).toMatchObject({ chat: { kind: 'group', id: odd } })
    expect(deliver(wrapped('chat-message', groupMessage))).toMatchObject({ chat: { kind: 'group', id: groupId } })
    expect(deliver(update({}, [], odd))).toMatchObject({ reason: 'group-id-invalid' })
    expect(deliver(update({}, [], odd), { rules: go })).toMatchObject({ chat: { kind: 'group', id: odd } })
  })

  test('P-12 to the public chat it names, by the rules of status-go wherever it came in', () => {
    const bytes = wrapped('chat-message', { ...valid['chat-message'], chatId: 'cats', messageType: 2 })
    expect(deliver(bytes)).toMatchObject({ reason: 'arrival-mismatch' })
    expect(deliver(bytes, { rules: go })).toMatchObject({ chat: { kind: 'public', id: 'cats' } })
  })

  test('P-12 to the group of the update, by the rules of status-go whatever the message inside names', () => {
    const message = {
      ...groupMessage,
      chatId: createGroupId(bob.publicKey, { bytes: length => new Uint8Array(length) })
    }
    expect(deliver(update({ message }))).toMatchObject({ reason: 'embedded-mismatch' })
    expect(deliver(update({ message }), { rules: go })).toMatchObject({ chat: { kind: 'group', id: groupId } })
  })

  test('what nobody can read yet may be handed on; what acts on messages may not', () => {
    expect(deliver(wrap(99, Uint8Array.of(1), alice), { from: dave })).toMatchObject({ content: { kind: 'unknown' } })
    const edit = { ...valid['edit-message'], messageId }
    expect(deliver(wrapped('edit-message', edit), { from: dave })).toMatchObject({ reason: 'author-mismatch' })
  })
})
