import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { expect, test, vi } from 'vitest'
import { filterBloom } from '../../src/bloom.ts'
import { decodeEnvelope, encodeEnvelope, envelopeHash } from '../../src/envelope.ts'
import { limits } from '../../src/limits.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeBatchAcknowledged, encodeMessageResponse } from '../../src/packets/confirmations.ts'
import { decodeMessages, encodeMessages, splitBatches } from '../../src/packets/messages.ts'
import { encodeBloomFilter, encodePowRequirement } from '../../src/packets/requirements.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { envelopePow } from '../../src/pow.ts'
import { createPool, entryOverheadBytes } from '../../src/relay/pool.ts'
import { createPooledEnvelope, type PooledEnvelope } from '../../src/relay/pooled-envelope.ts'
import { collect, connect, handPeer, node, peerIdOf, place, time, topic } from '../support.ts'

const now = 1_600_000_000
const status = encodeStatus({ minPow: 0, light: false, confirmations: true })

function raw(nonce: number, change = {}): Uint8Array {
  return encodeEnvelope({ expiry: now + 10, ttl: 10, topic, data: new Uint8Array(50), nonce: BigInt(nonce), ...change })
}

async function relay(options = {}, peers: readonly string[] = ['a', 'b']) {
  const clock = time()
  const whisper = node(clock, 'relay', options)
  await whisper.start()
  const hands = peers.map(name => handPeer(whisper, name))
  for (const hand of hands) await hand.send(packetCodes.status, status)
  await clock.settle()
  const got = (index: number): readonly string[] =>
    (hands[index]?.received ?? [])
      .filter(({ code }) => code === packetCodes.messages)
      .flatMap(({ payload }) => decodeMessages(payload))
      .map(bytes => bytesToHex(envelopeHash(bytes)))
  const send = async (index: number, ...envelopes: readonly Uint8Array[]) => {
    await hands[index]?.send(packetCodes.messages, encodeMessages(envelopes))
    await clock.settle()
  }
  return { clock, whisper, hands, got, send }
}

const id = (bytes: Uint8Array): string => bytesToHex(envelopeHash(bytes))

test('W-21 the same envelope from two peers is pooled and delivered once, and both are marked', async () => {
  const { whisper, got, send, clock } = await relay()
  const heard: string[] = []
  whisper.on('envelopereceived', fact => heard.push(fact.peerId))
  const source = node(clock, 'source')
  const messages = collect(whisper.subscribe(place().interest))
  await source.start()
  await source.post({ route: place().route, payload: Uint8Array.of(5) })
  const tap = handPeer(source, 'tap')
  await tap.send(packetCodes.status, status)
  await clock.settle()
  const packet = tap.received.find(({ code }) => code === packetCodes.messages)
  const [bytes] = decodeMessages(packet?.payload ?? new Uint8Array(0))
  if (bytes === undefined) throw new Error('nothing posted')
  // Both send it before either can be told.
  await Promise.all([send(0, bytes), send(1, bytes)])
  await clock.advance(1000)
  expect(messages).toHaveLength(1)
  expect(whisper.info().messages).toBe(1)
  expect(heard).toEqual([peerIdOf('a'), peerIdOf('b')])
  expect(got(0)).toEqual([])
  expect(got(1).length).toBeLessThanOrEqual(1)
  expect(whisper.bandwidth().duplicateBytes).toBe(bytes.length)
  await source.stop()
  await whisper.stop()
})

test('W-22 an envelope is relayed at once, never back to its sender, once per peer', async () => {
  const { whisper, got, send, clock } = await relay({}, ['a', 'b', 'c'])
  await send(0, raw(1))
  expect([got(0), got(1), got(2)]).toEqual([[], [id(raw(1))], [id(raw(1))]])
  await send(1, raw(1))
  await send(0, raw(1))
  await clock.advance(5000)
  expect([got(0), got(1), got(2)]).toEqual([[], [id(raw(1))], [id(raw(1))]])
  await whisper.stop()
})

test('W-22 with an interval, envelopes leave together within it', async () => {
  const { whisper, got, send, clock, hands } = await relay({ forwarding: 300 })
  await send(0, raw(1))
  await clock.advance(100)
  await send(0, raw(2))
  expect(got(1)).toEqual([])
  await clock.advance(200)
  expect(got(1)).toEqual([id(raw(1)), id(raw(2))])
  expect(hands[1]?.received.filter(({ code }) => code === packetCodes.messages)).toHaveLength(1)
  await whisper.stop()
})

test('the privacy option delays each envelope by a random time within its bound', async () => {
  const { whisper, got, send, clock } = await relay({ randomDelayMs: 2000 }, ['a', 'b', 'c', 'd', 'e'])
  await send(0, ...Array.from({ length: 20 }, (_, i) => raw(i)))
  const counts = (): readonly number[] => [1, 2, 3, 4].map(index => got(index).length)
  const before = counts()
  await clock.advance(1000)
  const middle = counts()
  await clock.advance(1001)
  expect(Math.max(...before)).toBeLessThan(20)
  expect(middle.every((count, i) => count > (before[i] ?? 0) && count < 20)).toBe(true)
  expect(new Set(middle).size).toBeGreaterThan(1)
  expect(counts()).toEqual([20, 20, 20, 20])
  await whisper.stop()
})

test("W-23 relay honours a peer's PoW requirement and bloom, and what they become later", async () => {
  const { whisper, got, send, hands, clock } = await relay()
  await hands[1]?.send(packetCodes.powRequirement, encodePowRequirement(1e6))
  await clock.settle()
  await send(0, raw(1))
  expect(got(1)).toEqual([])
  await hands[1]?.send(packetCodes.powRequirement, encodePowRequirement(0))
  await clock.settle()
  expect(got(1)).toEqual([id(raw(1))])
  await hands[1]?.send(packetCodes.bloomFilter, encodeBloomFilter(new Uint8Array(64)))
  await clock.settle()
  await send(0, raw(2))
  expect(got(1)).toEqual([id(raw(1))])
  await hands[1]?.send(packetCodes.bloomFilter, encodeBloomFilter(filterBloom([topic])))
  await clock.settle()
  expect(got(1)).toEqual([id(raw(1)), id(raw(2))])
  await whisper.stop()
})

test('W-23 a bad requirement ends the link', async () => {
  for (const [code, payload] of [
    [packetCodes.powRequirement, encodePowRequirement(Number.POSITIVE_INFINITY)],
    [packetCodes.powRequirement, Uint8Array.of(0xc0)],
    [packetCodes.bloomFilter, Uint8Array.of(0x80)],
    [packetCodes.bloomFilter, encodeBloomFilter(new Uint8Array(65))]
  ] as const) {
    const { whisper, hands, clock } = await relay()
    await hands[0]?.send(code, payload)
    await clock.settle()
    expect(await hands[0]?.ended).toMatchObject({ code: 'invalid-packet', origin: 'peer' })
    await whisper.stop()
  }
})

test('W-25 expired envelopes leave the pool within a second, and what peers know goes with them', async () => {
  const { whisper, send, clock, got } = await relay()
  const expired: string[] = []
  whisper.on('envelopeexpired', fact => expired.push(fact.hash))
  await send(0, raw(1))
  await clock.advance(10_000)
  expect(whisper.info()).toMatchObject({ messages: 1 })
  await clock.advance(1000)
  expect(whisper.info()).toMatchObject({ messages: 0, memory: 0 })
  expect(expired).toEqual([id(raw(1))])
  const late = handPeer(whisper, 'late')
  await late.send(packetCodes.status, status)
  await clock.settle()
  expect(late.received.filter(({ code }) => code === packetCodes.messages)).toEqual([])
  expect(got(1)).toHaveLength(1)
  await whisper.stop()
})

test('nothing is forwarded after its expiry, not even to a peer that was slow', async () => {
  const { whisper, send, clock, got } = await relay({ forwarding: 60_000 })
  await send(0, raw(1))
  await clock.advance(60_000)
  expect(got(1)).toEqual([])
  await whisper.stop()
})

test('a new peer gets the live pool', async () => {
  const { whisper, send, clock } = await relay()
  await send(0, raw(1), raw(2))
  const late = handPeer(whisper, 'late')
  await late.send(packetCodes.status, status)
  await clock.settle()
  expect(late.received.filter(({ code }) => code === 1).flatMap(({ payload }) => decodeMessages(payload))).toHaveLength(
    2
  )
  await whisper.stop()
})

test('a confirmation reaches the post it belongs to, an envelope that packet 12 names does not count', async () => {
  const { whisper, hands, clock } = await relay()
  const facts: string[] = []
  whisper.on('envelopeacknowledged', fact => facts.push(`ack ${fact.peerId[0]}`))
  whisper.on('enveloperejected', fact => facts.push(`no ${fact.peerId[0]} ${fact.code}`))
  const posted = await whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  expect(posted.sentTo).toEqual([peerIdOf('a'), peerIdOf('b')])
  for (const [index, errors] of [
    [0, [{ hash: posted.hash, code: 38, description: 'no' }]],
    [1, []]
  ] as const) {
    const packet = hands[index]?.received.find(({ code }) => code === packetCodes.messages)
    const batch = keccak256(packet?.payload ?? new Uint8Array(0))
    await hands[index]?.send(packetCodes.messageResponse, encodeMessageResponse({ batch, errors }))
    await hands[index]?.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(batch))
    await hands[index]?.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(batch))
  }
  await clock.settle()
  const by: string[] = []
  const reading = (async () => {
    for await (const confirmation of posted.confirmations) by.push(confirmation.by)
  })()
  await clock.settle()
  expect(by).toEqual([peerIdOf('b')])
  expect(facts).toEqual(['no a 38', 'ack b'])
  await clock.advance(11_000)
  await reading
  await whisper.stop()
})

test('two nodes confirm to each other; the iterator ends at expiry', async () => {
  const clock = time()
  const a = node(clock, 'a')
  const b = node(clock, 'b')
  await a.start()
  await b.start()
  const posted = await a.post({ route: place().route, payload: Uint8Array.of(1) })
  expect(posted.sentTo).toEqual([])
  await connect(clock, [a, 'a'], [b, 'b'])
  const by: string[] = []
  const reading = (async () => {
    for await (const confirmation of posted.confirmations) by.push(confirmation.by)
  })()
  await clock.settle()
  expect(by).toEqual([peerIdOf('b')])
  await clock.advance(12_000)
  await reading
  await a.stop()
  await b.stop()
})

test('post does not wait for ever for a peer that takes nothing', async () => {
  const { whisper, clock } = await relay({}, [])
  const never = new Promise<void>(() => undefined)
  const stuck = whisper.attach({
    peerId: peerIdOf('stuck'),
    flags: { static: false, trusted: false },
    packets: async function* () {
      yield { code: 0, payload: status }
      await never
    },
    send: (code: number) => (code === 0 ? Promise.resolve() : never),
    close: async () => undefined
  })
  await clock.settle()
  let done: readonly string[] | undefined
  const posting = whisper.post({ route: place().route, payload: Uint8Array.of(1) }).then(posted => {
    done = posted.sentTo
  })
  await clock.advance(1999)
  expect(done).toBeUndefined()
  await clock.advance(1)
  await posting
  expect(done).toEqual([])
  await whisper.stop()
  await stuck
})

test('what arrives in one turn leaves in two packets, the first envelope at once, the same bytes for every peer', async () => {
  const { hands, got, clock, whisper } = await relay({}, ['a', 'b', 'c'])
  const count = 50
  const envelopes = Array.from({ length: count }, (_, i) => raw(i))
  await Promise.all(envelopes.map(bytes => hands[0]?.send(packetCodes.messages, encodeMessages([bytes]))))
  await clock.settle()
  for (const index of [1, 2]) {
    expect(got(index)).toEqual(envelopes.map(id))
    const packets = hands[index]?.received.filter(({ code }) => code === packetCodes.messages) ?? []
    expect(packets.map(({ payload }) => decodeMessages(payload).length)).toEqual([1, count - 1])
  }
  const sizes = whisper.bandwidth()
  expect(sizes.total.messages.packetsOut).toBe(4)
  expect(got(0)).toEqual([])
  await whisper.stop()
})

test('an envelope that comes while a packet is on its way follows it', async () => {
  const { whisper, hands, got, send, clock } = await relay()
  for (let i = 0; i < 20; i++) {
    await Promise.all([
      hands[0]?.send(packetCodes.messages, encodeMessages([raw(3 * i)])),
      hands[0]?.send(packetCodes.messages, encodeMessages([raw(3 * i + 1), raw(3 * i + 2)]))
    ])
  }
  await send(0, raw(1000))
  await clock.settle()
  expect(got(1)).toHaveLength(61)
  expect(new Set(got(1)).size).toBe(61)
  await whisper.stop()
})

function entry(name: number, pow: number, expiry = now + 10, size = 1000, ttl = 10): PooledEnvelope {
  const bytes = new Uint8Array(size)
  return createPooledEnvelope({ id: String(name).padStart(64, '0'), bytes, topic: 0, expiry, ttl, pow, own: false })
}

test('a full pool gives up the lowest PoW first, of equals the one that expires first', () => {
  const cost = 1000 + entryOverheadBytes
  const pool = createPool(3 * cost)
  const [low, soon, later] = [entry(1, 1), entry(2, 5, now + 5), entry(3, 5, now + 9)]
  for (const each of [low, soon, later]) expect(pool.add(each).added).toBe(true)
  expect(pool.add(entry(4, 0.5))).toEqual({ added: false, evicted: [] })
  expect(pool.add(entry(5, 2)).evicted).toEqual([low])
  expect(pool.add(entry(6, 9)).evicted.map(({ id }) => id)).toEqual([entry(5, 2).id])
  expect(pool.add(entry(7, 9)).evicted).toEqual([soon])
  expect(pool.wasEvicted(low.id)).toBe(true)
  expect(pool.bytes()).toBe(3 * cost)
  expect(pool.add(entry(8, 9, now + 20, 2000)).evicted).toHaveLength(2)
  expect(pool.add(entry(9, 99, now, 9000)).added).toBe(false)
  expect(pool.bytes()).toBeLessThanOrEqual(3 * cost)
  while (pool.expireNext(now + 11) !== undefined);
  expect(pool.wasEvicted(low.id)).toBe(false)
})

test('hashes of evicted envelopes are bounded', () => {
  const pool = createPool(1000 + entryOverheadBytes)
  for (let i = 0; i <= limits.evictedHashes + 10; i++) pool.add(entry(i, i + 1))
  expect(pool.size()).toBe(1)
  expect(pool.wasEvicted(entry(0, 1).id)).toBe(false)
  expect(pool.wasEvicted(entry(limits.evictedHashes, 1).id)).toBe(true)
})

test('an evicted envelope is not delivered again when it comes back', async () => {
  const { whisper, send } = await relay({ poolMaxBytes: 1650, minPow: 0 }, ['a'])
  const pooled: string[] = []
  const events: string[] = []
  whisper.on('envelopepooled', fact => pooled.push(fact.hash))
  whisper.on('envelopeevicted', fact => events.push(`evicted ${fact.hash}`))
  whisper.on('enveloperefused', fact => events.push(fact.reason))
  const weak = raw(1, { data: new Uint8Array(500), ttl: 10 })
  const worth = (bytes: Uint8Array): number => envelopePow(decodeEnvelope(bytes))
  const strong = Array.from({ length: 100 }, (_, nonce) =>
    raw(nonce, { data: new Uint8Array(400), ttl: 1, expiry: now })
  ).find(bytes => worth(bytes) > worth(weak))
  if (strong === undefined) throw new Error('no envelope with more work')
  await send(0, weak)
  await send(0, strong)
  expect(events).toEqual([`evicted ${id(weak)}`])
  await send(0, weak)
  expect(pooled).toEqual([id(weak), id(strong)])
  await send(0, raw(3, { data: new Uint8Array(600) }))
  expect(events.at(-1)).toBe('pool-full')
  expect(whisper.connected()).toBe(true)
  await whisper.stop()
})

test('confirmations expected of one peer are bounded: the oldest is forgotten', async () => {
  const { whisper, hands, send, clock } = await relay()
  const acknowledged: string[] = []
  whisper.on('batchacknowledged', fact => acknowledged.push(fact.batch))
  for (let i = 0; i <= limits.pendingBatches; i++) await send(0, raw(i))
  const packets = hands[1]?.received.filter(({ code }) => code === packetCodes.messages) ?? []
  expect(packets).toHaveLength(limits.pendingBatches + 1)
  for (const packet of [packets[0], packets[1]]) {
    const batch = keccak256(packet?.payload ?? new Uint8Array(0))
    await hands[1]?.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(batch))
  }
  await clock.settle()
  expect(acknowledged).toHaveLength(1)
  await whisper.stop()
})

test('what leaves the pool leaves the queue of a slow peer too', async () => {
  const { whisper, clock, send } = await relay({}, ['a'])
  let taken = 0
  const slow = whisper.attach({
    peerId: peerIdOf('slow'),
    flags: { static: false, trusted: false },
    packets: async function* () {
      yield { code: 0, payload: status }
      await new Promise<void>(() => undefined)
    },
    send: (code: number, _payload: Uint8Array, options?: { signal?: AbortSignal | undefined }) => {
      if (code === 0) return Promise.resolve()
      taken += 1
      return new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('gone'))))
    },
    close: async () => undefined
  })
  await clock.settle()
  const settled: string[] = []
  await send(0, raw(1))
  const posting = whisper
    .post({ route: place().route, payload: Uint8Array.of(1), ttlSeconds: 1 })
    .then(posted => settled.push(...posted.sentTo))
  await clock.advance(1999)
  expect(settled).toEqual([])
  await clock.advance(1)
  await posting
  // The envelope expired in the queue, so the post no longer waits for the slow peer.
  expect(settled).toEqual([peerIdOf('a')])
  expect(taken).toBe(1)
  await whisper.stop()
  await slow
})

test('nothing is forwarded after its expiry, even before the pool has been swept', async () => {
  const clock = time()
  await clock.advance(500)
  const whisper = node(clock, 'relay', { forwarding: 10_700 })
  await whisper.start()
  const [a, b] = ['a', 'b'].map(name => handPeer(whisper, name))
  for (const hand of [a, b]) await hand?.send(packetCodes.status, status)
  await a?.send(packetCodes.messages, encodeMessages([raw(1)]))
  await clock.advance(10_700)
  // 11.2 s: expired since 11.0, swept at 11.5.
  expect(whisper.info().messages).toBe(1)
  expect(b?.received.filter(({ code }) => code === packetCodes.messages)).toEqual([])
  await whisper.stop()
})

test('W-21 what two peers have sent goes back to neither of them', async () => {
  const { whisper, got, send, clock } = await relay({ forwarding: 300 }, ['a', 'b', 'c'])
  await send(0, raw(1))
  await send(1, raw(1))
  await clock.advance(1000)
  expect([got(0), got(1), got(2)]).toEqual([[], [], [id(raw(1))]])
  await whisper.stop()
})

test('a node with a narrow filter can still write to anybody', async () => {
  const { whisper, got } = await relay({ bloom: 'interests' })
  const posted = await whisper.post({ route: place(Uint8Array.of(5, 6, 7, 0)).route, payload: Uint8Array.of(1) })
  expect(got(0)).toEqual([bytesToHex(posted.hash)])
  await whisper.stop()
})

test('W-24 the header of a batch counts', () => {
  const half = new Uint8Array(100)
  expect(splitBatches([half, half], 202)).toEqual([[half, half]])
  expect(splitBatches([half, half], 201)).toEqual([[half], [half]])
  expect(splitBatches([half], 101)).toEqual([])
  expect(splitBatches([half, half], 101, 102)).toEqual([[half], [half]])
})

test('a hundred posts at once are one listener to a signal, and do not wait for a node that stops', async () => {
  const { whisper, clock } = await relay({ forwarding: 60_000, sendWaitMs: 600_000 })
  const { add, remove } = {
    add: AbortSignal.prototype.addEventListener,
    remove: AbortSignal.prototype.removeEventListener
  }
  const held = new Map<AbortSignal, number>()
  let most = 0
  const count = (signal: AbortSignal, change: number): void => {
    held.set(signal, (held.get(signal) ?? 0) + change)
    most = Math.max(most, held.get(signal) ?? 0)
  }
  const spies = [
    vi.spyOn(AbortSignal.prototype, 'addEventListener').mockImplementation(function (this: AbortSignal, ...args) {
      count(this, 1)
      add.apply(this, args as Parameters<typeof add>)
    }),
    vi.spyOn(AbortSignal.prototype, 'removeEventListener').mockImplementation(function (this: AbortSignal, ...args) {
      count(this, -1)
      remove.apply(this, args as Parameters<typeof remove>)
    })
  ]
  const posts = Array.from({ length: 100 }, (_, i) =>
    whisper.post({ route: place().route, payload: Uint8Array.of(i), ttlSeconds: 1000 })
  )
  await clock.settle()
  expect(whisper.info().messages).toBe(100)
  for (const spy of spies) spy.mockRestore()
  // Node warns of a leak when a signal has eleven.
  expect(held.size).toBeGreaterThan(0)
  expect(most).toBeLessThan(11)
  await whisper.stop()
  for (const posted of await Promise.all(posts)) {
    expect(posted.sentTo).toEqual([])
    for await (const _ of posted.confirmations) throw new Error('nobody confirms it')
  }
})

test('counters tell what happened, also when nobody listens', async () => {
  const { whisper, send, clock } = await relay()
  await send(0, raw(1), raw(2), raw(3, { expiry: now - 1000 }))
  await send(1, raw(1))
  expect(whisper.counters()).toMatchObject({
    events: {
      peerconnected: 2,
      envelopereceived: 4,
      envelopepooled: 2,
      enveloperefused: 1,
      envelopeexpired: 0
    },
    refused: { 'very-old': 1, expired: 0, 'low-pow': 0 }
  })
  const before = whisper.counters()
  await clock.advance(30_000)
  expect(whisper.counters().events.envelopeexpired).toBe(2)
  // A snapshot stays what it was.
  expect(before.events.envelopeexpired).toBe(0)
  await whisper.stop()
  expect(whisper.counters().events.peerdisconnected).toBe(2)
})
