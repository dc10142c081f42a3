import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { type Envelope, encodeEnvelope } from '../../src/envelope.ts'
import type { RefusedEnvelope } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { createWhisper } from '../../src/node.ts'
import { resolveOptions } from '../../src/options.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { decodeMessages, encodeMessages } from '../../src/packets/messages.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { createPool, entryOverheadBytes, worthOf } from '../../src/relay/pool.ts'
import { createPooledEnvelope, type PooledEnvelope } from '../../src/relay/pooled-envelope.ts'
import { createRateLimiter } from '../../src/relay/rate-limiter.ts'
import { createInThreadSearcher } from '../../src/search/in-thread.ts'
import { handPeer, node, peerIdOf, place, time, topic } from '../support.ts'

const now = 1_600_000_000
const status = encodeStatus({ minPow: 0, light: false, confirmations: true })

let counter = 0n
function raw(change: Partial<Envelope> = {}): Uint8Array {
  counter += 1n
  return encodeEnvelope({ expiry: now + 10, ttl: 10, topic, data: new Uint8Array(50), nonce: counter, ...change })
}

async function relay(options = {}, names: readonly string[] = ['a', 'b']) {
  const clock = time()
  const whisper = node(clock, 'relay', options)
  const refused: RefusedEnvelope[] = []
  whisper.on('enveloperefused', fact => refused.push(fact))
  await whisper.start()
  const hands = names.map(name => handPeer(whisper, name))
  for (const hand of hands) await hand.send(packetCodes.status, status)
  await clock.settle()
  const send = async (index: number, ...envelopes: readonly Uint8Array[]) => {
    await hands[index]?.send(packetCodes.messages, encodeMessages(envelopes))
    await clock.settle()
  }
  return { clock, whisper, hands, send, refused }
}

function entry(name: number, pow: number, ttl: number): PooledEnvelope {
  const bytes = new Uint8Array(100)
  return createPooledEnvelope({ id: String(name), bytes, topic: 0, expiry: now + 10, ttl, pow, own: false })
}

test('W-12 a ttl of 0 is accepted and relayed like go-ethereum does, and goes first when the pool is full', async () => {
  const { whisper, hands, send } = await relay({ minPow: 1 })
  await send(0, raw({ ttl: 0, expiry: now }))
  expect(whisper.info().messages).toBe(1)
  expect(hands[1]?.received.filter(({ code }) => code === packetCodes.messages)).toHaveLength(1)
  await whisper.stop()
  const pool = createPool(3 * (100 + entryOverheadBytes))
  const free = [entry(1, Number.POSITIVE_INFINITY, 0), entry(2, Number.POSITIVE_INFINITY, 0)]
  for (const each of free) pool.add(each)
  pool.add(entry(3, 0.001, 10))
  expect(free.map(worthOf)).toEqual([-1, -1])
  // An envelope without work pushes out one that only looks like it, and is not pushed out by it.
  expect(pool.add(entry(4, 0, 10)).evicted.map(({ id }) => id)).toEqual(['1'])
  expect(pool.add(entry(5, Number.POSITIVE_INFINITY, 0)).added).toBe(false)
  expect(pool.add(entry(6, 5, 10)).evicted.map(({ id }) => id)).toEqual(['2'])
  expect(pool.add(entry(7, Number.POSITIVE_INFINITY, 0)).added).toBe(false)
})

test('repeats are no refusals: of live envelopes, of our own, and of those that have just expired', async () => {
  const { whisper, hands, send, clock, refused } = await relay()
  const posted = await whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  await clock.settle()
  const own = hands[0]?.received
    .filter(({ code }) => code === packetCodes.messages)
    .flatMap(({ payload }) => decodeMessages(payload))[0]
  if (own === undefined) throw new Error('not sent')
  const envelope = raw()
  const sendAgain = async () => {
    for (const index of [0, 1]) await send(index, envelope, own)
  }
  await sendAgain()
  await clock.advance(10_500)
  // Expired, not yet swept.
  await sendAgain()
  await clock.advance(1000)
  expect(whisper.info().messages).toBe(0)
  await sendAgain()
  await clock.advance(60_000)
  await sendAgain()
  expect(refused).toEqual([])
  expect(whisper.counters().refused).toMatchObject({ expired: 0, 'very-old': 0 })
  // Confirmed like any other packet, without error entries.
  expect(posted.expiry).toBe(now + 10)
  // One that was never here is a refusal.
  await send(0, raw({ expiry: now + 60 }))
  expect(refused.map(({ reason }) => reason)).toEqual(['expired'])
  await whisper.stop()
})

test('live envelopes that are refused because of clocks say so, with the peer and by how much', async () => {
  const { whisper, send, refused } = await relay()
  await send(0, raw({ expiry: now + 70, ttl: 10 }))
  await send(1, raw({ expiry: now - 5 }), raw({ expiry: now - 100 }))
  await send(0, raw({ data: new Uint8Array(0), expiry: now + 5, ttl: 50 }))
  expect(refused.map(({ peerId, reason, offBySeconds }) => [peerId[0], reason, offBySeconds])).toEqual([
    ['a', 'from-future', 60],
    ['b', 'expired', -5],
    ['b', 'very-old', -100]
  ])
  await whisper.stop()
  const strict = await relay({ minPow: 1e9 })
  await strict.send(0, raw())
  expect(strict.refused).toEqual([{ hash: expect.any(String), peerId: peerIdOf('a'), reason: 'low-pow' }])
  await strict.whisper.stop()
})

test('hashes of expired envelopes are bounded', () => {
  const pool = createPool(1e9)
  const count = limits.expiredHashes + 10
  for (let i = 0; i < count; i++) pool.add({ ...entry(i, 1, 10), expiry: now + i })
  while (pool.expireNext(now + count) !== undefined);
  expect([pool.size(), pool.hasExpired('0'), pool.hasExpired(String(count - 1))]).toEqual([0, false, true])
})

test('what a peer confirms is bounded in envelopes too: the oldest batches are forgotten', async () => {
  const { whisper, hands, clock } = await relay({}, ['a', 'b'])
  const acknowledged: string[] = []
  whisper.on('batchacknowledged', fact => acknowledged.push(fact.batch))
  const shortest = () => raw({ ttl: 1, expiry: now + 1, data: new Uint8Array(0) })
  const packets = () => hands[1]?.received.filter(({ code }) => code === packetCodes.messages) ?? []
  for (let i = 0; i < 5; i++) {
    await hands[0]?.send(packetCodes.messages, encodeMessages(Array.from({ length: 4000 }, shortest)))
    await clock.settle()
  }
  // BOUNDED: a packet of ours holds no more envelopes than an answer can name.
  const sizes = packets().map(({ payload }) => decodeMessages(payload).length)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.batchEnvelopes)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(20_000)
  const { keccak256 } = await import('@status-stack/crypto')
  for (const { payload } of packets()) {
    await hands[1]?.send(packetCodes.batchAcknowledged, encodeRlp(keccak256(payload)))
  }
  await clock.settle()
  expect(acknowledged).toHaveLength(Math.floor(limits.pendingEnvelopes / 4000))
  await whisper.stop()
})

test('a packet of ours holds no more envelopes than an answer can name', async () => {
  const { whisper, hands, clock } = await relay({ forwarding: 300 })
  const envelopes = Array.from({ length: limits.batchEnvelopes + 10 }, () => raw({ data: new Uint8Array(0) }))
  await hands[0]?.send(packetCodes.messages, encodeMessages(envelopes))
  await clock.advance(1000)
  const sizes = (hands[1]?.received ?? [])
    .filter(({ code }) => code === packetCodes.messages)
    .map(({ payload }) => decodeMessages(payload).length)
  expect(sizes).toEqual([limits.batchEnvelopes, 10])
  await whisper.stop()
})

test('envelopes that wait for their random delay are bounded, and all leave', async () => {
  const { whisper, hands, clock } = await relay({ randomDelayMs: 1000, poolMaxBytes: 1e9 })
  const count = limits.delayedEnvelopes + 500
  await hands[0]?.send(
    packetCodes.messages,
    encodeMessages(Array.from({ length: count }, () => raw({ data: new Uint8Array(0) })))
  )
  await clock.advance(5000)
  const got = (hands[1]?.received ?? [])
    .filter(({ code }) => code === packetCodes.messages)
    .flatMap(({ payload }) => decodeMessages(payload))
  expect(got).toHaveLength(count)
  await whisper.stop()
})

test('a peer at the bound of its delayed envelopes is left alone until one of them is due', async () => {
  const clock = time()
  let timers = 0
  const after: typeof clock.scheduler.after = (ms, callback) => {
    timers += 1
    return clock.scheduler.after(ms, callback)
  }
  const whisper = node({ ...clock, scheduler: { after } }, 'relay', { randomDelayMs: 60_000, poolMaxBytes: 1e9 })
  await whisper.start()
  const hands = ['a', 'b'].map(name => handPeer(whisper, name))
  for (const hand of hands) await hand.send(packetCodes.status, status)
  await clock.settle()
  const envelopes = Array.from({ length: limits.delayedEnvelopes + 1 }, () => raw({ data: new Uint8Array(0) }))
  await hands[0]?.send(packetCodes.messages, encodeMessages(envelopes))
  await clock.settle()
  const before = timers
  for (let i = 0; i < 10; i++) await clock.settle()
  expect(timers - before).toBe(0)
  await whisper.stop()
})

test('a history request that is larger than any needs ends the link', async () => {
  const { whisper, hands, clock } = await relay({}, ['a', 'b'])
  const requests: string[] = []
  whisper.serve({ request: async ({ kind }) => void requests.push(kind) })
  await hands[0]?.send(packetCodes.p2pRequest, raw({ data: new Uint8Array(limits.requestBytes - 100) }))
  await hands[1]?.send(packetCodes.p2pRequest, raw({ data: new Uint8Array(limits.requestBytes) }))
  await clock.settle()
  expect(requests).toEqual(['envelope'])
  expect(await hands[1]?.ended).toMatchObject({ code: 'invalid-packet', origin: 'peer' })
  expect(whisper.peers()).toHaveLength(1)
  await whisper.stop()
})

/** How long a second of packets takes to be let through, milliseconds. */
function secondsFor(
  packets: number,
  bytes: number,
  envelopes: number,
  flags = { static: false, trusted: false }
): number {
  const limiter = createRateLimiter(resolveOptions()).open({ peerId: 'peer', flags } as never, 0)
  let nowMs = 0
  for (let i = 0; i < packets; i++) {
    const packet = limiter.begin(nowMs, bytes)
    for (let { waitMs } = packet.settle(nowMs); waitMs > 0; { waitMs } = packet.settle(nowMs)) nowMs += waitMs
    limiter.charge(nowMs, envelopes)
  }
  return nowMs / 1000
}

test('W-43 by default no peer waits that go-ethereum would keep up with, whatever its packets hold', () => {
  // What one core of go-ethereum takes in a second: single envelopes, a hundred each, and single ones of 64 KiB.
  expect(secondsFor(15_000, 600, 1)).toBe(0)
  expect(secondsFor(280, 60_000, 100)).toBe(0)
  expect(secondsFor(1300, 65_536, 1)).toBe(0)
  expect(secondsFor(30_000, 10, 0)).toBe(0)
})

test('W-43 beyond that, work is limited by what it costs and not by the number of packets', () => {
  // Ten seconds of work each, of which one is saved up.
  for (const [packets, bytes, envelopes] of [
    [150_000, 600, 1],
    [2900, 60_000, 100],
    [100, 10_000_000, 1]
  ] as const) {
    const seconds = secondsFor(packets, bytes, envelopes)
    expect(seconds).toBeGreaterThan(7)
    expect(seconds).toBeLessThan(13)
  }
  expect(secondsFor(150_000, 600, 1, { static: true, trusted: false })).toBe(0)
  expect(secondsFor(150_000, 600, 1, { static: false, trusted: true })).toBe(0)
})

test('W-43 a thousand packets a second are no flood', async () => {
  const { whisper, hands, clock } = await relay({}, ['a'])
  const limited: number[] = []
  whisper.on('ratelimited', fact => limited.push(fact.count))
  for (let i = 0; i < 5000; i++) await hands[0]?.send(99, new Uint8Array(1))
  await clock.settle()
  expect([whisper.bandwidth().total.unknown.packetsIn, limited]).toEqual([5000, []])
  await whisper.stop()
})

test('hashes of expired envelopes are forgotten after a while', () => {
  const pool = createPool(1e9)
  for (let i = 0; i < 10; i++) pool.add({ ...entry(i, 1, 10), expiry: now })
  while (pool.expireNext(now + 1) !== undefined);
  expect(pool.expireNext(now + limits.expiredSeconds)).toBeUndefined()
  expect([pool.hasExpired('0'), pool.hasExpired('9')]).toEqual([true, true])
  expect(pool.expireNext(now + limits.expiredSeconds + 1)).toBeUndefined()
  expect([pool.hasExpired('0'), pool.hasExpired('9')]).toEqual([false, false])
})

test('a clock that is set back holds up no link that waits for its limit', async () => {
  const virtual = time()
  let backMs = 0
  const whisper = createWhisper(
    {
      clock: { nowMs: () => virtual.clock.nowMs() - backMs },
      scheduler: virtual.scheduler,
      pow: createInThreadSearcher(virtual.clock)
    },
    { minPow: 0, rateLimitPerPeer: 10 }
  )
  await whisper.start()
  const hand = handPeer(whisper, 'hand')
  await hand.send(packetCodes.status, status)
  for (let i = 0; i < 20; i++) await hand.send(packetCodes.messages, encodeMessages([raw()]))
  await virtual.settle()
  expect(whisper.info().messages).toBe(10)
  // Envelopes of half a minute ago are still alive; the limit asks for one second.
  backMs = 5_000
  await virtual.advance(1_200)
  expect(whisper.info().messages).toBe(20)
  await whisper.stop()
})
