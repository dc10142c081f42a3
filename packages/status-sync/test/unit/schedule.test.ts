import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePayload, messageId, type SyncOptions } from '../../src/index.ts'
import { backOffMs, longestWaitMs, nextWaitMs } from '../../src/schedule.ts'
import { alice, bob, carol, testClock, testNode, text } from '../support/node.ts'

const second = 1000
const hour = 3_600_000
const day = 24 * hour
const noJitter = { baseMs: 30 * second, ceilingMs: hour, jitter: 0 }

/** Times of the sends of one message, in milliseconds after the first, while the node ticks at its due times. */
async function sendTimes(options: SyncOptions, untilMs: number, clock = testClock()): Promise<readonly number[]> {
  const node = testNode({ options, clock })
  const times: number[] = []
  node.output = async () => {
    times.push(clock.now)
    return 'sent'
  }
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  const end = clock.now + untilMs
  for (;;) {
    await node.sync.tick()
    const next = await node.sync.nextMs()
    if (next === undefined || next > end) break
    clock.now = next
  }
  return times.map(time => time - (times[0] ?? 0))
}

test('D-13 retry times double from the base up to the ceiling', async () => {
  const times = await sendTimes({ jitter: 0 }, 6 * hour)
  const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / second)
  expect(gaps.slice(0, 8)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600])
  expect(new Set(gaps.slice(7))).toEqual(new Set([3600]))
})

test('D-13 retry times are independent of the time the node has run', async () => {
  const young = await sendTimes({ jitter: 0 }, 6 * hour)
  const old = await sendTimes({ jitter: 0 }, 6 * hour, testClock(1_546_300_800_000 + 3000 * day))
  expect(old).toEqual(young)
})

test('D-13 jitter stays within its share, both ways, and the wait within the upper bound', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.uint8Array({ minLength: 2, maxLength: 2 }), (attempt, random) => {
      const schedule = { ...noJitter, jitter: 0.1 }
      const wait = nextWaitMs(attempt, schedule, { bytes: () => random })
      const plain = backOffMs(attempt, schedule)
      expect(wait).toBeGreaterThanOrEqual(Math.floor(plain * 0.9))
      expect(wait).toBeLessThanOrEqual(Math.ceil(plain * 1.1))
      expect(wait).toBeLessThanOrEqual(longestWaitMs(schedule))
    })
  )
  const extremes = [Uint8Array.of(0, 0), Uint8Array.of(255, 255)].map(bytes =>
    nextWaitMs(1, { ...noJitter, jitter: 0.1 }, { bytes: () => bytes })
  )
  expect(extremes).toEqual([27_000, 33_000])
})

test('D-13 a peer that is heard again restarts the back-off, one base interval after the last attempt at the soonest', async () => {
  const node = testNode({ options: { jitter: 0 } })
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  await node.sync.enqueue({ peer: carol, body: text('x'), tracking: 't' })
  for (const wait of [0, 30, 60, 120, 240]) await node.after(wait * second)
  expect(node.sent).toHaveLength(10)
  await node.after(10 * second)
  await node.sync.peerActive(bob)
  await node.after(19 * second)
  expect(node.sent).toHaveLength(10)
  await node.after(second)
  expect(node.sent.slice(10).map(({ peer }) => peer)).toEqual([bob])
  await node.after(29 * second)
  expect(node.sent).toHaveLength(11)
  await node.after(second)
  expect(node.sent).toHaveLength(12)
})

test('D-13 any payload of the peer counts as a sign of life', async () => {
  const node = testNode({ options: { jitter: 0 } })
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  for (const wait of [0, 30, 60, 120, 240]) await node.after(wait * second)
  await node.after(100 * second)
  await node.sync.receive(bob, encodePayload({ acks: [new Uint8Array(32)], offers: [], requests: [], messages: [] }))
  await node.after(0)
  expect(node.sent).toHaveLength(6)
})

test('D-13 a peer that is heard all the time is still not sent to more often than the base interval', async () => {
  const node = testNode({ options: { jitter: 0 } })
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  for (let seconds = 0; seconds < 300; seconds++) {
    await node.sync.peerActive(bob)
    await node.after(second)
  }
  expect(node.sent.length).toBeLessThanOrEqual(11)
})

test('D-13 a clock that is set back does not silence a message', async () => {
  const node = testNode({ options: { jitter: 0 } })
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  await node.sync.tick()
  node.clock.now -= 400 * day
  expect(await node.sync.nextMs()).toBe(node.clock.now)
  await node.sync.tick()
  expect(node.sent).toHaveLength(2)
})

test('D-14 state and messages survive a restart, and pending records are retried on time', async () => {
  const node = testNode({ options: { jitter: 0 } })
  await node.sync.enqueue({ peer: bob, body: text('kept'), tracking: 't' })
  await node.sync.enqueue({ peer: bob, body: text('never sent'), tracking: 'u' })
  await node.sync.cancel('u')
  await node.sync.tick()
  await node.after(30 * second)
  const again = testNode({ store: node.store, clock: node.clock, options: { jitter: 0 } })
  expect((await again.sync.delivery('t')).map(({ state, attempts }) => [state, attempts])).toEqual([['pending', 2]])
  await again.after(59 * second)
  expect(again.sent).toHaveLength(0)
  await again.after(second)
  expect(again.sent.map(({ payload }) => payload.messages)).toEqual([node.sent[0]?.payload.messages])
})

test('D-14 a REQUEST that came before a restart is answered after it', async () => {
  const node = testNode({ options: { mode: 'interactive' } })
  await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
  await node.sync.tick()
  const requests = node.sent[0]?.payload.offers ?? []
  await node.sync.receive(bob, encodePayload({ acks: [], offers: [], requests, messages: [] }))
  const again = testNode({ store: node.store, clock: node.clock, options: { mode: 'interactive' } })
  await again.sync.tick()
  expect(again.sent.map(({ contains }) => contains)).toEqual([['t']])
})

test('D-14 what was handled before a restart is a duplicate after it, and downtime counts as time', async () => {
  const node = testNode({ options: { jitter: 0 } })
  const other = testNode({ self: bob, clock: node.clock })
  await other.sync.enqueue({ peer: alice, body: text('x'), tracking: 't' })
  await other.sync.tick()
  const bytes = other.sent[0]?.bytes ?? new Uint8Array()
  const received = await node.sync.receive(bob, bytes)
  if (received.kind !== 'payload') throw new Error('expected a payload')
  await node.sync.accept(bob, [received.bodies[0]!.id])
  const again = testNode({ store: node.store, clock: node.clock })
  expect(await again.sync.receive(bob, bytes)).toEqual({ kind: 'payload', bodies: [] })
  await again.sync.tick()
  expect(again.sent.map(({ payload }) => payload.acks.length)).toEqual([1])

  await node.sync.enqueue({ peer: bob, body: text('y'), tracking: 'y' })
  await node.sync.tick()
  node.clock.now += 3 * day
  const late = testNode({ store: node.store, clock: node.clock })
  await late.sync.tick()
  expect(late.sent.map(({ contains }) => contains)).toEqual([['y']])
})

describe('delivery state per tracking id', () => {
  test('D-20 pending, acknowledged and abandoned, per peer', async () => {
    const node = testNode({ options: { giveUpMs: day, jitter: 0 } })
    const state = async () => (await node.sync.delivery('t')).map(({ peer, state }) => [peer === bob, state])
    await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
    await node.sync.enqueue({ peer: carol, body: text('x'), tracking: 't' })
    await node.sync.tick()
    expect((await node.sync.delivery('t')).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['pending', 1],
      ['pending', 1]
    ])
    const toBob = node.sent.find(({ peer }) => peer.join() === bob.join())?.payload.messages ?? []
    await node.sync.receive(
      bob,
      encodePayload({ acks: toBob.map(messageId), offers: [], requests: [], messages: [] }),
      { device: 'tablet' }
    )
    expect((await node.sync.delivery('t')).map(({ state, outcome }) => [state, outcome])).toEqual([
      ['pending', undefined],
      ['acknowledged', 'acknowledged']
    ])
    await node.after(2 * day)
    expect((await state()).map(([, name]) => name).sort()).toEqual(['abandoned', 'acknowledged'])
    expect(node.facts.map(({ outcome, device }) => [outcome, device])).toEqual([
      ['acknowledged', 'tablet'],
      ['given-up', undefined]
    ])
    expect(await node.store.list('record')).toHaveLength(0)
    expect(await node.sync.delivery('unknown')).toEqual([])
  })

  test('D-20 a message is given up by age, also when it is held and when the node was off', async () => {
    const node = testNode()
    await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
    node.result = 'held'
    await node.sync.tick()
    const again = testNode({ store: node.store, clock: node.clock })
    await again.after(30 * day)
    expect(again.facts).toEqual([])
    await again.after(1)
    expect(again.facts).toEqual([{ peer: bob, tracking: 't', outcome: 'given-up' }])
  })

  test('D-20 what counts for the age of a message is the expiry clock, which does not follow a jump at once', async () => {
    const [clock, expiryClock] = [testClock(), testClock()]
    const node = testNode({ clock, expiryClock })
    await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
    await node.after(31 * day)
    expect([node.facts.length, node.sent.length]).toEqual([0, 1])
    expect(await node.sync.nextMs()).toBeLessThanOrEqual(clock.now + hour)
    node.result = 'held'
    await node.after(2 * hour)
    expect(await node.sync.nextMs()).toBe(clock.now + 30 * day + 1 - (expiryClock.now - 1_546_300_800_000))
    expiryClock.now += 30 * day
    await node.after(0)
    expect(node.facts).toEqual([])
    expiryClock.now += 1
    await node.after(0)
    expect(node.facts).toEqual([{ peer: bob, tracking: 't', outcome: 'given-up' }])
  })

  test('D-20 a request that is never answered is dropped silently', async () => {
    const node = testNode()
    const offers = [new Uint8Array(32).fill(1)]
    await node.sync.receive(bob, encodePayload({ acks: [], offers, requests: [], messages: [] }))
    await node.after(31 * day)
    expect([node.facts.length, node.sent.length]).toEqual([0, 0])
    expect(await node.sync.nextMs()).toBeUndefined()
  })
})
