import { bytesToHex } from '@status-stack/crypto'
import type { GroupEvent } from '@status-stack/interface'
import { keyId, outgoing } from '@status-stack/status-data'
import { quotaRates, signEvent } from '@status-stack/status-data/rules'
import { encodePayload, payloadTypeNumber, wrap } from '@status-stack/status-data/wire'
import { expect, test } from 'vitest'
import { createChats } from '../../src/people/chats.ts'
import { createGroups } from '../../src/people/groups.ts'
import { blankChat, blankContact } from '../../src/storage/chat-cache.ts'
import { accepted, inside, somebody } from '../support/core.ts'
import { arriving, wrapped } from '../support/inbound.ts'
import { identityOf } from '../support/world.ts'

// The rules are the data layer's and tested there. Here: that they are asked, told what is stored, and obeyed.

type World = Pick<Awaited<ReturnType<typeof inside>>, 'core'>

const now = 1_600_000_000_000
const bob = identityOf('bob')
const mallory = identityOf('mallory')
const direct = (publicKey: Uint8Array) => ({ kind: 'one-to-one', id: keyId(publicKey), publicKey }) as const
const room = { kind: 'public', name: 'room' } as const

async function put(
  { core }: World,
  change: (unit: ReturnType<World['core']['store']['unit']>) => unknown
): Promise<void> {
  const unit = core.store.unit()
  await change(unit)
  await unit.commit()
}

const said = (author: Uint8Array, text: string) => accepted(author, { kind: 'text', text }, direct(author))

/** Another device of ours has added someone. */
function synced(publicKey: Uint8Array, clock: number, self: Uint8Array) {
  const content = { kind: 'sync-contact', publicKey, ensName: 'new.eth', picture: '' } as const
  const effect = { ...content, kind: 'contact-synced', clock } as const
  return { ...accepted(self, content, undefined, [effect]), fromSelf: true, clock }
}

test('a synced contact that we have decided about since is dropped, and a block here outweighs what another device has added', async () => {
  const world = await inside()
  const { core, take } = world
  const [known, blocked] = [somebody(), somebody()]
  await put(world, unit => {
    core.chatCache.putContact(unit, { ...blankContact(known), ensName: 'old.eth', profileClock: 10, decidedClock: 10 })
    core.chatCache.putContact(unit, { ...blankContact(blocked), blocked: true })
  })
  expect(await take(synced(known, 10, core.self))).toBe('stale')
  expect(core.chatCache.contact(known)).toMatchObject({ added: false, ensName: 'old.eth' })
  expect(await take(synced(blocked, 20, core.self))).toBe('contact-blocked')
  expect(core.chatCache.contact(blocked)).toMatchObject({ added: false, blocked: true })
  expect(await take(synced(known, 11, core.self))).toBe('applied')
  expect(core.chatCache.contact(known)).toMatchObject({ added: true, ensName: 'new.eth' })
})

test('somebody whose profile is dated after our adding them on another device is added here all the same', async () => {
  const world = await inside()
  const { core, take } = world
  const person = somebody()
  await put(world, unit =>
    core.chatCache.putContact(unit, { ...blankContact(person), ensName: 'theirs.eth', profileClock: 50 })
  )
  expect(await take(synced(person, 20, core.self))).toBe('applied')
  expect(core.chatCache.contact(person)).toMatchObject({ added: true, ensName: 'theirs.eth', decidedClock: 20 })
  expect(await take(synced(person, 20, core.self))).toBe('stale')
})

test('a public chat that we have left is not joined again by what another device said of it before', async () => {
  const { core, take, forward } = await inside()
  const chats = createChats(
    core,
    { listenTargets: { chatChanged: async () => {} }, sealer: { devices: async () => [] } } as never,
    undefined
  )
  const content = { kind: 'sync-public-chat', name: 'room' } as const
  const synced = (clock: number) => ({ ...accepted(core.self, content, undefined), fromSelf: true, clock })
  const isOpen = () => core.chatCache.chat(room)?.active === true
  expect(await take(synced(now))).toBe('applied')
  expect(isOpen()).toBe(true)
  forward(60_000)
  await chats.leavePublic('room')
  expect(await take(synced(now + 59_000))).toBe('duplicate')
  expect(isOpen()).toBe(false)
  expect(await take(synced(now + 60_001))).toBe('applied')
  expect(isOpen()).toBe(true)
  // What is joined by hand is not left any more.
  forward(60_000)
  await chats.leavePublic('room')
  await chats.joinPublic('room')
  expect(core.chatCache.chat(room)).not.toHaveProperty('leftMs')
})

test('a key that is no point of the curve is no mention', async () => {
  const { core, take } = await inside({ messageRequests: false })
  const author = somebody()
  const impossible = `0x04${'f'.repeat(128)}`
  await take(said(author, `@${impossible} and @${keyId(core.self)}`))
  const [message] = await core.messages.page(direct(author), undefined, 1)
  expect(message?.mentions).toEqual([core.self])
  expect(core.chatCache.chat(direct(author))?.unreadMentions).toBe(1)
})

test('only a message, an answer or our adding them ends a request; a reaction of the stranger does not', async () => {
  const world = await inside()
  const { core, take } = world
  const [stranger, added] = [somebody(), somebody()]
  const first = said(stranger, 'hello')
  expect(await take(first)).toBe('applied')
  const messageId = `0x${bytesToHex(first.messageId)}`
  const reaction = accepted(stranger, { kind: 'reaction', messageId, emoji: 'love' }, direct(stranger))
  expect(await take(reaction)).toBe('applied')
  expect(core.chatCache.chat(direct(stranger))?.request).toBe(true)
  expect(await take(said(added, 'hello'))).toBe('applied')
  await put(world, unit => core.chatCache.putContact(unit, { ...blankContact(added), added: true }))
  expect(await take(said(added, 'again'))).toBe('applied')
  expect(core.chatCache.chat(direct(added))?.request).toBe(false)
})

test('a stranger of whom nothing is known but that they wrote takes no record', async () => {
  const { core, take } = await inside()
  const author = somebody()
  expect(await take(said(author, 'hello'))).toBe('applied')
  expect(core.chatCache.knows(author)).toBe(false)
})

test('clearing a chat whose last clock is ahead of time deletes what has a clock up to now, and nothing later', async () => {
  const world = await inside()
  const { core, take } = world
  const author = somebody()
  const chat = direct(author)
  expect(await take({ ...said(author, 'ahead'), clock: now + 60_000 })).toBe('applied')
  await put(world, unit => core.messages.purge(unit, chat, { limit: 10, nowMs: now, by: 'user' }))
  expect(await take({ ...said(author, 'before'), clock: now })).toBe('chat-deleted')
  expect(await take({ ...said(author, 'after'), clock: now + 1 })).toBe('applied')
})

test('what comes for a chat that was cleared is expected traffic', async () => {
  const world = await arriving()
  await put(world, unit =>
    world.core.chatCache.putChat(unit, { ...blankChat(room), deletedAtClock: now - 1000, lastClock: now - 1000 })
  )
  const arrival = { kind: 'public', name: room.name } as const
  await world.deliver({ bodies: [wrapped('alice', 'old', now - 2000, room.name)], arrival, protection: 'none' })
  expect(world.refusals).toMatchObject([{ reason: 'chat-deleted', final: true, expected: true }])
})

test('what leaves nothing behind costs its author nothing, however often others repeat it', async () => {
  const world = await arriving()
  await put(world, unit => world.core.chatCache.putChat(unit, blankChat(room)))
  const identity = identityOf('alice')
  const advertised = wrap(
    payloadTypeNumber('contact-code-advertisement'),
    encodePayload({ name: 'contact-code-advertisement', message: { pushNotificationInfo: [] } }),
    identity
  )
  const arrival = { kind: 'public', name: room.name } as const
  for (let index = 0; index < quotaRates.stranger.burst + 1; index += 1) {
    await world.deliver({ bodies: [advertised], arrival, protection: 'none' })
  }
  await world.deliver({ bodies: [wrapped('alice', 'news', now, room.name)], arrival, protection: 'none' })
  expect(world.refusals).toEqual([])
  expect(world.core.chatCache.chat(room)?.count).toBe(1)
})

test('in a public chat a stranger has the quota of strangers, also when we write there', async () => {
  const world = await inside()
  const { core, apply } = world
  await put(world, unit => core.chatCache.putChat(unit, blankChat(room)))
  const author = somebody()
  const how = { shown: 'public', source: 'live', old: false, counted: true } as const
  const unit = core.store.unit()
  const reasons = new Set<string>()
  let taken = 0
  for (let index = 0; index < quotaRates.stranger.burst + 5; index += 1) {
    const outcome = await apply.apply(
      unit,
      accepted(author, { kind: 'text', text: 'x' }, { kind: 'public', id: 'room' }),
      how
    )
    if (outcome.kind === 'applied') taken += 1
    if (outcome.kind === 'refused') reasons.add(`${outcome.layer} ${outcome.reason} ${outcome.final}`)
  }
  await unit.commit()
  expect(taken).toBe(quotaRates.stranger.burst)
  expect([...reasons]).toEqual(['quota author-rate false'])
})

const groupId = `00000000-0000-4000-8000-000000000002-${keyId(mallory.publicKey)}`
const group = { kind: 'group', id: groupId } as const

const event = (clock: number, type: number, members: readonly Uint8Array[], name = '', by = mallory): GroupEvent =>
  signEvent(groupId, { clock: BigInt(clock), members: members.map(keyId), name, type }, by)

const history = (events: readonly GroupEvent[]) =>
  accepted(mallory.publicKey, { kind: 'group-update' }, group, [{ kind: 'group-events', chatId: groupId, events }])

test('an order of events that is learnt later changes the group, though it brings no new event', async () => {
  const { core, take, groups } = await inside()
  const base = [event(1, 1, [], 'first'), event(2, 3, [bob.publicKey])]
  const names = [event(3, 2, [], 'one'), event(3, 2, [], 'two')]
  expect(await take(history([...base, ...names]))).toBe('applied')
  const before = groups.info(groupId)?.name
  const last = names.find(({ name }) => name !== before)
  const ordered = [...names.filter(one => one !== last), ...names.filter(one => one === last)]
  const claimed = ordered.map((one, place) => ({ ...one, place }))
  expect(await take(history([...base, ...claimed]))).toBe('applied')
  expect(groups.info(groupId)?.name).toBe(last?.name)
  expect(core.chatCache.chat(group)?.events).toHaveLength(4)
  expect(await take(history([...base, ...claimed]))).toBe('duplicate')
  // The order lies in the store, and is there after a restart.
  expect(createGroups(core, { groupChanged: () => {} }).info(groupId)?.name).toBe(last?.name)
})

test('a stored history is opened when it is asked for, beside the work of others, and then known', async () => {
  const { core, take } = await inside()
  await take(history([event(1, 1, [], 'first'), event(2, 3, [bob.publicKey])]))
  const again = createGroups(core, { groupChanged: () => {} })
  expect(again.knownEvents(groupId)).toEqual([])
  expect((await again.open(groupId))?.name).toBe('first')
  expect(again.knownEvents(groupId)).toHaveLength(2)
})

test('who is in a group and has not joined says nothing about its messages, nor hears of them before we join', async () => {
  const { take } = await inside()
  const carol = identityOf('carol')
  const invited = [event(1, 1, [], 'first'), event(2, 3, [bob.publicKey, carol.publicKey])]
  await take(history(invited))
  const reaction = { kind: 'reaction', messageId: `0x${'1'.repeat(64)}`, emoji: 'love' } as const
  expect(await take(accepted(mallory.publicKey, reaction, group))).toBe('not-a-member')
  await take(history([...invited, event(3, 4, [], '', bob)]))
  expect(await take(accepted(mallory.publicKey, reaction, group))).toBe('applied')
  expect(await take(accepted(carol.publicKey, reaction, group))).toBe('author-not-a-member')
})

test('a refused group message leaves neither its events nor a chat behind', async () => {
  const { core, take, groups } = await inside()
  const update = history([event(1, 1, [], 'first'), event(2, 3, [bob.publicKey])])
  const text = { ...update, content: { kind: 'text', text: 'not joined' } as const }
  expect(await take(text)).toBe('not-a-member')
  expect(core.chatCache.chats()).toEqual([])
  expect(groups.info(groupId)).toBeUndefined()
})

test('notes for messages that have not come, as earlier releases stored them, make room when their messages come', async () => {
  const world = await inside()
  const { core, take } = world
  await put(world, unit => core.chatCache.putChat(unit, blankChat(room)))
  const author = somebody()
  const awaited = accepted(author, { kind: 'text', text: 'late' }, { kind: 'public', id: room.name })
  const messageId = `0x${bytesToHex(awaited.messageId)}`
  const note = { kind: 'reaction', author, clock: 1, atMs: 1, emoji: 'love', retracted: false } as const
  await put(world, unit => {
    unit.put(core.keys.note(messageId, note), note)
    unit.put(core.keys.earlyBefore(room, messageId, note), {})
  })
  expect(await take(awaited)).toBe('applied')
  const left: string[] = []
  for await (const key of core.store.keys(core.keys.earlyOf(room))) left.push(key)
  expect(left).toEqual([])
})

test('an own message is stored though our clock is behind what was deleted', async () => {
  const world = await inside()
  const { core, apply } = world
  const record = { ...blankChat(room), deletedAtClock: now + 110_000, lastClock: now + 110_000 }
  await put(world, unit => core.chatCache.putChat(unit, record))
  const { local } = outgoing(room, { kind: 'text', text: 'mine' }, { identity: bob, nowMs: now })
  const unit = core.store.unit()
  const outcome = await apply.apply(unit, local, { shown: 'public', source: 'local', old: false })
  await unit.commit()
  expect(outcome.kind).toBe('applied')
})

test('copies of an edit and of a deletion are no refusals; an older edit, and an edit of what is deleted, are', async () => {
  const { core, take } = await inside({ messageRequests: false })
  const author = somebody()
  const message = said(author, 'first')
  await take(message)
  const messageId = `0x${bytesToHex(message.messageId)}`
  const edit = { ...accepted(author, { kind: 'edit', messageId, text: 'second' }, direct(author)), clock: now + 5 }
  const remove = accepted(author, { kind: 'delete', messageId }, direct(author))
  expect(await take(edit)).toBe('applied')
  expect(await take(edit)).toBe('duplicate')
  expect(await take({ ...edit, clock: now + 4 })).toBe('stale')
  expect((await core.messages.record(messageId as `0x${string}`))?.text).toBe('second')
  expect(await take(remove)).toBe('applied')
  expect(await take(remove)).toBe('duplicate')
  expect(await take({ ...edit, clock: now + 6 })).toBe('stale')
})
