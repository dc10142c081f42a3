import type { Audience } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import type { OutboxRecord } from '../../src/storage/records.ts'
import { somebody } from '../support/core.ts'
import { idOf, outboxOf } from '../support/outbox.ts'

test('800 public messages whose confirmations come late are posted 800 times, in the order of sending', async () => {
  const { outbox, posts, queue, left, confirmAll, settled, forward, core, failures } = await outboxOf()
  for (let each = 0; each < 800; each += 1) {
    await queue(1)
    core.background.run('outbox', outbox.pump)
  }
  await outbox.pump()
  for (let round = 0; round < 40; round += 1) {
    // Longer than a confirmation is waited for: what is posted and followed is not due again.
    forward(61_000)
    await outbox.pump()
    for (const { confirm } of posts) confirm(true)
    await settled()
  }
  await confirmAll()
  expect(posts.map(({ id }) => id)).toEqual(Array.from({ length: 800 }, (_, index) => idOf(index + 1)))
  expect(await left()).toBe(0)
  expect(failures).toEqual([])
})

test('a confirmation that comes while others are being posted cancels the retry of its own', async () => {
  const { outbox, posts, queue, left, confirmAll, core } = await outboxOf()
  await queue(3)
  const pumping = outbox.pump()
  while (posts.length === 0) await new Promise(resolve => setImmediate(resolve))
  posts[0]?.confirm(true)
  await pumping
  await core.deliveries.idle()
  await outbox.pump()
  expect(posts).toHaveLength(3)
  await confirmAll()
  await outbox.pump()
  expect(posts).toHaveLength(3)
  expect(await left()).toBe(0)
})

test('no more than the limit are posted and unconfirmed, and each confirmation lets one more go', async () => {
  const { outbox, posts, queue, left, confirmAll, settled } = await outboxOf()
  const count = limits.postsUnconfirmed + 70
  await queue(count)
  await outbox.pump()
  await outbox.pump()
  expect(posts).toHaveLength(limits.postsUnconfirmed)
  posts[0]?.confirm(true)
  await settled()
  expect(posts).toHaveLength(limits.postsUnconfirmed + 1)
  await confirmAll()
  expect(posts).toHaveLength(count)
  expect(await left()).toBe(0)
})

test('a pump of a long outbox reads pages, offline nothing, and nothing while no more may be posted', async () => {
  let online = false
  const { outbox, queue, during } = await outboxOf({ connected: () => online })
  await queue(limits.outboxKept + 500)
  expect(await during(outbox.pump)).toEqual({ gets: 0, ranges: 1, entries: 0 })
  online = true
  const first = await during(outbox.pump)
  // That it is too long to be kept is learnt once.
  expect(first.entries).toBe(limits.outboxKept + 1 + limits.postsUnconfirmed)
  expect(await during(outbox.pump)).toEqual({ gets: 0, ranges: 0, entries: 0 })
})

test('what is queued while we run is handed over unread, and so is what an earlier run left once it has been read', async () => {
  const taken: string[] = []
  const { outbox, queue, during, left } = await outboxOf({ enqueue: async ({ tracking }) => void taken.push(tracking) })
  await queue(3, { kind: 'sync', peers: [somebody()] })
  // What had been stored before the first look.
  expect((await during(outbox.pump)).entries).toBe(3)
  await queue(5, { kind: 'sync', peers: [somebody()] })
  const { ranges, entries } = await during(outbox.pump)
  expect([ranges, entries]).toEqual([0, 0])
  expect(taken).toEqual(Array.from({ length: 8 }, (_, index) => idOf(index + 1)))
  expect(await left()).toBe(0)
})

test('more than is kept in memory is handed over in pages, in order, and what follows is kept again', async () => {
  const taken: string[] = []
  let full = true
  const { outbox, queue, during, left } = await outboxOf({
    enqueue: async ({ tracking }) => {
      if (full) throw Object.assign(new Error('full'), { code: 'too-many-pending', origin: 'caller' })
      taken.push(tracking)
    }
  })
  await outbox.pump()
  const count = limits.outboxKept + 2 * limits.outboxPage
  await queue(count, { kind: 'sync', peers: [somebody()] })
  expect((await during(outbox.pump)).entries).toBe(limits.outboxPage)
  full = false
  await outbox.pump()
  expect(new Set(taken).size).toBe(count)
  expect(await left()).toBe(0)
  await outbox.pump()
  await queue(1, { kind: 'sync', peers: [somebody()] })
  expect(await during(outbox.pump)).toMatchObject({ ranges: 0, entries: 0 })
  expect(taken).toHaveLength(count + 1)
})

test('pumps that are asked for while one waits for its turn are one pump', async () => {
  const { outbox, during, queue } = await outboxOf({ connected: () => false })
  await queue(10)
  const { ranges } = await during(() => Promise.all(Array.from({ length: 100 }, () => outbox.pump())))
  expect(ranges).toBe(1)
})

test('messages for a peer that takes no more hold up no other, and cost a page per pump', async () => {
  const full = somebody()
  const taken: string[] = []
  let asked = 0
  const { outbox, queue, during, left } = await outboxOf({
    enqueue: async ({ peer, tracking }) => {
      asked += 1
      if (peer[1] === full[1] && peer[64] === full[64])
        throw Object.assign(new Error('full'), { code: 'too-many-pending', origin: 'caller' })
      taken.push(tracking)
    }
  })
  await queue(3 * limits.outboxPage, { kind: 'sync', peers: [full] })
  await queue(1, { kind: 'sync', peers: [somebody()] })
  let pumps = 0
  let read = 0
  for (; taken.length === 0 && pumps < 10; pumps += 1) {
    const before = asked
    read += (await during(outbox.pump)).entries
    expect(asked - before).toBeLessThanOrEqual(2 * limits.outboxPage)
  }
  expect(read).toBe(3 * limits.outboxPage + 1)
  expect(pumps).toBeLessThanOrEqual(4)
  expect(await left()).toBe(3 * limits.outboxPage)
})

test('an unconfirmed public message is posted three times, then given up', async () => {
  const { outbox, posts, queue, left, settled, core } = await outboxOf()
  await queue(1)
  for (let round = 0; round < 5; round += 1) {
    await outbox.pump()
    posts.at(-1)?.confirm(false)
    await settled()
  }
  expect(posts).toHaveLength(3)
  expect(await left()).toBe(0)
  expect((await core.deliveries.read(idOf(1)))?.legs[0]).toMatchObject({ state: 'given-up', reason: 'failed' })
})

const audience = (reach: 'known-devices' | 'any-device') =>
  ({ kind: 'identity', publicKey: somebody(), reach }) as const
const posted = (...audiences: readonly Audience[]): OutboxRecord['via'] => ({
  kind: 'once',
  audiences,
  attempts: 0,
  nextMs: 0
})

test('what people and own devices are told once is posted again only to those for whom no peer confirmed it', async () => {
  const [alice, bob] = [audience('known-devices'), audience('any-device')]
  const own = { kind: 'own-devices', reach: 'any-device' } as const
  const { outbox, posts, queue, left, settled, core } = await outboxOf()
  await queue(1, posted(alice, own, bob))
  await outbox.pump()
  expect(posts.map(({ to }) => to)).toEqual([alice, own, bob])
  expect(await left()).toBe(1)
  posts[0]?.confirm(true)
  posts[1]?.confirm(false)
  await settled()
  // The third is still on its way.
  expect(posts).toHaveLength(3)
  posts[2]?.confirm(false)
  await settled()
  expect(posts.slice(3).map(({ to }) => to)).toEqual([own, bob])
  posts[3]?.confirm(true)
  posts[4]?.confirm(false)
  await settled()
  expect(posts.slice(5).map(({ to }) => to)).toEqual([bob])
  posts[5]?.confirm(false)
  await settled()
  expect(posts).toHaveLength(6)
  expect(await left()).toBe(0)
  const legs = (await core.deliveries.read(idOf(1)))?.legs ?? []
  expect(legs.map(({ state }) => state)).toEqual(['queued', 'queued', 'given-up'])
})

test('a person who could not be posted to is tried again beside those whose confirmation is awaited', async () => {
  const [alice, bob] = [audience('any-device'), audience('known-devices')]
  let isBroken = true
  const { outbox, posts, queue, left, settled, forward, post } = await outboxOf({
    poster: {
      post: async (to, bytes, about) => {
        if (isBroken && to.kind === 'identity' && to.reach === bob.reach) return { kind: 'not-sent', reason: 'failed' }
        return post(to, bytes, about)
      }
    }
  })
  await queue(1, posted(bob, alice))
  await outbox.pump()
  isBroken = false
  posts[0]?.confirm(true)
  await settled()
  expect(posts.map(({ to }) => to)).toEqual([alice])
  forward(5000)
  await outbox.pump()
  posts[1]?.confirm(true)
  await settled()
  expect(posts.map(({ to }) => to)).toEqual([alice, bob])
  expect(await left()).toBe(0)
})

test('where no peer confirms, what was sent to one is done with and takes no place', async () => {
  const { outbox, posts, queue, left } = await outboxOf({ peersConfirm: () => false })
  await queue(2 * limits.postsUnconfirmed)
  await outbox.pump()
  expect(posts).toHaveLength(2 * limits.postsUnconfirmed)
  expect(await left()).toBe(0)
})

test.each(['stop', 'end'] as const)('%s: the pump ends after the post under way and keeps the queue', async how => {
  const { outbox, posts, queue, left, stop } = await outboxOf()
  await queue(300)
  const pumping = outbox.pump()
  while (posts.length < 5) await new Promise(resolve => setImmediate(resolve))
  const before = posts.length
  if (how === 'stop') stop()
  else outbox.end()
  await pumping
  await outbox.pump()
  expect(posts.length).toBeLessThanOrEqual(before + 1)
  expect(before).toBeLessThan(300)
  expect(await left()).toBe(300)
})

test('what was posted before the queue was held is settled by its confirmation', async () => {
  const { outbox, posts, queue, left, settled } = await outboxOf()
  await queue(3)
  await outbox.pump()
  outbox.end()
  for (const { confirm } of posts) confirm(true)
  await settled()
  expect(await left()).toBe(0)
})
