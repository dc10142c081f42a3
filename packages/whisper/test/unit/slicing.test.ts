import { createTimeSlicer } from '@status-stack/utils'
import { expect, test } from 'vitest'
import { type Envelope, encodeEnvelope } from '../../src/envelope.ts'
import { createFilterIndex } from '../../src/filters/filter-index.ts'
import type { Listener } from '../../src/filters/listener.ts'
import { payloadOf, sealMessage } from '../../src/message/wrap.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeP2pMessages } from '../../src/packets/p2p.ts'
import { decodeSyncResponse, decodeSyncResponseSliced, encodeSyncResponse } from '../../src/packets/p2p-sync.ts'
import { encodeBloomFilter, encodePowRequirement } from '../../src/packets/requirements.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { createLinkPair, createSeededRandom } from '../../src/testing/index.ts'
import { topicNumber } from '../../src/topic.ts'
import { handPeer, node, peerIdOf, place, stepSlicer, symmetricKey, time, topic } from '../support.ts'

const now = 1_600_000_000
const status = encodeStatus({ minPow: 0, light: false })
const random = createSeededRandom('slicing')
const otherTopic = Uint8Array.of(9, 9, 9, 9)

let nonce = 0n
function raw(change: Partial<Envelope> = {}): Uint8Array {
  nonce += 1n
  return encodeEnvelope({ expiry: now + 10, ttl: 10, topic, data: new Uint8Array(40), nonce, ...change })
}

/** Waits, turn by turn, until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise<void>(resolve => setImmediate(resolve))
}

async function stepping(options = {}) {
  const clock = time()
  const slicer = stepSlicer()
  const whisper = node(clock, 'node', options, slicer)
  await whisper.start()
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, status)
  await until(() => whisper.connected())
  const fill = async (count: number, change: Partial<Envelope> = {}) => {
    await peer.send(packetCodes.messages, encodeMessages(Array.from({ length: count }, () => raw(change))))
    await until(() => whisper.info().messages >= count)
  }
  return { clock, slicer, whisper, peer, fill }
}

test('envelopes of a packet 127 are checked, judged and matched in slices', async () => {
  const { slicer, whisper, peer } = await stepping()
  whisper.trustPeer(peerIdOf('peer'))
  const id = whisper.filters.add({ key: { kind: 'symmetric', key: symmetricKey }, topics: [topic], allowP2P: true })
  const count = 500
  const before = slicer.pauses()
  const data = sealMessage({ payload: Uint8Array.of(1), key: { kind: 'symmetric', key: symmetricKey } }, random)
  const last = raw({ data })
  const packet = encodeP2pMessages([...Array.from({ length: count }, () => raw()), last])
  await peer.send(packetCodes.p2pMessage, packet)
  let found = 0
  await until(() => {
    found += whisper.filters.messages(id)?.length ?? 0
    return found > 0
  })
  // Checked and taken one by one, and every fourth trial.
  expect(slicer.pauses() - before).toBeGreaterThanOrEqual(2.2 * count)
  await whisper.stop()
})

test('envelopes to a topic of ours ask for the time every few trials', async () => {
  const { slicer, whisper, fill } = await stepping()
  const keys = 200
  for (let i = 1; i <= keys; i++) {
    whisper.filters.add({ key: { kind: 'symmetric', key: new Uint8Array(32).fill(i) }, topics: [topic] })
  }
  const before = slicer.pauses()
  const count = 50
  await fill(count)
  // Sixteen keys are tried together, and every fourth time it is asked.
  expect(slicer.pauses() - before).toBeGreaterThanOrEqual((keys * (count - 1)) / 64)
  await whisper.stop()
})

test('the pool is shown to new listeners in slices, once to each, and together', async () => {
  const { slicer, whisper, fill, peer } = await stepping()
  const data = sealMessage({ payload: Uint8Array.of(1), key: { kind: 'symmetric', key: symmetricKey } }, random)
  await fill(200)
  await peer.send(packetCodes.messages, encodeMessages([raw({ data })]))
  await until(() => whisper.info().messages === 201)
  const listen = () => whisper.filters.add({ key: { kind: 'symmetric', key: symmetricKey }, topics: [topic] })
  const first = listen()
  const before = slicer.pauses()
  const rest = Array.from({ length: 10 }, listen)
  // What comes while the walk goes on reaches each of them once as well.
  await peer.send(packetCodes.messages, encodeMessages([raw({ data })]))
  const all = [first, ...rest]
  const got = new Map(all.map(id => [id, 0]))
  const poll = (): void => {
    for (const id of all) got.set(id, (got.get(id) ?? 0) + (whisper.filters.messages(id)?.length ?? 0))
  }
  await until(() => {
    poll()
    return [...got.values()].every(count => count >= 2)
  })
  for (let i = 0; i < 50; i++) await new Promise<void>(resolve => setImmediate(resolve))
  poll()
  expect([...got.values()]).toEqual(all.map(() => 2))
  // Two walks: one for the first, one for the ten that came during it.
  // Each tries one key for each envelope.
  expect(slicer.pauses() - before).toBeLessThan(2 * 3 * 202)
  await whisper.stop()
})

test('expired envelopes leave the pool in slices', async () => {
  const { clock, slicer, whisper, fill } = await stepping()
  const count = 300
  await fill(count)
  const before = slicer.pauses()
  await clock.advance(12_000)
  await until(() => whisper.info().messages === 0)
  expect(slicer.pauses() - before).toBeGreaterThanOrEqual(count)
  await whisper.stop()
})

test('changes of requirements are merged: a flood of packets 2 and 3 costs a few looks at the pool, and the last one counts', async () => {
  const { clock, slicer, whisper, peer, fill } = await stepping({ poolMaxBytes: 64 * 1024 * 1024 })
  const count = 6000
  const looksPerCheck = 64
  await fill(count)
  const other = handPeer(whisper, 'other')
  await other.send(packetCodes.status, encodeStatus({ minPow: 0, bloom: new Uint8Array(64), light: false }))
  await clock.settle()
  const before = slicer.pauses()
  const packets = 60
  const turns = 2 * Math.ceil(count / looksPerCheck)
  for (let i = 0; i < packets; i++) {
    // Each admits more than the one before it, and comes when a look that began with that one would be over.
    await other.send(packetCodes.powRequirement, encodePowRequirement(1e9 - i * 1000))
    for (let turn = 0; turn < turns; turn++) await new Promise<void>(resolve => setImmediate(resolve))
  }
  await until(() => whisper.bandwidth().peers.get(peerIdOf('other'))?.requirements.packetsIn === packets)
  const walks = (slicer.pauses() - before - packets) / (count / looksPerCheck)
  expect(walks).toBeLessThan(10)
  await other.send(packetCodes.powRequirement, encodePowRequirement(0))
  await other.send(packetCodes.bloomFilter, encodeBloomFilter(new Uint8Array(64).fill(0xff)))
  await clock.settle()
  await clock.advance(5000)
  await until(() => other.received.some(({ code }) => code === packetCodes.messages))
  expect(peer.received.filter(({ code }) => code === packetCodes.messages)).toEqual([])
  await whisper.stop()
})

test('a link whose packets are at hand lets go of the turn after each of them', async () => {
  const { slicer, whisper, peer } = await stepping()
  const before = slicer.pauses()
  const packets = 100
  for (let i = 0; i < packets; i++) await peer.send(99, new Uint8Array(1))
  await until(() => whisper.bandwidth().total.unknown.packetsIn === packets)
  expect(slicer.pauses() - before).toBeGreaterThanOrEqual(packets - 1)
  await whisper.stop()
})

function listener(fill: number, at: Uint8Array, heard: string[]): Listener {
  return {
    key: { kind: 'symmetric', key: new Uint8Array(32).fill(fill) },
    topics: [at],
    src: undefined,
    minPow: 0,
    allowP2P: false,
    deliver: ({ opened }) => heard.push(`${at[0]}/${payloadOf(opened)[0]}`)
  }
}

test('envelopes of one topic are matched in order, and those of other topics do not wait for a thousand keys', async () => {
  const slicer = stepSlicer()
  const index = createFilterIndex(slicer)
  const heard: string[] = []
  for (let i = 1; i <= 100; i++) index.add(listener(i, topic, heard))
  index.add(listener(1, otherTopic, heard))
  const candidate = (number: number, fill: number, at: Uint8Array) => {
    const key = { kind: 'symmetric' as const, key: new Uint8Array(32).fill(fill) }
    const data = sealMessage({ payload: Uint8Array.of(number), key }, random)
    return { topic: topicNumber(at), expiry: 0, ttl: 0, data, id: '', pow: 0, p2p: false }
  }
  const matches = [
    index.match(candidate(1, 100, topic)),
    index.match(candidate(2, 1, topic)),
    index.match(candidate(3, 1, otherTopic))
  ]
  index.add(listener(1, topic, heard))
  expect(await Promise.all(matches)).toEqual([true, true, true])
  // The listener that came later hears of none of them.
  expect(heard).toEqual(['9/3', '1/1', '1/2'])
})

test('a listener that leaves while an envelope is matched hears nothing more', async () => {
  const index = createFilterIndex(stepSlicer())
  const heard: string[] = []
  const leaving = listener(200, topic, heard)
  for (let i = 1; i <= 100; i++) index.add(listener(i, topic, heard))
  index.add(leaving)
  const data = sealMessage({ payload: Uint8Array.of(1), key: leaving.key as never }, random)
  const matched = index.match({ topic: topicNumber(topic), expiry: 0, ttl: 0, data, id: '', pow: 0, p2p: false })
  index.remove(leaving)
  expect(await matched).toBe(false)
  expect(heard).toEqual([])
  expect(place().interest.topics).toEqual([topic])
})

test('batches for several peers are hashed and sent in turns of their own', async () => {
  const whisper = node(time(), 'node', {}, createTimeSlicer({ budgetMs: 0 }))
  await whisper.start()
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, status)
  for (const name of ['a', 'b', 'c', 'd']) {
    const other = handPeer(whisper, name)
    await other.send(packetCodes.status, status)
  }
  await until(() => whisper.peers().length === 5)
  let turn = 0
  let going = true
  const next = (): void => {
    turn += 1
    if (going) setImmediate(next)
  }
  setImmediate(next)
  const turns: number[] = []
  whisper.on('envelopesent', () => void turns.push(turn))
  await peer.send(packetCodes.messages, encodeMessages([raw()]))
  await until(() => turns.length === 4)
  going = false
  expect(new Set(turns).size).toBe(4)
  await whisper.stop()
})

test.each([100, 200])('the list of a packet 124 is split in slices: %i envelopes', async count => {
  const slicer = stepSlicer()
  let nowMs = 0
  const packet = encodeSyncResponse({
    envelopes: Array.from({ length: count }, () => raw()),
    cursor: new Uint8Array(36),
    final: true,
    error: 'none'
  })
  const nowOf = (): number => {
    nowMs += 1
    return nowMs
  }
  expect(await decodeSyncResponseSliced(packet, { slicer, nowMs: nowOf })).toEqual(decodeSyncResponse(packet))
  expect(slicer.pauses()).toBe(count)
  const tiny = encodeSyncResponse({ envelopes: [Uint8Array.of(1)], cursor: new Uint8Array(0), final: true, error: '' })
  await expect(decodeSyncResponseSliced(tiny, { slicer, nowMs: nowOf })).rejects.toMatchObject({
    code: 'invalid-packet'
  })
  await expect(decodeSyncResponseSliced(Uint8Array.of(0xc0), { slicer })).rejects.toMatchObject({
    code: 'invalid-packet'
  })
})

test('a packet that goes to several peers is encoded once', async () => {
  const whisper = node(time(), 'node')
  await whisper.start()
  const sender = handPeer(whisper, 'sender')
  await sender.send(packetCodes.status, status)
  const sent: Uint8Array[] = []
  const names = ['a', 'b', 'c']
  for (const name of names) {
    const { left, right } = createLinkPair({ left: peerIdOf('node'), right: peerIdOf(name) })
    void whisper.attach({
      ...left,
      send: (code, payload, options) => {
        if (code === packetCodes.messages) sent.push(payload)
        return left.send(code, payload, options)
      }
    })
    await right.send(packetCodes.status, status)
    void (async () => {
      for await (const _ of right.packets());
    })()
  }
  await until(() => whisper.peers().length === names.length + 1)
  const one = raw()
  const two = raw()
  for (const envelope of [one, two]) {
    const before = sent.length
    await sender.send(packetCodes.messages, encodeMessages([envelope]))
    await until(() => sent.length === before + names.length)
    const [first, ...others] = sent.slice(before)
    expect(first).toEqual(encodeMessages([envelope]))
    for (const other of others) expect(other).toBe(first)
  }
  await whisper.stop()
})
