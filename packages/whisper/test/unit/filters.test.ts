import { utf8Bytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { encodeEnvelope } from '../../src/envelope.ts'
import { createDeliveryQueue } from '../../src/filters/delivery-queue.ts'
import { createFilterIndex } from '../../src/filters/filter-index.ts'
import { filterKeyId } from '../../src/filters/key-name.ts'
import type { Candidate, Listener } from '../../src/filters/listener.ts'
import { limits } from '../../src/limits.ts'
import { sealSymmetric } from '../../src/message/symmetric.ts'
import { payloadOf, sealMessage } from '../../src/message/wrap.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeP2pMessages } from '../../src/packets/p2p.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import type { InterestKey } from '../../src/route.ts'
import { createSeededRandom } from '../../src/testing/index.ts'
import { topicNumber } from '../../src/topic.ts'
import { collect, handPeer, key, node, peerIdOf, place, symmetricKey, time, topic, unhurried } from '../support.ts'

const now = 1_600_000_000
const symmetric: InterestKey = { kind: 'symmetric', key: symmetricKey }
const otherTopic = Uint8Array.of(4, 3, 2, 0)
const work = { target: 0, timeSeconds: 0 }

async function started(options = {}) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  await whisper.start()
  return { clock, whisper }
}

test('W-34 filters by topic, without topic, by signer and by PoW; two with the same key both get the message', async () => {
  const { whisper } = await started()
  const ids = {
    topic: whisper.filters.add({ key: symmetric, topics: [topic] }),
    twin: whisper.filters.add({ key: symmetric, topics: [otherTopic, topic] }),
    all: whisper.filters.add({ key: symmetric }),
    signer: whisper.filters.add({ key: symmetric, topics: [topic], src: key(1).publicKey }),
    stranger: whisper.filters.add({ key: symmetric, topics: [topic], src: key(2).publicKey }),
    worked: whisper.filters.add({ key: symmetric, topics: [topic], minPow: 100 }),
    elsewhere: whisper.filters.add({ key: symmetric, topics: [otherTopic] }),
    otherKey: whisper.filters.add({ key: { kind: 'symmetric', key: new Uint8Array(32).fill(9) }, topics: [topic] }),
    short: whisper.filters.add({ key: symmetric, topics: [Uint8Array.of(1, 2)] })
  }
  const post = (at: Uint8Array) =>
    whisper.postEnvelope({ topic: at, key: symmetric, payload: utf8Bytes('hi'), signer: key(1), pow: work })
  await post(topic)
  const counts = () =>
    Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, whisper.filters.messages(id)?.length]))
  expect(counts()).toEqual({
    topic: 1,
    twin: 1,
    all: 1,
    signer: 1,
    stranger: 0,
    worked: 0,
    elsewhere: 0,
    otherKey: 0,
    short: 0
  })
  expect(counts().topic).toBe(0)
  await post(Uint8Array.of(1, 2, 0, 0))
  expect(counts()).toMatchObject({ short: 1, all: 1, topic: 0 })
  await whisper.stop()
})

test('a message tells everything shh does', async () => {
  const { whisper } = await started()
  const bob = key(7)
  const id = whisper.filters.add({ key: { kind: 'asymmetric', identity: bob }, topics: [topic] })
  const posted = await whisper.postEnvelope({
    topic,
    key: { kind: 'asymmetric', publicKey: bob.publicKey },
    payload: utf8Bytes('x'),
    padding: Uint8Array.of(1, 2, 3),
    signer: key(1),
    ttlSeconds: 20,
    pow: { target: 0.01, timeSeconds: 5 }
  })
  const [message] = whisper.filters.messages(id) ?? []
  expect(message).toMatchObject({
    payload: utf8Bytes('x'),
    padding: Uint8Array.of(1, 2, 3),
    signer: key(1).publicKey,
    recipient: bob.publicKey,
    topic,
    ttl: 20,
    sentSeconds: now,
    hash: posted.hash,
    p2p: false
  })
  expect(message?.signature).toHaveLength(65)
  expect(message?.pow).toBeGreaterThanOrEqual(0.01)
  expect(id).toMatch(/^[0-9a-f]{64}$/)
  expect(whisper.filters.has(id)).toBe(true)
  expect(whisper.filters.remove(id)).toBe(true)
  expect(whisper.filters.remove(id)).toBe(false)
  expect(whisper.filters.messages(id)).toBeUndefined()
  await whisper.stop()
})

test('W-35 allowP2P decides about peer-to-peer messages; a minimum PoW does not hide them', async () => {
  const { clock, whisper } = await started()
  const filters = {
    open: whisper.filters.add({ key: symmetric, topics: [topic], allowP2P: true }),
    closed: whisper.filters.add({ key: symmetric, topics: [topic] }),
    worked: whisper.filters.add({ key: symmetric, topics: [topic], allowP2P: true, minPow: 0.0001 }),
    overworked: whisper.filters.add({ key: symmetric, topics: [topic], allowP2P: true, minPow: 1e9 })
  }
  const peer = handPeer(whisper, 'server')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await clock.settle()
  whisper.trustPeer(peerIdOf('server'))
  const data = sealMessage({ payload: utf8Bytes('old'), key: symmetric }, createSeededRandom('p2p'))
  const bytes = encodeEnvelope({ expiry: 1000, ttl: 10, topic, data, nonce: 0n })
  await peer.send(packetCodes.p2pMessage, encodeP2pMessages([bytes]))
  await clock.settle()
  const counts = Object.entries(filters).map(([name, id]) => [name, whisper.filters.messages(id)?.length])
  expect(Object.fromEntries(counts)).toEqual({ open: 1, closed: 0, worked: 1, overworked: 0 })
  await whisper.stop()
})

test('a subscription hears what was in the pool before it, and from its own call on', async () => {
  const { clock, whisper } = await started()
  const { route, interest } = place()
  await whisper.post({ route, payload: utf8Bytes('before') })
  const subscription = whisper.subscribe(interest)
  await subscription.ready
  await whisper.post({ route, payload: utf8Bytes('between') })
  const got = collect(subscription)
  await whisper.post({ route, payload: utf8Bytes('after') })
  await clock.settle()
  expect(got.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(['before', 'between', 'after'])
  await whisper.stop()
})

test('deliveries of an interest with a signer that somebody else signed, or nobody, are dropped', async () => {
  const { clock, whisper } = await started()
  const { route, interest } = place()
  const got = collect(whisper.subscribe({ ...interest, signer: key(1).publicKey }))
  for (const signer of [key(1), key(2)]) await whisper.post({ route, payload: Uint8Array.of(1), signer })
  await whisper.post({ route, payload: Uint8Array.of(2) })
  await clock.settle()
  expect(got.map(({ signer }) => signer)).toEqual([key(1).publicKey])
  await whisper.stop()
})

test('a subscription ends by its signal, by leaving the loop, and with the node', async () => {
  const { clock, whisper } = await started({ maxFilters: 3 })
  const { interest } = place()
  const stop = new AbortController()
  const ends: string[] = []
  const read = async (name: string, subscription: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of subscription) break
    ends.push(name)
  }
  const reading = [
    read('signal', whisper.subscribe(interest, { signal: stop.signal })),
    read('broken off', whisper.subscribe(interest)),
    read('node', whisper.subscribe({ ...interest, topics: [otherTopic] }))
  ]
  expect(() => whisper.subscribe(interest)).toThrow(expect.objectContaining({ code: 'too-many-filters' }))
  expect(() => whisper.filters.add({ key: symmetric })).toThrow(expect.objectContaining({ code: 'too-many-filters' }))
  stop.abort()
  await whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  await clock.settle()
  expect(ends).toEqual(['signal', 'broken off'])
  whisper.subscribe(interest)
  whisper.subscribe(interest, { signal: AbortSignal.abort() })
  whisper.subscribe(interest)
  await whisper.stop()
  await Promise.all(reading)
  expect(ends).toEqual(['signal', 'broken off', 'node'])
})

test('bad filters and interests are refused', () => {
  const clock = time()
  const whisper = node(clock, 'node')
  const bad = [
    { key: { kind: 'symmetric' as const, key: new Uint8Array(31) } },
    { key: { kind: 'symmetric' as const, key: new Uint8Array(32) } },
    { key: symmetric, src: new Uint8Array(65) },
    { key: symmetric, minPow: -1 },
    { key: symmetric, minPow: Number.NaN }
  ]
  for (const options of bad) {
    expect(() => whisper.filters.add(options)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  }
  const { interest } = place()
  for (const topics of [[], [new Uint8Array(3)]]) {
    expect(() => whisper.subscribe({ ...interest, topics })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' })
    )
  }
})

test('a filter that nobody polls keeps its newest messages only', async () => {
  const { whisper } = await started({ maxQueuedMessages: 3 })
  const id = whisper.filters.add({ key: symmetric, topics: [topic] })
  for (let i = 0; i < 5; i++) {
    await whisper.postEnvelope({ topic, key: symmetric, payload: Uint8Array.of(i), pow: work })
  }
  expect(whisper.filters.messages(id)?.map(({ payload }) => payload[0])).toEqual([2, 3, 4])
  await whisper.stop()
})

test('a slow subscriber holds the link up for a bounded time, then loses its oldest messages with an event', async () => {
  const { clock, whisper } = await started({ maxQueuedMessages: 2 })
  const dropped: string[] = []
  whisper.on('deliverydropped', fact => dropped.push(fact.hash))
  const subscription = whisper.subscribe(place().interest)
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  const random = createSeededRandom('slow')
  for (let i = 0; i < 12; i++) {
    const data = sealMessage({ payload: Uint8Array.of(i), key: symmetric }, random)
    const bytes = encodeEnvelope({ expiry: now + 100, ttl: 100, topic, data, nonce: 0n })
    await peer.send(packetCodes.messages, encodeMessages([bytes]))
  }
  await clock.settle()
  expect(whisper.info().messages).toBe(2)
  await clock.advance(limits.slowReaderMs)
  expect(whisper.info().messages).toBe(3)
  await clock.advance(9 * limits.slowReaderMs)
  expect(whisper.info().messages).toBe(12)
  expect(dropped).toHaveLength(4)
  const reader = subscription[Symbol.asyncIterator]()
  expect((await reader.next()).value.payload).toEqual(Uint8Array.of(4))
  await whisper.stop()
})

test('held deliveries wait and then come in order; a full hold lets go of its oldest', async () => {
  const events: string[] = []
  const { clock, scheduler } = time()
  const queue = createDeliveryQueue<number>({
    max: 2,
    clock,
    scheduler,
    onDropped: item => events.push(`dropped ${item}`),
    onRoom: () => events.push('room'),
    onReturn: () => events.push('return')
  })
  queue.hold()
  queue.hold()
  queue.push(1)
  queue.push(2)
  expect(queue.full()).toBe(false)
  queue.release()
  queue.push(3)
  expect(await queue.reader.next()).toEqual({ done: false, value: 1 })
  queue.release()
  expect([await queue.reader.next(), await queue.reader.next()].map(({ value }) => value)).toEqual([2, 3])
  for (let i = 0; i < 9; i++) queue.push(i)
  expect(events).toEqual(['room', 'dropped 0'])
  queue.hold()
  queue.push(100)
  queue.close()
  const rest: number[] = []
  for await (const item of queue.reader) rest.push(item)
  expect(rest.at(-1)).toBe(100)
  queue.push(101)
  expect((await queue.reader.next()).done).toBe(true)
})

function candidate(at: Uint8Array, data: Uint8Array, pow = 0): Candidate {
  return { topic: topicNumber(at), expiry: 0, ttl: 0, data, id: '', pow, p2p: false }
}

function listener(at: Uint8Array, fill: number, deliver: () => void): Listener {
  const bytes = new Uint8Array(32).fill(fill)
  new DataView(bytes.buffer).setUint32(0, fill)
  return { key: { kind: 'symmetric', key: bytes }, topics: [at], src: undefined, minPow: 0, allowP2P: false, deliver }
}

test('matching costs the same with 10 filters and with 10 000: decryptions are counted', () => {
  const tried = [10, 10_000].map(count => {
    const index = createFilterIndex(unhurried)
    let delivered = 0
    for (let i = 0; i < count; i++) {
      const at = new Uint8Array(4)
      new DataView(at.buffer).setUint32(0, i)
      index.add(listener(at, i + 1, () => (delivered += 1)))
    }
    const random = createSeededRandom('index')
    for (let i = 0; i < 10; i++) {
      const at = new Uint8Array(4)
      new DataView(at.buffer).setUint32(0, i)
      const { key: own } = listener(at, i + 1, () => undefined)
      if (own.kind !== 'symmetric') throw new Error('symmetric')
      const data = sealMessage({ payload: Uint8Array.of(i), key: own }, random)
      void index.match(candidate(at, data))
    }
    expect(delivered).toBe(10)
    return index.attempts()
  })
  expect(tried).toEqual([10, 10])
})

test('among many keys of both kinds the one that opens is found, once, whatever the length of the message', () => {
  const index = createFilterIndex(unhurried)
  const heard: string[] = []
  const random = createSeededRandom('many keys')
  const symmetricOf = (fill: number): InterestKey & { kind: 'symmetric' } => ({
    kind: 'symmetric',
    key: new Uint8Array(32).fill(fill)
  })
  const listen = (name: string, at: readonly Uint8Array[], own: InterestKey, minPow = 0): Listener => {
    const made: Listener = {
      key: own,
      topics: at,
      src: undefined,
      minPow,
      allowP2P: false,
      deliver: ({ opened }) => heard.push(`${name}: ${payloadOf(opened).length}`)
    }
    index.add(made)
    return made
  }
  const bob = key(5)
  for (let i = 1; i <= 40; i++) {
    listen(`key ${i}`, [topic], symmetricOf(i))
    if (i === 20) listen('bob', [topic], { kind: 'asymmetric', identity: bob })
  }
  listen('everywhere', [], symmetricOf(17))
  listen('only everywhere', [], symmetricOf(50))
  listen('demanding', [topic], symmetricOf(60), 10)
  const match = (to: Parameters<typeof sealMessage>[0]['key'], length: number): unknown => {
    const data = sealMessage({ payload: new Uint8Array(length), key: to }, random)
    return index.match(candidate(topic, data, 1))
  }
  for (const length of [10, 600, 5000]) {
    heard.length = 0
    for (const fill of [1, 16, 17, 40, 50]) expect(match(symmetricOf(fill), length)).toBe(true)
    expect(match({ kind: 'asymmetric', publicKey: bob.publicKey }, length)).toBe(true)
    expect(match(symmetricOf(60), length)).toBe(false)
    expect(match(symmetricOf(61), length)).toBe(false)
    const names = ['key 1', 'key 16', 'key 17', 'everywhere', 'key 40', 'only everywhere', 'bob']
    expect(heard).toEqual(names.map(name => `${name}: ${length}`))
  }
  const before = index.attempts()
  expect(match(symmetricOf(61), 10)).toBe(false)
  expect(index.attempts() - before).toBe(42)
  index.clear()
  expect(match(symmetricOf(1), 10)).toBe(false)
  expect([index.size(), index.hears(0)]).toEqual([0, false])
})

test('a key that fits a message which is none does not keep the others from it', () => {
  const index = createFilterIndex(unhurried)
  let delivered = 0
  for (let i = 1; i <= 5; i++) index.add(listener(topic, i, () => (delivered += 1)))
  const { key: own } = listener(topic, 2, () => undefined)
  if (own.kind !== 'symmetric') throw new Error('symmetric')
  // Flags that announce a signature, and no room for one.
  const data = sealSymmetric(own.key, new Uint8Array(12), Uint8Array.of(4))
  expect(index.match(candidate(topic, data))).toBe(false)
  expect([delivered, index.attempts()]).toEqual([0, 5])
})

test('1000 filters with the same key and topic cost one decryption, and a removed one none', () => {
  const index = createFilterIndex(unhurried)
  let delivered = 0
  const all = Array.from({ length: 1000 }, () => listener(topic, 1, () => (delivered += 1)))
  for (const each of all) index.add(each)
  const own = all[0]?.key
  if (own?.kind !== 'symmetric') throw new Error('symmetric')
  const data = sealMessage({ payload: Uint8Array.of(1), key: own }, createSeededRandom('same'))
  expect(index.match(candidate(topic, data))).toBe(true)
  expect([delivered, index.attempts()]).toEqual([1000, 1])
  for (const each of all) index.remove(each)
  expect(index.size()).toBe(0)
  expect(index.match(candidate(topic, data))).toBe(false)
  expect(index.attempts()).toBe(1)
})

test('key ids show no key', () => {
  expect(filterKeyId(symmetric)).not.toContain('07070707')
})

test('a callback that throws costs nobody anything', async () => {
  const { clock, whisper } = await started()
  whisper.filters.add({
    key: symmetric,
    topics: [topic],
    onMessage: () => {
      throw new Error('application')
    }
  })
  const id = whisper.filters.add({ key: symmetric, topics: [topic] })
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  const data = sealMessage({ payload: Uint8Array.of(1), key: symmetric }, createSeededRandom('callback'))
  const bytes = encodeEnvelope({ expiry: now + 10, ttl: 10, topic, data, nonce: 0n })
  await peer.send(packetCodes.messages, encodeMessages([bytes]))
  await clock.settle()
  expect(whisper.filters.messages(id)).toHaveLength(1)
  expect(whisper.connected()).toBe(true)
  await whisper.stop()
})
