import { bytesToHex } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/whisper/testing'
import { encodeStatus } from '@status-stack/whisper/wire'
import { describe, expect, test } from 'vitest'
import { type Bridge, createBridge } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { encodeStatusOptions, packetCodes } from '../../src/wire.ts'
import {
  collect,
  connect,
  envelopeOfPow,
  envelopesOf,
  handPeer,
  hashOf,
  messages,
  otherTopic,
  place,
  rawEnvelope,
  wakuNode,
  whisperNode
} from '../support.ts'

const everything = encodeStatusOptions({ powBits: 0n })
const everythingOfWhisper = encodeStatus({ minPow: 0, light: false, confirmations: false })

/** A node on both networks. `gate`: what each offer to the Whisper side waits for. */
async function bridged(
  options: { readonly maxWaitingBytes?: number; readonly light?: boolean; readonly gate?: Promise<void> } = {}
) {
  const time = createVirtualTime()
  const { light = false, gate, ...bridgeOptions } = options
  const whisper = await whisperNode(time, 'bridge', { light })
  const waku = await wakuNode(time, 'bridge', { light })
  const { capability, exchange } = whisper
  const offer: typeof exchange.offer = async envelope => {
    await gate
    return exchange.offer(envelope)
  }
  const bridge = createBridge({ whisper: { capability, exchange: { ...exchange, offer } }, waku }, bridgeOptions)
  const settle = async (): Promise<void> => {
    await time.settle()
    await bridge.idle()
    await time.settle()
  }
  return { time, whisper, waku, bridge, settle, stop: () => stopAll(bridge, whisper, waku) }
}

async function stopAll(bridge: Bridge, ...nodes: readonly { readonly stop: () => Promise<void> }[]): Promise<void> {
  bridge.stop()
  await Promise.all(nodes.map(node => node.stop()))
}

test('K-21 an envelope posted on Whisper reaches a peer that has only Waku, with the same hash, and back', async () => {
  const { time, whisper, waku, settle, stop } = await bridged()
  const alice = await whisperNode(time, 'alice')
  const bob = await wakuNode(time, 'bob')
  await connect(time, [whisper, 'bridge'], [alice, 'alice'])
  await connect(time, [waku, 'bridge'], [bob, 'bob'])
  const heard = { alice: collect(alice.subscribe(place().interest)), bob: collect(bob.subscribe(place().interest)) }
  const there = await alice.post({ route: place().route, payload: Uint8Array.of(1) })
  await settle()
  expect(heard.bob.map(({ payload, hash }) => [payload[0], bytesToHex(hash)])).toEqual([[1, bytesToHex(there.hash)]])
  const back = await bob.post({ route: place().route, payload: Uint8Array.of(2) })
  await settle()
  expect(heard.alice.map(({ payload, hash }) => [payload[0], bytesToHex(hash)])).toEqual([
    [1, bytesToHex(there.hash)],
    [2, bytesToHex(back.hash)]
  ])
  await Promise.all([alice.stop(), bob.stop()])
  await stop()
})

describe('K-22 what is not carried', () => {
  test('K-22 what came through the bridge, and what is in the pool already', async () => {
    const { time, whisper, waku, bridge, settle, stop } = await bridged()
    const peer = await handPeer(time, waku, everything)
    const envelope = rawEnvelope(time, 1)
    for (let i = 0; i < 3; i++) await peer.send(packetCodes.messages, messages(envelope))
    await settle()
    expect(bridge.counters()).toMatchObject({
      toWhisper: { offered: 1, accepted: 1, known: 0, refused: 0, dropped: 0, waitingBytes: 0 },
      toWaku: { offered: 0 }
    })
    expect([whisper.info().messages, waku.info().messages]).toEqual([1, 1])
    const other = await handPeer(time, whisper, everythingOfWhisper)
    await other.send(packetCodes.messages, messages(envelope))
    await settle()
    expect(bridge.counters().toWaku.offered).toBe(0)
    await stop()
  })

  test('K-22 packet 127, refused and expired envelopes', async () => {
    const { time, whisper, waku, bridge, settle, stop } = await bridged()
    const peer = await handPeer(time, waku, everything)
    waku.trustPeer(peer.pair.left.peerId)
    await peer.send(packetCodes.p2pMessage, messages(rawEnvelope(time, 1)))
    const expired = rawEnvelope(time, 2, place().route.topic, 1)
    await time.advance(3000)
    await waku.setMinPow(1000)
    await time.advance(10_000)
    await peer.send(packetCodes.messages, messages(expired, rawEnvelope(time, 3)))
    await settle()
    expect(bridge.counters().toWhisper.offered).toBe(0)
    expect(whisper.info().messages).toBe(0)
    await stop()
  })

  test('K-22 what a light node gets from others; what it writes is carried', async () => {
    const { time, whisper, waku, settle, stop } = await bridged({ light: true })
    const peer = await handPeer(time, waku, everything)
    await peer.send(packetCodes.messages, messages(rawEnvelope(time, 1)))
    await settle()
    expect([waku.info().messages, whisper.info().messages]).toEqual([1, 0])
    await waku.post({ route: place().route, payload: Uint8Array.of(1) })
    await settle()
    expect(whisper.info().messages).toBe(1)
    await stop()
  })
})

test('K-23 the PoW and the interest of the target side decide, and a refusal costs no link', async () => {
  const { time, whisper, waku, bridge, settle, stop } = await bridged()
  await whisper.setMinPow(0.05)
  await time.advance(10_000)
  await waku.setTopicInterest([otherTopic])
  const [left, right] = [await handPeer(time, whisper, everythingOfWhisper), await handPeer(time, waku, everything)]
  await right.send(packetCodes.messages, messages(envelopeOfPow(time, pow => pow < 0.05, otherTopic)))
  await settle()
  expect(bridge.counters().toWhisper).toMatchObject({ offered: 1, accepted: 0, refused: 1 })
  await left.send(packetCodes.messages, messages(envelopeOfPow(time, pow => pow >= 0.05)))
  await settle()
  expect(bridge.counters().toWaku).toMatchObject({ offered: 1, accepted: 0, refused: 1 })
  // The first side keeps it.
  expect([whisper.info().messages, waku.info().messages]).toEqual([1, 1])
  expect([whisper.connected(), waku.connected()]).toEqual([true, true])
  await stop()
})

test('an archive that is slow to answer holds nothing up, and every envelope is stored', async () => {
  const { time, whisper, waku, bridge, stop } = await bridged()
  const answers: (() => void)[] = []
  const stored: Uint8Array[] = []
  waku.serve({
    archive: {
      accept: async envelopes => {
        await new Promise<void>(resolve => answers.push(resolve))
        stored.push(...envelopes.map(({ bytes }) => bytes))
      }
    }
  })
  const peer = await handPeer(time, whisper, everythingOfWhisper)
  const envelopes = Array.from({ length: 20 }, (_, i) => rawEnvelope(time, i))
  for (const envelope of envelopes) await peer.send(packetCodes.messages, messages(envelope))
  await time.settle()
  expect(waku.info().messages).toBe(20)
  expect(bridge.counters().toWaku).toMatchObject({ offered: 20, accepted: 20, dropped: 0, waitingBytes: 0 })
  expect(stored).toHaveLength(0)
  for (const answer of answers.splice(0)) answer()
  await time.settle()
  expect(stored).toEqual(envelopes)
  await stop()
})

test('K-24 two bridges between the same networks do not amplify: each node pools an envelope once', async () => {
  const time = createVirtualTime()
  const make = async (name: string) => ({
    whisper: await whisperNode(time, `${name}-shh`),
    waku: await wakuNode(time, `${name}-waku`)
  })
  const [one, two] = [await make('one'), await make('two')]
  const bridges = [createBridge(one), createBridge(two)]
  await connect(time, [one.whisper, 'one-shh'], [two.whisper, 'two-shh'])
  await connect(time, [one.waku, 'one-waku'], [two.waku, 'two-waku'])
  const nodes = [one.whisper, two.whisper, one.waku, two.waku]
  for (let i = 0; i < 5; i++) await one.waku.post({ route: place().route, payload: Uint8Array.of(i) })
  for (let i = 0; i < 4; i++) {
    await time.settle()
    await Promise.all(bridges.map(bridge => bridge.idle()))
  }
  await time.advance(2000)
  for (const node of nodes) expect(node.counters().events.envelopepooled).toBe(5)
  const offers = bridges
    .flatMap(bridge => Object.values(bridge.counters()))
    .reduce((sum, { offered }) => sum + offered, 0)
  expect(offers).toBeLessThanOrEqual(20)
  for (const bridge of bridges) bridge.stop()
  await Promise.all(nodes.map(node => node.stop()))
})

test('a bridged envelope is relayed and archived on the other side', async () => {
  const { time, whisper, waku, settle, stop } = await bridged()
  const archived: string[] = []
  whisper.serve({
    archive: { accept: async envelopes => void archived.push(...envelopes.map(({ hash }) => bytesToHex(hash))) }
  })
  const [left, right] = [await handPeer(time, whisper, everythingOfWhisper), await handPeer(time, waku, everything)]
  const envelope = rawEnvelope(time, 1)
  await right.send(packetCodes.messages, messages(envelope))
  await settle()
  expect(envelopesOf(left)).toEqual([hashOf(envelope)])
  expect(archived).toEqual([hashOf(envelope)])
  await stop()
})

describe('a flood', () => {
  test('what waits is bounded in bytes while the other side is slow, and the bridge goes on afterwards', async () => {
    const maxWaitingBytes = 10_000
    let open: () => void = () => undefined
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    const { time, whisper, waku, bridge, settle, stop } = await bridged({ maxWaitingBytes, gate })
    const peer = await handPeer(time, waku, everything)
    const flood = Array.from({ length: 2000 }, (_, i) => rawEnvelope(time, i))
    await peer.send(packetCodes.messages, messages(...flood))
    const { toWhisper } = bridge.counters()
    expect(toWhisper.waitingBytes).toBeLessThanOrEqual(maxWaitingBytes)
    expect(toWhisper.waitingBytes).toBeGreaterThan(maxWaitingBytes / 2)
    expect(toWhisper.dropped).toBeGreaterThan(1500)
    expect(toWhisper.offered).toBe(2000)
    // The side that is flooded keeps everything: the bridge holds up neither network.
    expect(waku.info().messages).toBe(2000)
    open()
    await settle()
    expect(bridge.counters().toWhisper.waitingBytes).toBe(0)
    const late = rawEnvelope(time, 5000)
    await peer.send(packetCodes.messages, messages(late))
    await settle()
    const [other] = [await handPeer(time, whisper, everythingOfWhisper)]
    await time.settle()
    expect(envelopesOf(other)).toContain(hashOf(late))
    await stop()
  })

  test('an envelope is counted with what holding it takes', () => {
    expect(limits.bridgeEntryBytes).toBeGreaterThan(0)
  })
})

test('a stopped bridge carries nothing, not even what waited', async () => {
  const { time, whisper, waku, bridge, stop } = await bridged()
  const posted = waku.post({ route: place().route, payload: Uint8Array.of(1) })
  bridge.stop()
  bridge.stop()
  await posted
  await time.settle()
  expect(whisper.info().messages).toBe(0)
  expect(bridge.counters().toWhisper.waitingBytes).toBe(0)
  await stop()
})

test('an offer that fails is counted and logged, and the next one is made', async () => {
  const warnings: string[] = []
  let take: (envelope: Uint8Array) => void = () => undefined
  const from = {
    onPooled: (listener: typeof take) => {
      take = listener
      return () => undefined
    },
    offer: async () => ({ kind: 'known' as const })
  }
  let offers = 0
  const to = {
    onPooled: () => () => undefined,
    offer: async () => {
      offers += 1
      if (offers === 1) throw new Error('secret text')
      return { kind: 'accepted' as const }
    }
  }
  const capability = { name: 'x', version: 1, length: 128 }
  const logger = { warn: (text: string, details?: unknown) => void warnings.push(text + JSON.stringify(details)) }
  const bridge = createBridge(
    { whisper: { capability, exchange: from }, waku: { capability, exchange: to } },
    {},
    { logger }
  )
  take(new Uint8Array(10))
  take(new Uint8Array(11))
  await bridge.idle()
  expect(bridge.counters().toWaku).toMatchObject({ offered: 2, accepted: 1, refused: 1, waitingBytes: 0 })
  expect(warnings).toEqual(['waku:bridge: an offer failed{"bytes":10}'])
})

test('arguments are checked', async () => {
  const { whisper, waku, stop } = await bridged()
  const refused = expect.objectContaining({ code: 'invalid-argument' })
  expect(() => createBridge({ whisper } as never)).toThrow(refused)
  expect(() => createBridge({ whisper: waku, waku })).toThrow(refused)
  expect(() => createBridge({ whisper, waku }, { maxWaitingBytes: 1 })).toThrow(refused)
  expect(() => createBridge(undefined as never)).toThrow(refused)
  await stop()
})
