import { limits, outgoing } from '@status-stack/status-data'
import { isPossibleClock } from '@status-stack/status-data/rules'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { importAccount } from '../../src/index.ts'
import { accepted, inside, somebody } from '../support/core.ts'
import { arriving, wrapped } from '../support/inbound.ts'
import {
  chatWith,
  connect,
  during,
  identityOf,
  movableClock,
  type Person,
  person,
  storageKey,
  until
} from '../support/world.ts'

const years = 20 * 365 * 86_400_000
const room = { kind: 'public', name: 'room' } as const

test('retention beyond messagesPerChat leaves a chat that goes on: new messages come and our own are sent', async () => {
  const clock = movableClock()
  const bob = await person('bob', { messagesPerChat: 10, clock })
  const alice = await person('alice', { clock })
  await during([alice, bob], async () => {
    connect(alice, bob)
    for (let index = 0; index < 15; index += 1) await alice.client.send(chatWith(bob), { text: `m${index}` })
    await until('all came', () => bob.texts().length === 15)
    clock.forward(61_000)
    await bob.client.tick()
    await until('tidied', async () => (await bob.client.messages(chatWith(alice))).length === 10)
    const next = await alice.client.send(chatWith(bob), { text: 'after' })
    await until('it came', () => bob.texts().includes('after'))
    await until('acknowledged', async () => (await alice.client.ledger(next.messageId))?.complete === true)
    await bob.client.send(chatWith(alice), { text: 'and back' })
    await until('answered', () => alice.texts().includes('and back'))
    expect(bob.refusals().filter(({ reason }) => reason === 'chat-deleted' || reason === 'chat-trimmed')).toEqual([])
  })
})

test('what our retention alone keeps from being stored is not acknowledged, and told as not final', async () => {
  const world = await arriving()
  const now = world.core.clock.nowMs()
  const texts = [1, 2, 3].map(index => wrapped('alice', `m${index}`, now - 1000 + index))
  const late = wrapped('alice', 'late', now - 1000)
  await world.deliver({ bodies: texts, synced: true })
  const chat = { kind: 'one-to-one', publicKey: identityOf('alice').publicKey } as const
  const unit = world.core.store.unit()
  await world.core.messages.purge(unit, chat, { limit: 2, nowMs: now, by: 'retention' })
  await unit.commit()
  world.acknowledged.length = 0
  await world.deliver({ bodies: [late], synced: true })
  expect(world.refusals.at(-1)).toMatchObject({ layer: 'quota', reason: 'chat-trimmed', final: false, expected: true })
  expect(world.acknowledged).toEqual([])
  // A copy of one that was deleted is known by its id.
  await world.deliver({ bodies: texts.slice(0, 1), synced: true })
  expect(world.acknowledged).toHaveLength(1)
})

test('a deletion clock of an earlier release that lies ahead of all time refuses nothing', async () => {
  const { take, core } = await inside()
  const alice = somebody()
  const chat = { kind: 'one-to-one', id: '', publicKey: alice } as const
  expect(await take(accepted(alice, { kind: 'text', text: 'one' }, chat))).toBe('applied')
  const record = core.chatCache.chat(chat)
  const unit = core.store.unit()
  if (record !== undefined) core.chatCache.putChat(unit, { ...record, deletedAtClock: Number.MAX_SAFE_INTEGER })
  await unit.commit()
  expect(await take(accepted(alice, { kind: 'text', text: 'two' }, chat))).toBe('applied')
})

test('clearing a chat that holds a clock ahead of time swallows nothing that comes later', async () => {
  const world = await arriving()
  const now = world.core.clock.nowMs()
  await world.deliver({ bodies: [wrapped('alice', 'ahead', now + 119_000)] })
  const chat = { kind: 'one-to-one', publicKey: identityOf('alice').publicKey } as const
  const unit = world.core.store.unit()
  await world.core.messages.purge(unit, chat, { limit: 10, nowMs: now, by: 'user' })
  await unit.commit()
  await world.deliver({ bodies: [wrapped('alice', 'next', now + 1)] })
  expect(world.refusals).toEqual([])
  expect(world.core.chatCache.chat(chat)?.count).toBe(1)
})

test('a clock at the edge does not mute a chat: what we write next is accepted by everybody at once', async () => {
  const world = await arriving()
  const { core } = world
  const unit = core.store.unit()
  core.chatCache.putChat(unit, { ...blank(), chat: room })
  await unit.commit()
  const now = core.clock.nowMs()
  const arrival = { kind: 'public', name: 'room' } as const
  const told = (clock: number, sentSeconds: number) =>
    world.deliver({ bodies: [wrapped('mallory', 'edge', clock, 'room')], arrival, protection: 'none', sentSeconds })
  // The data layer believes no envelope time to come: one that is ahead moves the edge no further.
  await told(now + limits.clockAheadMs + 1, now / 1000 + 9)
  expect(world.refusals).toMatchObject([{ reason: 'clock-ahead', final: false }])
  await told(now + limits.clockAheadMs, now / 1000 + 9)
  const lastClock = core.chatCache.chat(room)?.lastClock ?? 0
  expect(lastClock).toBe(now + limits.clockAheadMs)
  const ours = outgoing(room, { kind: 'text', text: 'mine' }, { identity: identityOf('bob'), nowMs: now, lastClock })
  expect(ours.ignoredLastClock).toBe(true)
  const reader = await arriving()
  const joined = reader.core.store.unit()
  reader.core.chatCache.putChat(joined, { ...blank(), chat: room })
  await joined.commit()
  await reader.deliver({ by: 'bob', bodies: [ours.bytes], arrival, protection: 'none', sentSeconds: now / 1000 })
  expect(reader.core.chatCache.chat(room)?.count).toBe(1)
})

const blank = () => ({
  active: true,
  request: false,
  lastClock: 0,
  deletedAtClock: 0,
  unread: 0,
  unreadMentions: 0,
  unseenFrom: 0,
  count: 0
})

test('what earlier releases called retired still keeps what was trimmed from coming back', async () => {
  const { core, take } = await inside()
  const unit = core.store.unit()
  const clock = core.clock.nowMs() - 1000
  unit.put(core.keys.chat(room), { ...blank(), chat: room, retiredAtClock: clock })
  await unit.commit()
  const { openChatCache } = await import('../../src/storage/chat-cache.ts')
  const record = (await openChatCache(core.store, core.keys)).chat(room)
  expect(record).toEqual({ ...blank(), chat: room, trimmedAtClock: clock })
  const again = core.store.unit()
  if (record !== undefined) core.chatCache.putChat(again, record)
  await again.commit()
  const text = accepted(somebody(), { kind: 'text', text: 'old' }, { kind: 'public', id: room.name })
  expect(await take({ ...text, clock })).toBe('chat-trimmed')
  expect(await take({ ...text, clock: clock + 1 })).toBe('applied')
})

/** Someone who sent one message to a friend and one to a chat while their clock was twenty years ahead. */
async function misled(run: (alice: Person, bob: Person) => Promise<void>): Promise<void> {
  const clock = movableClock(years)
  const alice = await person('alice', { clock })
  const bob = await person('bob')
  await during([alice, bob], async () => {
    await alice.client.joinPublic('room')
    await bob.client.joinPublic('room')
    await alice.client.send(room, { text: 'lost' })
    await alice.client.send(chatWith(bob), { text: 'lost too' })
    clock.forward(-years)
    connect(alice, bob)
    await until('linked', () => alice.client.connected())
    await run(alice, bob)
  })
}

const heardInRoom = async (alice: Person, bob: Person, text: string): Promise<void> => {
  const { clock } = await alice.client.send(room, { text })
  expect(isPossibleClock(clock, Date.now())).toBe(true)
  await until(text, () => bob.texts().includes(text))
}

test('one send under a wrong clock blocks no chat; it is told, and the report names the chat', () =>
  misled(async (alice, bob) => {
    await heardInRoom(alice, bob, 'on time')
    expect(alice.events.notice).toMatchObject([{ kind: 'clock-fallback', chat: room }])
    await alice.client.send(chatWith(bob), { text: 'and here' })
    await until('here', () => bob.texts().includes('and here'))
    const { chatsAhead } = await alice.client.clockReport()
    expect(chatsAhead.map(({ chat }) => chat.kind).sort()).toEqual(['one-to-one', 'public'])
    expect(chatsAhead[0]?.aheadMs).toBeGreaterThan(years / 2)
    expect((await bob.client.clockReport()).chatsAhead).toEqual([])
  }))

test('neither leaving and joining nor clearing is needed, and neither breaks what follows', () =>
  misled(async (alice, bob) => {
    await alice.client.leavePublic('room')
    await alice.client.joinPublic('room')
    await heardInRoom(alice, bob, 'joined again')
    await alice.client.clearChat(room)
    await heardInRoom(alice, bob, 'cleared')
    await bob.client.send(room, { text: 'answer' })
    await until('the answer is read', () => alice.texts().includes('answer'))
    expect((await alice.client.clockReport()).chatsAhead.map(({ chat }) => chat.kind)).toEqual(['one-to-one'])
  }))

test('a backup made under a wrong clock goes on when it is restored', () =>
  misled(async (alice, bob) => {
    const backup = await alice.client.exportAccount('a password')
    await alice.client.stop()
    const database = new MemoryLevel()
    await importAccount({ identity: identityOf('alice'), database, storageKey }, backup, 'a password')
    const restored = await person('restored', { identity: 'alice', database })
    await during([restored], async () => {
      connect(restored, bob)
      await until('linked', () => restored.client.connected())
      await heardInRoom(restored, bob, 'restored')
    })
  }))

test('a group event signed under a wrong clock is not followed by others that nobody accepts', async () => {
  const clock = movableClock()
  const alice = await person('alice', { clock })
  const bob = await person('bob')
  await during([alice, bob], async () => {
    const { id } = await alice.client.createGroup('friends', [bob.client.publicKey])
    clock.forward(years)
    await alice.client.renameGroup(id, 'of the future')
    clock.forward(-years)
    connect(alice, bob)
    await until('invited', async () => (await bob.client.chats()).some(chat => chat.id === id))
    await bob.client.joinGroup(id)
    await alice.client.renameGroup(id, 'of today')
    await until('renamed', async () => (await bob.client.chats())[0]?.group?.name === 'of today')
    await alice.client.send({ kind: 'group', id }, { text: 'hello' })
    await until('read', () => bob.texts().includes('hello'))
  })
})

test('contacts whose envelopes are timed wrongly by others move no clock of ours', async () => {
  const world = await arriving()
  const { core } = world
  const before = core.clock.nowMs()
  for (const name of ['alice', 'carol', 'dave']) {
    const unit = core.store.unit()
    core.chatCache.putContact(unit, { ...core.chatCache.contact(identityOf(name).publicKey), added: true })
    await unit.commit()
    const bodies = [wrapped(name, 'hello', before)]
    await world.deliver({ by: name, bodies, sentSeconds: before / 1000 + 60, protection: 'forward-secret' })
  }
  expect(core.clock.nowMs()).toBe(before)
  expect(world.samples).toEqual([before, before, before])
})

for (const offsetMs of [-40_000, 40_000]) {
  test(`with our clock ${offsetMs / 1000} s off nothing arrives, and we are told so`, async () => {
    const alice = await person('alice', { clock: movableClock(offsetMs) })
    const bob = await person('bob')
    await during([alice, bob], async () => {
      connect(alice, bob)
      await until('linked', () => alice.client.connected() && bob.client.connected())
      await bob.client.send(chatWith(alice), { text: 'hello' })
      await alice.client.send(chatWith(bob), { text: 'hello' })
      await until('alice is told', () => alice.events.skew.some(({ warning }) => warning))
      expect((await alice.client.clockReport()).warning).toBe(true)
      expect(alice.events.skew.at(-1)).toMatchObject({ cause: 'envelopes' })
    })
  })
}

test('what waits in the outbox under a wrong clock does not wait until that time', async () => {
  const clock = movableClock(years)
  const alice = await person('alice', { clock })
  const bob = await person('bob')
  await during([alice, bob], async () => {
    let losing = true
    await alice.client.joinPublic('room')
    await bob.client.joinPublic('room')
    connect(alice, bob, { toB: ({ code }) => !losing || code !== 1 })
    await until('linked', () => alice.client.connected())
    const { messageId } = await alice.client.send(room, { text: 'lost' })
    await until('posted', async () => ((await alice.client.ledger(messageId))?.legs[0]?.attempts ?? 0) > 0)
    losing = false
    clock.forward(-years)
    await alice.client.tick()
    await until('posted again', async () => ((await alice.client.ledger(messageId))?.legs[0]?.attempts ?? 0) > 1)
  })
})

test('retention keeps up with what comes: a chat is back at its bound after one pass', async () => {
  const clock = movableClock()
  const bob = await person('bob', { messagesPerChat: 10, clock, timers: false })
  await during([bob], async () => {
    await bob.client.joinPublic('room')
    for (let index = 0; index < 450; index += 1) await bob.client.send(room, { text: `m${index}` })
    clock.forward(61_000)
    await bob.client.tick()
    expect(await bob.client.messages(room, { limit: 1000 })).toHaveLength(10)
  })
})
