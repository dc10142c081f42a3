import { bytesToHex, randomBytes } from '@status-stack/crypto'
import type { Accepted, Admitted } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { createApply } from '../../src/receiving/apply.ts'
import { accepted, inside, somebody } from '../support/core.ts'
import { admitted, alice, chatOf, hello, judged, refOf, refused } from '../support/judged.ts'

test('a quota is remembered of what was stored, and of nothing else', async () => {
  const { take, known, answers } = await judged()
  const quota = (left: number) => ({ left, atMs: 1 }) as unknown as NonNullable<Admitted['quota']>
  answers({ ...admitted, quota: quota(1) })
  await take(hello())
  await take(hello())
  expect(known.map(facts => facts.quota)).toEqual([undefined, quota(1)])
  // It names a contact code: nothing of it is kept.
  await take(accepted(alice, { kind: 'contact-code' }, undefined))
  answers({ ...admitted, quota: quota(2) })
  expect(await take(accepted(alice, { kind: 'contact-code' }, undefined))).toBe('duplicate')
  answers(admitted)
  await take(hello())
  expect(await take(hello())).toBe('applied')
  expect(known.at(-1)?.quota).toEqual(quota(1))
})

test('what we send ourselves is never over a rate', async () => {
  const { core, apply } = await judged()
  const poor = createApply(
    { ...core, data: { ...core.data, spendQuota: () => undefined } },
    {
      sealer: { devices: async () => [] },
      groups: (await inside()).groups,
      chatOpened: () => {},
      contactChanged: () => {},
      nameClaimed: () => {}
    }
  )
  expect([poor.spend(core.self), poor.spend(alice), apply.spend(alice)]).toEqual([true, false, true])
})

test('a refusal is passed on as it is; one that is stale and stored is a copy', async () => {
  const { core, take, answers, apply } = await judged()
  answers(refused('clock-ahead', { final: false, expected: true }))
  const unit = core.store.unit()
  expect(await apply.apply(unit, hello(), { shown: 'public', source: 'live', old: false })).toStrictEqual({
    kind: 'refused',
    layer: 'data',
    reason: 'clock-ahead',
    final: false,
    expected: true
  })
  answers(refused('stale'))
  expect(await take(hello())).toBe('stale')
  const reaction = accepted(alice, { kind: 'reaction', messageId: '0x1', emoji: 'love' }, chatOf(alice))
  answers(admitted)
  await take(reaction)
  answers(refused('stale'))
  expect(await take({ ...reaction, messageId: randomBytes(32) })).toBe('duplicate')
})

test('a person of whom something is said is recorded, with the time; of whom nothing is said, only if they are known', async () => {
  const { core, take, stored, answers, told, forward } = await judged()
  const unknown = core.data.contacts.unknown
  answers({ ...admitted, contact: unknown })
  await take(hello())
  expect(core.chatCache.knows(alice)).toBe(false)
  forward(5)
  answers({ ...admitted, contact: { ...unknown, ensName: 'alice.eth' } })
  await take(hello())
  expect(core.chatCache.contact(alice)).toMatchObject({ ensName: 'alice.eth', seenMs: core.clock.nowMs() })
  expect(told).toEqual([['name', alice]])
  await take(accepted(alice, { kind: 'contact-update', ensName: 'alice.eth', picture: '' }, chatOf(alice)))
  expect(told.slice(1)).toEqual([['contact', alice]])
  answers({ ...admitted, contact: unknown })
  await take(hello())
  expect(core.chatCache.contact(alice).ensName).toBe('')
  expect(told).toHaveLength(2)
  await stored([], [{ publicKey: alice, pfs: 'off' }])
  answers({ ...admitted, contact: { ...unknown, ensName: 'alice.eth' } })
  await take(hello())
  // Our own rules for a person stay.
  expect(core.chatCache.contact(alice).pfs).toBe('off')
})

test('a person whom another device of ours has added is recorded here, and told', async () => {
  const { core, take, answers, told } = await judged()
  const synced = { ...core.data.contacts.unknown, added: true }
  answers({ ...admitted, syncedContact: synced })
  const content = { kind: 'sync-contact', publicKey: alice, ensName: '', picture: '' } as const
  const message: Accepted = { ...accepted(core.self, content as Accepted['content'], undefined), fromSelf: true }
  expect(await take(message)).toBe('applied')
  expect(core.chatCache.contact(alice).added).toBe(true)
  expect(told).toEqual([['contact', alice]])
})

test('a chat is opened as a request or not, closed, or answered, as the data layer says', async () => {
  const { core, take, answers, told } = await judged()
  const chat = () => core.chatCache.chat(refOf(alice))
  answers({ ...admitted, createsChat: 'inactive' })
  await take(hello())
  expect([chat()?.active, chat()?.openedMs, told]).toEqual([false, undefined, []])
  answers({ ...admitted, as: 'request', createsChat: 'active' })
  await take(hello())
  expect(chat()).toMatchObject({ active: true, request: true, openedMs: core.clock.nowMs() })
  expect(told).toEqual([['chat', refOf(alice)]])
  answers({ ...admitted, as: 'request' })
  await take(hello())
  expect(chat()?.request).toBe(true)
  answers(admitted)
  await take(accepted(alice, { kind: 'reaction', messageId: '0x1', emoji: 'love' }, chatOf(alice)))
  expect(chat()?.request).toBe(true)
  await take(hello())
  expect(chat()?.request).toBe(false)
  answers({ ...admitted, createsChat: 'active' })
  await take(hello(somebody()))
  expect(core.chatCache.chats().filter(({ openedMs }) => openedMs === undefined)).toHaveLength(1)
})

test('a public chat that another device of ours has joined is opened once', async () => {
  const { core, take, told } = await judged()
  const sync = (): Accepted => ({
    ...accepted(core.self, { kind: 'sync-public-chat', name: 'room' } as Accepted['content'], undefined),
    fromSelf: true
  })
  expect([await take(sync()), await take(sync())]).toEqual(['applied', 'applied'])
  expect(core.chatCache.chat({ kind: 'public', name: 'room' })).toMatchObject({ active: true, request: false })
  expect(told).toEqual([['chat', { kind: 'public', name: 'room' }]])
})

test('a message is stored as it came, and told', async () => {
  const { core, take, heard } = await judged()
  const message: Accepted = {
    ...accepted(alice, { kind: 'text', text: 'hello', replyTo: '0x1' }, chatOf(alice)),
    fromSelf: false
  }
  await take(message, { device: 'phone', old: true, source: { mailserver: 'server' } })
  const shown = {
    text: 'hello',
    replyTo: '0x1',
    author: alice,
    outgoing: false,
    clock: message.clock,
    timestampMs: message.timestamp,
    protection: 'static-key',
    source: { mailserver: 'server' },
    device: 'phone',
    old: true
  }
  expect(heard.message).toMatchObject([shown])
  await take(hello())
  const [last] = await core.messages.page(refOf(alice), undefined, 1)
  for (const name of ['device', 'old', 'replyTo', 'replaces']) expect(last?.[name as 'device']).toBeUndefined()
})

test('events that a group does not take refuse the message that carries them, for good', async () => {
  const merged: unknown[] = []
  const { core, apply, take, stored, known, answers } = await judged([], {
    merge: async (_unit, id, events) => {
      merged.push([id, events])
      return { kind: 'refused', reason: 'event-signature', of: 'received' }
    }
  })
  const group = { kind: 'group', id: 'g' } as const
  const message = (): Accepted => ({
    ...accepted(alice, { kind: 'text', text: 'hello' }, group),
    effects: [{ kind: 'group-events', chatId: 'g', events: [] }]
  })
  const unit = core.store.unit()
  expect(await apply.apply(unit, message(), { shown: 'public', source: 'live', old: false })).toMatchObject({
    reason: 'event-signature',
    final: true
  })
  expect([merged, known]).toEqual([[['g', []]], []])
  // What somebody says whom we have blocked is not even looked at.
  await stored([], [{ publicKey: alice, blocked: true }])
  answers(refused('blocked'))
  expect(await take(message())).toBe('blocked')
  expect(merged).toHaveLength(1)
})

test('a message that is stored brings no events a second time', async () => {
  let merges = 0
  const { take, answers } = await judged([], {
    merge: async () => {
      merges += 1
      return { kind: 'refused', reason: 'event-signature', of: 'received' }
    }
  })
  const message = hello()
  await take(message)
  answers(refused('duplicate'))
  const effects = [{ kind: 'group-events', chatId: 'g', events: [] }] as const
  expect([await take({ ...message, effects }), merges]).toEqual(['duplicate', 0])
})

test('only what is stale can be a copy; a deletion is one where the message is deleted', async () => {
  const { take, answers } = await judged()
  const message = hello()
  const messageId = `0x${bytesToHex(message.messageId)}`
  const reaction = accepted(alice, { kind: 'reaction', messageId, emoji: 'love' }, chatOf(alice))
  await take(message)
  await take(reaction)
  answers(refused('target-chat'))
  expect(await take({ ...reaction, messageId: randomBytes(32) })).toBe('target-chat')
  answers(refused('stale'))
  const remove = () => accepted(alice, { kind: 'delete', messageId }, chatOf(alice))
  expect(await take(remove())).toBe('stale')
  answers(admitted)
  await take(remove())
  answers(refused('stale'))
  expect(await take(remove())).toBe('duplicate')
})
