import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { createEvictions } from '../../src/receiving/evictions.ts'
import { blankChat, blankContact } from '../../src/storage/chat-cache.ts'
import type { ChatRecord, ContactRecord } from '../../src/storage/records.ts'
import type { Unit } from '../../src/storage/stores/store.ts'
import type { ChatRef } from '../../src/types.ts'
import { accepted, inside, somebody } from '../support/core.ts'

const [alice, bob, carol] = [somebody(), somebody(), somebody()] as const
const person = (publicKey: Uint8Array): ChatRef => ({ kind: 'one-to-one', publicKey })
const group = (id: string): ChatRef => ({ kind: 'group', id })

type Chat = Pick<ChatRecord, 'chat'> & Partial<ChatRecord>
type Contact = Pick<ContactRecord, 'publicKey'> & Partial<ContactRecord>

/** What makes room over some chats and people; `run` commits what it stages. */
async function evicting(chats: readonly Chat[], contacts: readonly Contact[] = []) {
  const { core, heard, take } = await inside()
  const evictions = createEvictions(core)
  const run = async <T>(stage: (unit: Unit) => T | Promise<T>): Promise<T> => {
    const unit = core.store.unit()
    const result = await stage(unit)
    await unit.commit()
    return result
  }
  await run(unit => {
    for (const chat of chats) core.chatCache.putChat(unit, { ...blankChat(chat.chat), ...chat })
    for (const contact of contacts) core.chatCache.putContact(unit, { ...blankContact(contact.publicKey), ...contact })
  })
  const left = () => core.chatCache.chats().map(({ chat }) => chat)
  return { core, heard, take, evictions, run, left }
}

test('the oldest request makes room, whatever else is older, and it is told', async () => {
  const { evictions, run, left, heard } = await evicting([
    { chat: person(alice), request: true, openedMs: 2 },
    { chat: person(bob), request: true, openedMs: 1 },
    { chat: person(carol), request: true, openedMs: 3 },
    { chat: { kind: 'public', name: 'room' } }
  ])
  expect(await run(evictions.requests)).toBe(3)
  await run(evictions.forRequest)
  expect(left()).not.toContainEqual(person(bob))
  expect(left()).toHaveLength(3)
  expect(heard.notice).toEqual([{ kind: 'chat-evicted', chat: person(bob) }])
  // What an earlier release kept without a time is the oldest.
  const again = await evicting([
    { chat: person(alice), request: true, openedMs: 1 },
    { chat: person(bob), request: true }
  ])
  await again.run(again.evictions.forRequest)
  expect(again.left()).toEqual([person(alice)])
})

test('without a request, or an invitation of a stranger, nothing goes', async () => {
  const { evictions, run, left, heard } = await evicting(
    [{ chat: person(alice) }, { chat: group('a'), invitedBy: alice }, { chat: group('joined') }],
    [{ publicKey: alice, added: true }]
  )
  await run(evictions.forRequest)
  await run(evictions.forInvitation)
  expect([left().length, heard.notice]).toEqual([3, []])
})

test('invitations of strangers are counted apart from those of contacts, and their oldest makes room', async () => {
  const { evictions, run, left } = await evicting(
    [
      { chat: group('contact'), invitedBy: alice, openedMs: 1 },
      { chat: group('late'), invitedBy: bob, openedMs: 3 },
      { chat: group('early'), invitedBy: bob, openedMs: 2 },
      { chat: group('other'), invitedBy: carol, openedMs: 4 },
      { chat: group('joined'), openedMs: 0 }
    ],
    [{ publicKey: alice, added: true }]
  )
  const counts = (by: Uint8Array) => run(unit => evictions.invitations(unit, by))
  expect(await counts(bob)).toEqual({ waiting: 3, byAuthor: 2 })
  expect(await counts(alice)).toEqual({ waiting: 3, byAuthor: 1 })
  await run(evictions.forInvitation)
  expect(left().map(chat => (chat.kind === 'group' ? chat.id : ''))).toEqual(['contact', 'late', 'other', 'joined'])
})

test('a contact may put us into groups up to a limit; of strangers the data layer has one of its own', async () => {
  const full = (invitedBy: Uint8Array) =>
    Array.from({ length: limits.groupInvitationsPerContact }, (_, at) => ({
      chat: group(`${invitedBy[1]} ${at}`),
      invitedBy
    }))
  const contacts = [alice, bob].map(publicKey => ({ publicKey, added: true }))
  const { evictions, run } = await evicting([...full(alice), ...full(carol), ...full(bob).slice(1)], contacts)
  const may = (by: Uint8Array) => run(unit => evictions.mayInvite(unit, by))
  expect([await may(alice), await may(bob), await may(carol)]).toEqual([false, true, true])
})

test('of people who are not ours the one seen longest ago makes room, with a chat that holds nothing', async () => {
  const { core, evictions, run, left, heard } = await evicting(
    [{ chat: person(bob), active: false }],
    [
      { publicKey: alice, added: true, seenMs: 1 },
      { publicKey: carol, ensName: 'c', seenMs: 3 },
      { publicKey: bob, ensName: 'b', seenMs: 2 }
    ]
  )
  expect(await run(evictions.strangers)).toBe(2)
  expect(await run(evictions.forStranger)).toBe(true)
  expect([alice, bob, carol].map(key => core.chatCache.knows(key))).toEqual([true, false, true])
  // Nobody saw it: there is nothing to tell.
  expect([left(), heard.notice]).toEqual([[], []])
  expect([await run(evictions.forStranger), core.chatCache.knows(carol)]).toEqual([true, false])
  expect(await run(evictions.forStranger)).toBe(false)
})

test.each<Partial<ContactRecord>>([
  { added: true },
  { blocked: true },
  { minimum: 'any' },
  { pfs: 'off' },
  { name: 'my friend' }
])('a person of whom we have set %j is ours and stays', async ours => {
  const { core, evictions, run } = await evicting([], [{ publicKey: alice, ensName: 'a', ...ours }])
  expect(await run(evictions.forStranger)).toBe(false)
  expect(core.chatCache.knows(alice)).toBe(true)
})

test('a person with an open chat stays; of one whose closed chat holds messages those stay', async () => {
  const open = await evicting([{ chat: person(alice) }], [{ publicKey: alice, ensName: 'a' }])
  expect(await open.run(open.evictions.forStranger)).toBe(false)
  expect(open.left()).toHaveLength(1)
  const closed = await evicting([{ chat: person(alice) }])
  const chat = { kind: 'one-to-one', id: `0x${bytesToHex(alice)}`, publicKey: alice } as const
  expect(await closed.take(accepted(alice, { kind: 'text', text: 'hello' }, chat))).toBe('applied')
  await closed.run(unit => {
    const record = closed.core.chatCache.chat(person(alice), unit) ?? blankChat(person(alice))
    closed.core.chatCache.putChat(unit, { ...record, active: false })
    closed.core.chatCache.putContact(unit, { ...blankContact(alice), ensName: 'a' })
  })
  expect(await closed.run(closed.evictions.forStranger)).toBe(true)
  expect(closed.core.chatCache.knows(alice)).toBe(false)
  expect((await closed.core.messages.page(person(alice), undefined, 9)).map(({ text }) => text)).toEqual(['hello'])
})
