import { createVirtualTime } from '@status-stack/whisper/testing'
import { encodeEnvelope, filterBloom, powToBits, sealMessage } from '@status-stack/whisper/wire'
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { decodeStatusOptions, encodeStatusOptions, packetCodes } from '../../src/wire.ts'
import {
  collect,
  collider,
  countedTopics,
  envelopeOfPow,
  envelopesOf,
  handPeer,
  hashOf,
  key,
  messages,
  otherTopic,
  place,
  rawEnvelope,
  started,
  symmetricKey,
  topic,
  twin,
  updatesOf,
  wakuNode
} from '../support.ts'

const filterKey = { kind: 'symmetric' as const, key: symmetricKey }
const everything = encodeStatusOptions({ powBits: 0n })

describe('what is announced', () => {
  test('K-14 subscribing sends packet 22 with the whole list, each topic once', async () => {
    const { time, waku } = await started({ interest: 'topics' })
    const peer = await handPeer(time, waku)
    await waku.subscribe(place(topic).interest).ready
    waku.filters.add({ key: filterKey, topics: [otherTopic, topic] })
    waku.filters.add({ key: filterKey, topics: [topic] })
    // A filter of every topic widens nothing, and nothing is said about it.
    waku.filters.add({ key: filterKey })
    await time.settle()
    expect(updatesOf(peer)).toEqual([
      { topics: [topic] },
      { topics: [topic, otherTopic] },
      { topics: [topic, otherTopic] }
    ])
    expect(waku.topicInterest()).toEqual([topic, otherTopic])
    const later = await handPeer(time, waku, everything, { name: 'later' })
    expect(later.received[0] && decodeStatusOptions(later.received[0].payload).topics).toEqual([topic, otherTopic])
    await waku.stop()
  })

  test('K-14 more than 10 000 different topics are refused, and the filter is removed again', async () => {
    const { time, waku } = await started({ interest: 'topics' })
    const peer = await handPeer(time, waku)
    waku.filters.add({ key: filterKey, topics: countedTopics(limits.topicInterest) })
    await time.settle()
    expect(updatesOf(peer)).toHaveLength(1)
    const oneMore = { key: filterKey, topics: countedTopics(1, limits.topicInterest) }
    expect(() => waku.filters.add(oneMore)).toThrow('invalid topic interest: 10001')
    expect(() => waku.subscribe({ ...place().interest, topics: oneMore.topics })).toThrow(/invalid topic interest/)
    await expect(waku.setTopicInterest(countedTopics(limits.topicInterest + 1))).rejects.toMatchObject({
      code: 'invalid-argument'
    })
    await time.settle()
    expect(updatesOf(peer)).toHaveLength(1)
    expect(waku.topicInterest()).toHaveLength(limits.topicInterest)
    // A known topic is not one more.
    waku.filters.add({ key: filterKey, topics: countedTopics(1) })
    await waku.stop()
  })

  test('K-14 unsubscribing removes nothing and sends nothing', async () => {
    const { time, waku } = await started({ interest: 'topics' })
    const peer = await handPeer(time, waku)
    const id = waku.filters.add({ key: filterKey, topics: [topic] })
    waku.filters.remove(id)
    await time.settle()
    expect(updatesOf(peer)).toEqual([{ topics: [topic] }])
    expect(waku.topicInterest()).toEqual([topic])
    await waku.stop()
  })

  test('K-29 after a filter set by hand, a subscription announces the topics of everything that listens', async () => {
    const { time, waku } = await started({ interest: 'topics' })
    const peer = await handPeer(time, waku)
    waku.filters.add({ key: filterKey, topics: [topic] })
    await waku.setBloomFilter(filterBloom([otherTopic]))
    expect(waku.topicInterest()).toBeUndefined()
    waku.filters.add({ key: filterKey, topics: [collider] })
    await time.settle()
    expect(updatesOf(peer)).toEqual([
      { topics: [topic] },
      { bloom: filterBloom([otherTopic]) },
      { topics: [collider, topic] }
    ])
    expect(waku.info().bloomFilter).toBeUndefined()
    await waku.stop()
  })

  test('a full node says nothing about its topics; one with a filter widens it as Whisper does', async () => {
    const full = await started()
    const quiet = await handPeer(full.time, full.waku)
    full.waku.filters.add({ key: filterKey, topics: [topic] })
    await full.time.settle()
    expect(updatesOf(quiet)).toEqual([])
    await full.waku.stop()
    const filtered = await started({ interest: 'bloom' })
    const peer = await handPeer(filtered.time, filtered.waku)
    for (let i = 0; i < 2; i++) filtered.waku.filters.add({ key: filterKey, topics: [topic] })
    await filtered.time.settle()
    expect(updatesOf(peer)).toEqual([{ bloom: filterBloom([topic]) }])
    await filtered.waku.stop()
  })

  test('topics set by hand replace the list and the filter, and arguments are checked', async () => {
    const { time, waku } = await started({ interest: 'bloom' })
    const peer = await handPeer(time, waku)
    await waku.setTopicInterest([topic])
    await waku.setTopicInterest([])
    expect(updatesOf(peer)).toEqual([{ topics: [topic] }, { topics: [] }])
    await expect(waku.setTopicInterest([Uint8Array.of(1)])).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(waku.setTopicInterest('01020304' as never)).rejects.toMatchObject({ code: 'invalid-argument' })
    await waku.stop()
  })
})

describe('what is accepted', () => {
  const refusals = (waku: Awaited<ReturnType<typeof started>>['waku']): string[] => {
    const reasons: string[] = []
    waku.on('enveloperefused', fact => reasons.push(fact.reason))
    return reasons
  }

  test('K-15 after the first subscription other topics are refused at once, exactly and not by their bloom', async () => {
    const { time, waku } = await started({ interest: 'topics' })
    const peer = await handPeer(time, waku)
    const reasons = refusals(waku)
    await peer.send(packetCodes.messages, messages(rawEnvelope(time, 1, otherTopic)))
    expect(waku.info().messages).toBe(1)
    await waku.subscribe(place(collider).interest).ready
    await peer.send(packetCodes.messages, messages(rawEnvelope(time, 2, otherTopic), rawEnvelope(time, 3, twin)))
    expect(reasons).toEqual(['topic-mismatch', 'topic-mismatch'])
    await peer.send(packetCodes.messages, messages(rawEnvelope(time, 4, collider)))
    expect(waku.info().messages).toBe(2)
    expect(waku.connected()).toBe(true)
    await waku.stop()
  })

  test('K-15 a topic that was given up is tolerated for 10 s', async () => {
    const { time, waku } = await started({ interest: 'topics' })
    const peer = await handPeer(time, waku)
    const reasons = refusals(waku)
    await waku.setTopicInterest([topic])
    await time.advance(10_000)
    await waku.setTopicInterest([otherTopic])
    await peer.send(packetCodes.messages, messages(rawEnvelope(time, 1)))
    expect(reasons).toEqual([])
    await time.advance(10_000)
    await peer.send(packetCodes.messages, messages(rawEnvelope(time, 2)))
    expect(reasons).toEqual(['topic-mismatch'])
    await waku.stop()
  })

  test('a filter of zeros lets everything in for 10 s, as in status-go', async () => {
    const { time, waku } = await started({ interest: 'topics' })
    const peer = await handPeer(time, waku)
    await waku.setBloomFilter(new Uint8Array(64))
    await peer.send(packetCodes.messages, messages(rawEnvelope(time, 1)))
    expect(waku.info().messages).toBe(1)
    await time.advance(10_000)
    await peer.send(packetCodes.messages, messages(rawEnvelope(time, 2)))
    expect(waku.counters().refused['bloom-mismatch']).toBe(1)
    await waku.stop()
  })

  test('what we post ourselves needs no interest of ours', async () => {
    const { time, waku } = await started({ interest: 'topics' })
    await waku.setTopicInterest([otherTopic])
    const peer = await handPeer(time, waku, everything)
    await waku.post({ route: place(topic).route, payload: Uint8Array.of(1) })
    await time.settle()
    expect(envelopesOf(peer)).toHaveLength(1)
    await waku.stop()
  })

  test('K-30 a configured minimum holds from the start; a raised one after 10 s, a lowered one at once', async () => {
    const { time, waku } = await started({ minPow: 0.05 })
    const peer = await handPeer(time, waku)
    const weak = () => envelopeOfPow(time, pow => pow < 0.05)
    await peer.send(packetCodes.messages, messages(weak()))
    expect(waku.counters().refused['low-pow']).toBe(1)
    await waku.setMinPow(0.1)
    await peer.send(packetCodes.messages, messages(envelopeOfPow(time, pow => pow >= 0.05 && pow < 0.1)))
    expect(waku.info().messages).toBe(1)
    await time.advance(10_000)
    await peer.send(packetCodes.messages, messages(envelopeOfPow(time, pow => pow >= 0.05 && pow < 0.1)))
    expect(waku.counters().refused['low-pow']).toBe(2)
    await waku.setMinPow(0)
    await peer.send(packetCodes.messages, messages(weak()))
    expect(waku.counters().refused['low-pow']).toBe(2)
    expect(updatesOf(peer)).toEqual([{ powBits: powToBits(0.1) }, { powBits: powToBits(0) }])
    await waku.stop()
  })
})

describe('what is relayed', () => {
  test('K-16 peers get the topics that they named, with enough PoW, each envelope once', async () => {
    const { time, waku } = await started()
    const exact = await handPeer(time, waku, encodeStatusOptions({ powBits: 0n, topics: [collider] }), { name: 'a' })
    const picky = await handPeer(time, waku, encodeStatusOptions({ powBits: powToBits(0.05), topics: [topic] }), {
      name: 'b'
    })
    const strong = envelopeOfPow(time, pow => pow >= 0.05)
    const weak = envelopeOfPow(time, pow => pow < 0.05)
    const source = await handPeer(time, waku, everything, { name: 'c' })
    const all = [strong, weak, rawEnvelope(time, 1, collider), rawEnvelope(time, 1, twin)]
    for (let i = 0; i < 2; i++) await source.send(packetCodes.messages, messages(...all))
    await time.advance(300)
    expect(envelopesOf(exact)).toEqual([hashOf(all[2] as Uint8Array)])
    expect(envelopesOf(picky)).toEqual([hashOf(strong)])
    expect(envelopesOf(source)).toEqual([])
    // New topics: what is in the pool is looked at again.
    await exact.send(packetCodes.statusUpdate, encodeStatusOptions({ topics: [twin, collider] }))
    await time.advance(1000)
    expect(envelopesOf(exact)).toEqual([all[2], all[3]].map(bytes => hashOf(bytes as Uint8Array)))
    await waku.stop()
  })

  test('K-16 with an interval everything of 300 ms goes in one packet', async () => {
    const { time, waku } = await started({ forwarding: 300 })
    const peer = await handPeer(time, waku, everything)
    for (let nonce = 0; nonce < 3; nonce++) await waku.exchange.offer(rawEnvelope(time, nonce))
    await time.advance(299)
    expect(envelopesOf(peer)).toHaveLength(0)
    await time.advance(1)
    expect(envelopesOf(peer)).toHaveLength(3)
    expect(peer.received.filter(({ code }) => code === packetCodes.messages)).toHaveLength(1)
    await waku.stop()
  })
})

describe('peer-to-peer messages', () => {
  const sealed = (time: ReturnType<typeof createVirtualTime>, ttl = 50): Uint8Array => {
    const data = sealMessage(
      { payload: Uint8Array.of(9), key: filterKey, signer: key(3) },
      { bytes: length => new Uint8Array(length).fill(5) }
    )
    const expiry = Math.floor(time.clock.nowMs() / 1000) + ttl
    return encodeEnvelope({ expiry, ttl, topic, data, nonce: 0n })
  }

  test('K-31 in light mode and in packet 127 only filters with allowP2P see the envelope; a minimum PoW does not hide it', async () => {
    for (const light of [true, false]) {
      const { time, waku } = await started({ light, restrictLightLinks: false })
      const peer = await handPeer(time, waku, everything)
      waku.trustPeer(peer.pair.left.peerId)
      const ids = [true, false].map(allowP2P =>
        waku.filters.add({ key: filterKey, topics: [topic], allowP2P, minPow: 1e-12 })
      )
      await peer.send(light ? packetCodes.messages : packetCodes.p2pMessage, messages(sealed(time)))
      const found = ids.map(id => waku.filters.messages(id)?.map(({ p2p }) => p2p))
      expect(found).toEqual([[true], []])
      expect(waku.info().messages).toBe(light ? 1 : 0)
      await waku.stop()
    }
  })

  test('a subscription of a light node gets what comes through the pool, and nothing of packet 127', async () => {
    const { time, waku } = await started({ light: true })
    const peer = await handPeer(time, waku, everything)
    waku.trustPeer(peer.pair.left.peerId)
    const got = collect(waku.subscribe(place().interest))
    await peer.send(packetCodes.p2pMessage, messages(sealed(time, 40)))
    expect(got).toHaveLength(0)
    await peer.send(packetCodes.messages, messages(sealed(time)))
    expect(got).toMatchObject([{ payload: Uint8Array.of(9) }])
    await waku.stop()
  })
})

test('the interest of a node does not keep its own messages from another node', async () => {
  const time = createVirtualTime()
  const bob = await wakuNode(time, 'bob', { interest: 'topics' })
  const got = collect(bob.subscribe(place().interest))
  const peer = await handPeer(time, bob, everything)
  await bob.post({ route: place().route, payload: Uint8Array.of(4) })
  await time.settle()
  expect(envelopesOf(peer)).toHaveLength(1)
  expect(got).toMatchObject([{ payload: Uint8Array.of(4) }])
  await bob.stop()
})
