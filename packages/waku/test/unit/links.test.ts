import { hexToBytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { createVirtualTime } from '@status-stack/whisper/testing'
import { encodeBloomFilter, encodePowRequirement, filterBloom, powToBits } from '@status-stack/whisper/wire'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { decodeStatusOptions, encodeStatusOptions, packetCodes } from '../../src/wire.ts'
import {
  connect,
  countedTopics,
  envelopesOf,
  handPeer,
  hashOf,
  messages,
  otherTopic,
  rawEnvelope,
  silent,
  started,
  topic,
  wakuNode
} from '../support.ts'

const everything = encodeStatusOptions({ powBits: 0n })

/** Which of two envelopes, one of each topic, a peer with this Status gets after these updates. */
async function wanted(status: Uint8Array, ...updates: readonly Uint8Array[]): Promise<readonly string[]> {
  const { time, waku } = await started()
  const peer = await handPeer(time, waku, status)
  for (const update of updates) await peer.send(packetCodes.statusUpdate, update)
  const envelopes = [rawEnvelope(time, 1, topic), rawEnvelope(time, 2, otherTopic)]
  for (const envelope of envelopes) await waku.exchange.offer(envelope)
  await time.settle()
  const got = envelopesOf(peer)
  await waku.stop()
  return ['topic', 'other'].filter((_, i) => got.includes(hashOf(envelopes[i] ?? silent)))
}

test('K-7 a later filter removes topics, later topics remove a filter, and other updates keep them', async () => {
  const only = encodeStatusOptions({ powBits: 0n, topics: [topic] })
  const filter = encodeStatusOptions({ bloom: filterBloom([otherTopic]) })
  expect(await wanted(only)).toEqual(['topic'])
  expect(await wanted(only, filter)).toEqual(['other'])
  expect(await wanted(only, filter, encodeStatusOptions({ topics: [topic] }))).toEqual(['topic'])
  expect(await wanted(only, encodeStatusOptions({ confirmations: true, light: true }))).toEqual(['topic'])
})

test('K-8 no topics at all get nothing, an empty filter everything, a filter of zeros nothing', async () => {
  expect(await wanted(encodeStatusOptions({ powBits: 0n, topics: [] }))).toEqual([])
  expect(await wanted(encodeStatusOptions({ powBits: 0n, bloom: silent }))).toEqual(['topic', 'other'])
  expect(await wanted(encodeStatusOptions({ powBits: 0n, bloom: new Uint8Array(64) }))).toEqual([])
  expect(await wanted(encodeStatusOptions({ powBits: 0n, bloom: new Uint8Array(64).fill(255) }))).toHaveLength(2)
})

test('K-9 an update without options changes nothing, and what is absent has no default', async () => {
  const only = encodeStatusOptions({ powBits: 0n, topics: [topic] })
  expect(await wanted(only, Uint8Array.of(0xc0))).toEqual(['topic'])
  const { time, waku } = await started()
  const peer = await handPeer(time, waku, encodeStatusOptions({ powBits: powToBits(0.5), confirmations: true }))
  await peer.send(packetCodes.statusUpdate, encodeStatusOptions({ light: true }))
  expect(waku.peers()).toMatchObject([{ minPow: 0.5, confirmations: true, light: true }])
  await waku.stop()
})

test('K-10 codes 2, 3, 20, 34, 123, 124 and a second Status are ignored', async () => {
  const { time, waku } = await started()
  waku.serve({
    syncRequest: async () => expect.unreachable(),
    syncResponse: async () => expect.unreachable()
  })
  const peer = await handPeer(time, waku, everything)
  waku.trustPeer(peer.pair.left.peerId)
  await peer.send(2, encodePowRequirement(5))
  await peer.send(3, encodeBloomFilter(new Uint8Array(64)))
  await peer.send(20, encodeRlp([1, 2, 3]))
  await peer.send(34, encodeStatusOptions({ powBits: powToBits(7) }))
  await peer.send(123, encodeRlp([1, 2, new Uint8Array(64), 10, '']))
  await peer.send(124, encodeRlp([[], '', true, '']))
  await peer.send(0, encodeStatusOptions({ powBits: powToBits(9) }))
  expect(waku.peers()).toMatchObject([{ minPow: 0, fullNode: true }])
  expect(waku.counters().events.packetrefused).toBe(0)
  await waku.stop()
})

test('K-12 packets that cannot be read keep the link, apply nothing, are counted, and the log of them is bounded', async () => {
  const warnings: unknown[] = []
  const time = createVirtualTime()
  const waku = await wakuNode(time)
  await waku.stop()
  const { createWaku } = await import('../../src/index.ts')
  const logger = { debug: () => undefined, error: () => undefined, warn: (...words: unknown[]) => warnings.push(words) }
  const node = createWaku({ clock: time.clock, scheduler: time.scheduler, logger }, { minPow: 0, powWorkers: 0 })
  await node.start()
  const peer = await handPeer(time, node, everything)
  node.trustPeer(peer.pair.left.peerId)
  node.serve({ request: async () => undefined })
  const bad: readonly (readonly [number, Uint8Array])[] = [
    [1, hexToBytes('c101')],
    [1, messages(rawEnvelope(time, 1)).subarray(0, 20)],
    [11, encodeRlp(new Uint8Array(31))],
    [12, Uint8Array.of(0x80)],
    [22, Uint8Array.of(0x80)],
    [22, encodeRlp([[2, 2]])],
    [125, encodeRlp(new Uint8Array(31))],
    [126, encodeRlp([1, 2, 3])],
    [127, Uint8Array.of(0x80)]
  ]
  for (const [code, payload] of bad) await peer.send(code, payload)
  expect(node.connected()).toBe(true)
  expect(node.info().messages).toBe(0)
  expect(node.counters().events.packetrefused).toBe(bad.length)
  for (let i = 0; i < 40; i++) await peer.send(22, Uint8Array.of(0x80))
  expect(node.counters().events.packetrefused).toBe(bad.length + 40)
  expect(warnings).toHaveLength(16)
  expect(JSON.stringify(warnings)).not.toContain('0x')
  await node.stop()
})

test('K-12 a packet over the size limit ends the link, one of exactly that size does not; a Status is exempt', async () => {
  const { time, waku } = await started()
  waku.setMaxMessageSize(20)
  const peer = await handPeer(time, waku, encodeStatusOptions({ bloom: new Uint8Array(64).fill(1) }))
  expect(waku.connected()).toBe(true)
  await peer.send(99, new Uint8Array(20))
  expect(waku.connected()).toBe(true)
  await peer.send(99, new Uint8Array(21))
  expect(await peer.ended).toMatchObject({ code: 'packet-too-large', origin: 'peer' })
  await waku.stop()
})

test('a Status has a bound of its own', async () => {
  const { time, waku } = await started()
  const longest = encodeRlp([[9, new Uint8Array(limits.statusBytes - 13)]])
  await handPeer(time, waku, longest, { name: 'long' })
  expect(waku.connected()).toBe(true)
  const longer = await handPeer(time, waku, encodeRlp([[9, new Uint8Array(limits.statusBytes)]]), { name: 'longer' })
  expect(await longer.ended).toMatchObject({ code: 'packet-too-large' })
  await waku.stop()
})

test('K-13 another first packet or a bad Status ends the link; without a Status it times out', async () => {
  const { time, waku } = await started()
  const rude = await handPeer(time, waku, silent, { name: 'rude' })
  await rude.send(packetCodes.messages, messages())
  expect(await rude.ended).toMatchObject({ code: 'handshake-failed' })
  expect(rude.pair.closedBy().left).toBe('subprotocol-error')
  const bad = await handPeer(time, waku, hexToBytes('c101'), { name: 'bad' })
  expect(await bad.ended).toMatchObject({ origin: 'peer' })
  const mute = await handPeer(time, waku, silent, { name: 'mute' })
  await time.advance(5000)
  expect(await mute.ended).toMatchObject({ code: 'handshake-timeout' })
  await waku.stop()
})

test('K-13 no update is sent before our own Status; what changed during the handshake is said after it', async () => {
  const { time, waku } = await started({ interest: 'topics' })
  const peer = await handPeer(time, waku, silent)
  await waku.setTopicInterest([topic])
  await waku.setMinPow(0.25)
  expect(peer.received.map(({ code }) => code)).toEqual([packetCodes.status])
  await peer.send(packetCodes.status, Uint8Array.of(0xc0))
  const [status, ...updates] = peer.received
  expect(status && decodeStatusOptions(status.payload).topics).toBeUndefined()
  expect(updates.map(({ code }) => code)).toEqual([packetCodes.statusUpdate])
  expect(updates[0] && decodeStatusOptions(updates[0].payload)).toEqual({ powBits: powToBits(0.25), topics: [topic] })
  await waku.stop()
})

test('K-19 a light client of a filter of zeros says so, also to later peers', async () => {
  for (const interest of ['topics', 'full'] as const) {
    const { time, waku } = await started({ interest })
    await waku.setBloomFilter(new Uint8Array(64))
    const later = await handPeer(time, waku)
    expect(later.received[0] && decodeStatusOptions(later.received[0].payload).bloom).toEqual(new Uint8Array(64))
    await waku.stop()
  }
})

test('K-26 two light nodes refuse each other when restricted, in Status and in an update', async () => {
  const { time, waku } = await started({ light: true })
  const light = encodeStatusOptions({ light: true })
  const refused = await handPeer(time, waku, light, { name: 'light' })
  expect(await refused.ended).toMatchObject({ code: 'handshake-failed' })
  const peer = await handPeer(time, waku, everything)
  await peer.send(
    packetCodes.statusUpdate,
    encodeStatusOptions({ powBits: powToBits(0.5), light: true, confirmations: true })
  )
  // In an update it is an error like others: what is checked before it stays, the rest does not apply.
  expect(waku.counters().events.packetrefused).toBe(1)
  expect(waku.peers()).toMatchObject([{ minPow: 0.5, light: false, confirmations: false }])
  await waku.stop()
  const free = await started({ light: true, restrictLightLinks: false })
  await handPeer(free.time, free.waku, light)
  expect(free.waku.peers()).toMatchObject([{ light: true }])
  await free.waku.stop()
})

test('a change of the light flag is announced', async () => {
  const { time, waku } = await started()
  const peer = await handPeer(time, waku)
  waku.setLight(true)
  await time.settle()
  expect(peer.received.slice(1).map(({ payload }) => decodeStatusOptions(payload))).toEqual([{ light: true }])
  await waku.stop()
})

test('K-27 bytes behind the value are refused in code 1 and ignored in the others', async () => {
  const { time, waku } = await started()
  const peer = await handPeer(time, waku, everything)
  const trailing = (payload: Uint8Array): Uint8Array => Uint8Array.of(...payload, 1, 2)
  await peer.send(packetCodes.messages, trailing(messages(rawEnvelope(time, 1))))
  expect(waku.info().messages).toBe(0)
  expect(waku.counters().events.packetrefused).toBe(1)
  await peer.send(packetCodes.statusUpdate, trailing(encodeStatusOptions({ powBits: powToBits(0.5) })))
  expect(waku.peers()).toMatchObject([{ minPow: 0.5 }])
  await peer.send(11, trailing(encodeRlp(new Uint8Array(32))))
  await peer.send(12, trailing(encodeRlp([1, [new Uint8Array(32), []]])))
  waku.trustPeer(peer.pair.left.peerId)
  await peer.send(125, trailing(encodeRlp(new Uint8Array(32))))
  await peer.send(127, trailing(messages()))
  expect(waku.counters().events.packetrefused).toBe(1)
  await waku.stop()
})

test('K-28 a failing update keeps the steps before the failing one; an undecodable one changes nothing', async () => {
  const { time, waku } = await started()
  const peer = await handPeer(time, waku, everything)
  const half = encodeRlp([
    [3, 1],
    [0, powToBits(0.25)],
    [1, new Uint8Array(63)]
  ])
  await peer.send(packetCodes.statusUpdate, half)
  expect(waku.peers()).toMatchObject([{ minPow: 0.25, confirmations: false, fullNode: true }])
  const undecodable = encodeRlp([
    [0, powToBits(0.5)],
    [2, 2]
  ])
  await peer.send(packetCodes.statusUpdate, undecodable)
  expect(waku.peers()).toMatchObject([{ minPow: 0.25 }])
  const tooMany = encodeStatusOptions({ powBits: powToBits(0.5), topics: countedTopics(10_001) })
  await peer.send(packetCodes.statusUpdate, tooMany)
  expect(waku.peers()).toMatchObject([{ minPow: 0.25, fullNode: true }])
  expect(waku.counters().events.packetrefused).toBe(3)
  await waku.stop()
})

test('two nodes find each other, and a Status of Whisper is none of ours', async () => {
  const time = createVirtualTime()
  const [left, right] = [await wakuNode(time, 'left'), await wakuNode(time, 'right', { interest: 'topics' })]
  await connect(time, [left, 'left'], [right, 'right'])
  expect([left.connected(), right.connected()]).toEqual([true, true])
  const stranger = await handPeer(time, left, hexToBytes('d106883fc999999999999a808001c3808080'), { name: 'shh' })
  expect(await stranger.ended).toMatchObject({ origin: 'peer' })
  await Promise.all([left.stop(), right.stop()])
})
