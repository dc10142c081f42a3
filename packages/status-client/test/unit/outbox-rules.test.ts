import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { somebody } from '../support/core.ts'
import { idOf, outboxOf } from '../support/outbox.ts'

/** An outbox whose rests are ended by hand. */
async function resting() {
  const rests: { readonly ms: number; readonly end: () => void }[] = []
  const world = await outboxOf({
    rest: ms => new Promise<void>(resolve => rests.push({ ms, end: resolve }))
  })
  return { ...world, rests }
}

test('outboxRestMs: what is stored shortly after a pass rests for what is left of that, once with all that comes meanwhile', async () => {
  const { outbox, queue, posts, rests, forward } = await resting()
  await queue(1)
  await outbox.pumpSoon()
  expect([posts.length, rests]).toEqual([1, []])
  forward(4)
  await queue(2)
  const soon = [outbox.pumpSoon(), outbox.pumpSoon()]
  expect(rests.map(({ ms }) => ms)).toEqual([limits.outboxRestMs - 4])
  expect(posts).toHaveLength(1)
  rests[0]?.end()
  await Promise.all(soon)
  expect(posts).toHaveLength(3)
  // The next one begins a rest of its own.
  await queue(1)
  const next = outbox.pumpSoon()
  expect(rests.map(({ ms }) => ms)).toEqual([limits.outboxRestMs - 4, limits.outboxRestMs])
  rests[1]?.end()
  await next
})

test('a pass that is a while ago, and a clock that was set back since, make nobody rest', async () => {
  const { outbox, queue, posts, rests, forward, settled } = await resting()
  for (const ms of [0, limits.outboxRestMs, -1]) {
    forward(ms)
    await queue(1)
    await outbox.pumpSoon()
    expect(rests).toEqual([])
    posts.at(-1)?.confirm(true)
    await settled()
  }
  expect(posts).toHaveLength(3)
})

test('a pass that failed counts for the rest like any other, and for nothing else', async () => {
  let isBroken = true
  const rests: number[] = []
  const { outbox, queue, posts } = await outboxOf({
    connected: () => {
      if (isBroken) throw new Error('the link')
      return true
    },
    rest: async ms => void rests.push(ms)
  })
  await queue(1)
  await expect(outbox.pumpSoon()).rejects.toThrow('the link')
  isBroken = false
  await outbox.pumpSoon()
  expect([posts.length, rests]).toEqual([1, [limits.outboxRestMs]])
})

test.each(['once', 'sync'] as const)(
  '%s: a message that is held waits for its way to be prepared, others do not',
  async kind => {
    const taken: string[] = []
    const { outbox, queue, posts, left } = await outboxOf({
      enqueue: async ({ tracking }) => void taken.push(tracking)
    })
    const letGo = outbox.hold(idOf(1))
    await queue(2, kind === 'sync' ? { kind, peers: [somebody()] } : undefined)
    await outbox.pump()
    const gone = () => (kind === 'sync' ? taken : posts.map(({ id }) => id))
    expect(gone()).toEqual([idOf(2)])
    letGo()
    await outbox.pump()
    expect(gone()).toEqual([idOf(2), idOf(1)])
    if (kind === 'sync') expect(await left()).toBe(0)
  }
)

test.each(['stop', 'end'] as const)('%s: what waits for its turn to pump does nothing', async how => {
  const { outbox, queue, during, stop } = await outboxOf()
  await queue(1)
  if (how === 'stop') stop()
  else outbox.end()
  expect(await during(outbox.pump)).toEqual({ gets: 0, ranges: 0, entries: 0 })
})

test('what is cancelled leaves its part of the outbox, and it is said whether it was there', async () => {
  const { outbox, queue, posts, left } = await outboxOf()
  await queue(1)
  await queue(1, { kind: 'sync', peers: [somebody()] })
  const cancel = (index: number) => outbox.cancel({ messageId: idOf(index), queuedMs: index })
  expect([await cancel(1), await left()]).toEqual([true, 1])
  expect([await cancel(2), await left()]).toEqual([true, 0])
  expect([await cancel(2), await cancel(3)]).toEqual([false, false])
  await outbox.pump()
  expect(posts).toEqual([])
})

test('a message that is cancelled while it turns out to be unconfirmed does not come back into the outbox', async () => {
  const { core, outbox, queue, posts, left, settled } = await outboxOf()
  await queue(1)
  await outbox.pump()
  posts[0]?.confirm(false)
  await outbox.cancel({ messageId: idOf(1), queuedMs: 1 })
  await settled()
  await core.deliveries.idle()
  expect([await left(), posts.length]).toEqual([0, 1])
})
