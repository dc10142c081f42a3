import { limits as dataLimits, outgoing } from '@status-stack/status-data'
import { quotaRates } from '@status-stack/status-data/rules'
import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { blankChat, blankContact } from '../../src/storage/chat-cache.ts'
import { arriving, idOf, wrapped } from '../support/inbound.ts'
import { identityOf, until } from '../support/world.ts'

const alice = identityOf('alice').publicKey
const week = 7 * 86_400_000

type World = Awaited<ReturnType<typeof arriving>>

async function befriend({ core }: World, name = 'alice'): Promise<void> {
  const unit = core.store.unit()
  core.chatCache.putContact(unit, { ...blankContact(identityOf(name).publicKey), added: true })
  await unit.commit()
}

async function joinRoom({ core }: World): Promise<void> {
  const unit = core.store.unit()
  core.chatCache.putChat(unit, blankChat({ kind: 'public', name: 'room' }))
  await unit.commit()
}

const room = { kind: 'public', name: 'room' } as const

test('one old message repeated by others does not use up the share of its author', async () => {
  const world = await arriving()
  await joinRoom(world)
  const now = world.core.clock.nowMs()
  const old = wrapped('alice', 'again', now, 'room')
  for (let index = 0; index < quotaRates.stranger.burst * 2; index += 1) {
    await world.deliver({ bodies: [old], arrival: room, protection: 'none' })
  }
  await world.deliver({ bodies: [wrapped('alice', 'news', now + 1, 'room')], arrival: room, protection: 'none' })
  expect(world.refusals).toEqual([])
  await world.core.background.idle()
  expect(world.heard.message.map(({ text }) => text)).toEqual(['again', 'news'])
})

test('messages of an author that we refuse do not count either, wherever others repeat them', async () => {
  const world = await arriving()
  await joinRoom(world)
  const now = world.core.clock.nowMs()
  for (let index = 0; index < quotaRates.stranger.burst + 10; index += 1) {
    const elsewhere = wrapped('alice', `old ${index}`, now + index, 'another room')
    await world.deliver({ bodies: [elsewhere], arrival: room, protection: 'none' })
  }
  await world.deliver({ bodies: [wrapped('alice', 'news', now, 'room')], arrival: room, protection: 'none' })
  await world.core.background.idle()
  expect(world.heard.message.map(({ text }) => text)).toEqual(['news'])
})

test('what others hand on of an author for the first time counts for them, not for the author', async () => {
  const world = await arriving()
  await joinRoom(world)
  const now = world.core.clock.nowMs()
  const count = quotaRates.stranger.burst
  for (let index = 0; index < count; index += 1) {
    const said = wrapped('alice', `old ${index}`, now + index, 'room')
    await world.deliver({ by: 'mallory', bodies: [said], arrival: room, protection: 'none' })
  }
  expect(world.refusals).toEqual([])
  const more = wrapped('carol', 'more', now, 'room')
  await world.deliver({ by: 'mallory', bodies: [more], arrival: room, protection: 'none' })
  expect(world.refusals).toMatchObject([{ reason: 'author-rate', final: false }])
  await world.deliver({ bodies: [wrapped('alice', 'news', now + count, 'room')], arrival: room, protection: 'none' })
  await world.deliver({ by: 'carol', bodies: [more], arrival: room, protection: 'none' })
  expect(world.refusals).toHaveLength(1)
  await world.core.background.idle()
  expect(world.heard.message.slice(-2).map(({ text }) => text)).toEqual(['news', 'more'])
})

test('what a contact hands on has the quota of a contact', async () => {
  const world = await arriving()
  await joinRoom(world)
  await befriend(world, 'carol')
  const now = world.core.clock.nowMs()
  for (let index = 0; index < quotaRates.stranger.burst + 10; index += 1) {
    const said = wrapped('alice', `old ${index}`, now + index, 'room')
    await world.deliver({ by: 'carol', bodies: [said], arrival: room, protection: 'none' })
  }
  expect(world.refusals).toEqual([])
})

test('what was shown and comes again from before the ratchet is an ordinary copy; what was not shown is refused for its protection', async () => {
  const world = await arriving()
  await befriend(world)
  const now = world.core.clock.nowMs()
  const bodies = [wrapped('alice', 'hello', now)]
  await world.deliver({ bodies, synced: true })
  await world.deliver({ bodies, synced: true, strongest: 'forward-secret', receipt: 'a copy' })
  await world.deliver({
    bodies: [...bodies, wrapped('alice', 'new', now + 1)],
    synced: true,
    strongest: 'forward-secret'
  })
  expect(world.refusals).toMatchObject([
    { layer: 'sync', reason: 'replayed', final: true, expected: true },
    { layer: 'policy', reason: 'protection-static-key', final: false, expected: false }
  ])
  expect(world.confirmed).toEqual(['a copy'])
  await world.core.background.idle()
  expect(world.heard.message.map(({ text }) => text)).toEqual(['hello'])
})

test('the rate of an author covers every message of a payload of sync; the rest is not accepted', async () => {
  const world = await arriving()
  await befriend(world)
  await befriend(world, 'carol')
  const now = world.core.clock.nowMs()
  const count = quotaRates.contact.burst + 5
  const bodies = Array.from({ length: count }, (_, index) => wrapped('alice', `m${index}`, now))
  await world.deliver({ bodies, synced: true, receipt: 'r' })
  expect(world.acknowledged).toEqual(Array.from({ length: quotaRates.contact.burst }, (_, i) => idOf(i)))
  expect(world.refusals.map(({ reason, final }) => [reason, final])).toEqual([['author-rate', false]])
  const carols = wrapped('carol', 'mine', now)
  await world.deliver({ by: 'carol', bodies: [carols], synced: true })
  expect(world.acknowledged).toHaveLength(quotaRates.contact.burst + 1)
  world.forward(60_000)
  await world.deliver({ bodies: bodies.slice(-5), synced: true })
  expect(world.acknowledged).toHaveLength(quotaRates.contact.burst + 6)
})

test('what has to wait keeps its key: an unsynced message is not confirmed, a synced one comes again', async () => {
  const world = await arriving()
  const ahead = wrapped('alice', 'tomorrow', world.core.clock.nowMs() + 86_400_000)
  await world.deliver({ bodies: [ahead], receipt: 'unsynced' })
  expect(world.refusals.at(-1)).toMatchObject({ reason: 'clock-ahead', final: false })
  expect(world.confirmed).toEqual([])
  expect(await world.core.store.get(world.core.keys.receipt(new Uint8Array(32)))).toBeUndefined()
  await world.deliver({ bodies: [ahead], synced: true, receipt: 'synced' })
  expect(world.confirmed).toEqual(['synced'])
  expect(world.acknowledged).toEqual([])
  await world.deliver({ bodies: [wrapped('alice', 'today', world.core.clock.nowMs())], receipt: 'shown' })
  expect(world.confirmed).toEqual(['synced', 'shown'])
})

test('a large payload is stored in batches, its key is given up after the last one and before it is accepted', async () => {
  const world = await arriving()
  await befriend(world)
  const now = world.core.clock.nowMs()
  const count = limits.bodiesPerBatch * 3 + 1
  const bodies = Array.from({ length: count }, (_, index) => wrapped('alice', `m${index}`, now))
  world.log.length = 0
  // Others get the chats in between: what queues for them is served after a batch, not after the payload.
  let taken = 0
  const { run } = world.core.state
  Object.assign(world.core.state, {
    run: <T>(task: () => Promise<T>) => {
      taken += 1
      return run(task)
    }
  })
  await world.deliver({ bodies, synced: true, receipt: 'r' })
  expect(taken).toBe(4)
  expect(world.log).toEqual(['stored', 'stored', 'stored', 'stored', 'confirmed', 'stored', 'accepted'])
  expect(world.core.chatCache.chat({ kind: 'one-to-one', publicKey: alice })?.count).toBe(count)
})

test('messages are read before the lock is taken: what is dear about them holds up no one', async () => {
  const world = await arriving()
  await befriend(world)
  let free: () => void = () => {}
  const held = world.core.state.run(
    () =>
      new Promise<void>(resolve => {
        free = resolve
      })
  )
  let read = 0
  const delivered = world.deliver({
    bodies: [wrapped('alice', 'hello', world.core.clock.nowMs())],
    decoded: () => {
      read += 1
    }
  })
  await until('read', () => read === 1)
  free()
  await held
  await delivered
  await world.core.background.idle()
  expect(world.heard.message.map(({ text }) => text)).toEqual(['hello'])
})

test('a message that is much older than its envelope is marked, one from an archive is not', async () => {
  const world = await arriving()
  await joinRoom(world)
  const now = world.core.clock.nowMs()
  const public_ = { arrival: room, protection: 'none' } as const
  await world.deliver({ bodies: [wrapped('alice', 'replayed', now - week, 'room')], ...public_ })
  // Whoever wraps it anew chooses the time of the envelope.
  const sentSeconds = Math.floor((now - week) / 1000)
  await world.deliver({ bodies: [wrapped('alice', 'backdated', now - week + 1, 'room')], sentSeconds, ...public_ })
  const source = { mailserver: 'ab' }
  await world.deliver({ bodies: [wrapped('alice', 'missed', now - week + 2, 'room')], sentSeconds, source, ...public_ })
  await world.deliver({ bodies: [wrapped('alice', 'fresh', now - dataLimits.oldAfterMs, 'room')], ...public_ })
  await world.core.background.idle()
  expect(world.heard.message.map(({ text, old }) => [text, old])).toEqual([
    ['replayed', true],
    ['backdated', true],
    ['missed', undefined],
    ['fresh', undefined]
  ])
})

test('only a forward-secret message that came live says something about our clock, by the time its author signed', async () => {
  const world = await arriving()
  const now = world.core.clock.nowMs()
  const sentSeconds = Math.floor(now / 1000) + 9
  const message = wrapped('alice', 'one', now - 500)
  await world.deliver({ bodies: [message], sentSeconds, protection: 'static-key' })
  expect(world.samples).toEqual([])
  await world.deliver({ bodies: [wrapped('alice', 'two', now - 400)], sentSeconds, protection: 'forward-secret' })
  await world.deliver({ bodies: [message], sentSeconds, protection: 'forward-secret' })
  const archived = { source: { mailserver: 'ab' }, protection: 'forward-secret' } as const
  await world.deliver({ bodies: [wrapped('alice', 'three', now)], sentSeconds, ...archived })
  expect(world.samples).toEqual([now - 400])
})

test('a copy that came with less protection weakens what is shown of a message', async () => {
  const world = await arriving()
  const message = wrapped('alice', 'one', world.core.clock.nowMs())
  const shown = async () => {
    const chat = { kind: 'one-to-one', publicKey: alice } as const
    return (await world.core.messages.page(chat, undefined, 1))[0]?.protection
  }
  await world.deliver({ bodies: [message], protection: 'forward-secret' })
  expect(await shown()).toBe('forward-secret')
  await world.deliver({ bodies: [message], protection: 'static-key' })
  expect(await shown()).toBe('static-key')
  await world.deliver({ bodies: [message], protection: 'forward-secret' })
  expect(await shown()).toBe('static-key')
})

test('our own reaction coming back is no refusal; what something newer has overtaken is expected', async () => {
  const world = await arriving()
  await joinRoom(world)
  const now = world.core.clock.nowMs()
  const message = wrapped('alice', 'hello', now, 'room')
  await world.deliver({ bodies: [message], arrival: room, protection: 'none' })
  await world.core.background.idle()
  const messageId = world.heard.message[0]?.messageId ?? ''
  const react = (by: string, retracted: boolean, nowMs: number) =>
    outgoing(
      { kind: 'public', name: 'room' },
      { kind: 'reaction', messageId, emoji: 'love', retracted },
      { identity: identityOf(by), nowMs }
    )
  const ours = react('bob', false, now + 1)
  const unit = world.core.store.unit()
  await world.apply.apply(unit, ours.local, { shown: 'public', source: 'local', old: false })
  await unit.commit()
  await world.deliver({ by: 'bob', bodies: [ours.bytes], arrival: room, protection: 'none' })
  expect(world.refusals).toEqual([])
  const earlier = react('alice', false, now + 2)
  const later = react('alice', true, now + 3)
  for (const { bytes } of [later, later, earlier]) {
    await world.deliver({ bodies: [bytes], arrival: room, protection: 'none' })
  }
  expect(world.refusals.map(({ reason, expected }) => [reason, expected])).toEqual([['stale', true]])
  await world.deliver({ bodies: [Uint8Array.of(1, 2, 3)], arrival: room, protection: 'none' })
  expect(world.refusals.at(-1)).toMatchObject({ expected: false })
})

test('notes for messages that have not come are refused for now where sync repeats them', async () => {
  const world = await arriving()
  await befriend(world)
  const now = world.core.clock.nowMs()
  await world.deliver({ bodies: [wrapped('alice', 'hello', now)], synced: true })
  const chat = { kind: 'one-to-one', publicKey: identityOf('bob').publicKey } as const
  const edit = (index: number) =>
    outgoing(
      chat,
      { kind: 'edit', messageId: `0x${index.toString(16).padStart(64, '0')}`, text: 'x' },
      { identity: identityOf('alice'), nowMs: now + index }
    ).bytes
  const bodies = Array.from({ length: dataLimits.earlyAnnotationsPerAuthor + 1 }, (_, index) => edit(index))
  world.acknowledged.length = 0
  await world.deliver({ bodies, synced: true })
  expect(world.refusals).toMatchObject([{ reason: 'early-note-quota', layer: 'quota', final: false }])
  expect(world.acknowledged).toHaveLength(dataLimits.earlyAnnotationsPerAuthor)
})

test('messages are told no slower than they are stored: a backlog of listeners holds deliveries back', async () => {
  const world = await arriving()
  await joinRoom(world)
  let release: () => void = () => {}
  world.core.announce('slow', () => new Promise<void>(resolve => (release = resolve)))
  for (let index = 0; index < limits.announcements; index += 1) world.core.announce('told', async () => {})
  const body = wrapped('alice', 'hello', world.core.clock.nowMs(), 'room')
  let handled = false
  const delivered = world.deliver({ bodies: [body], arrival: room, protection: 'none' }).then(() => {
    handled = true
  })
  await until('stored', () => world.core.chatCache.chat({ kind: 'public', name: 'room' })?.count === 1)
  expect(handled).toBe(false)
  release()
  await delivered
  expect(handled).toBe(true)
})
