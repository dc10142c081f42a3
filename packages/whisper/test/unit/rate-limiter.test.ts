import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { encodeEnvelope } from '../../src/envelope.ts'
import { limits } from '../../src/limits.ts'
import { resolveOptions } from '../../src/options.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeRateLimits } from '../../src/packets/rate-limits.ts'
import { decodeStatus, encodeStatus } from '../../src/packets/status.ts'
import { createRateLimiter } from '../../src/relay/rate-limiter.ts'
import { handPeer, node, peerIdOf, time, topic } from '../support.ts'

const status = encodeStatus({ minPow: 0, light: false })
const now = 1_600_000_000

async function limited(options: object, address?: string, flags = { static: false, trusted: false }) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  const over: string[] = []
  whisper.on('ratelimited', fact => over.push(`${fact.scope} ${fact.count}`))
  await whisper.start()
  const peer = handPeer(whisper, 'peer', { flags, ...(address === undefined ? {} : { address }) })
  await peer.send(packetCodes.status, status)
  await clock.settle()
  const taken = (): number => whisper.bandwidth().total.unknown.packetsIn
  const flood = async (count: number) => {
    for (let i = 0; i < count; i++) await peer.send(99, new Uint8Array(1))
    await clock.settle()
  }
  return { clock, whisper, peer, over, taken, flood }
}

test('W-43 packets over the limit of a peer wait; the link is read no faster than the limit', async () => {
  const { clock, whisper, over, taken, flood } = await limited({ rateLimitPerPeer: 5 })
  await flood(20)
  expect(taken()).toBe(6)
  expect(over).toEqual(['peer 1'])
  await clock.advance(1000)
  expect(taken()).toBe(11)
  await clock.advance(2000)
  expect(taken()).toBe(20)
  expect(whisper.connected()).toBe(true)
  await whisper.stop()
})

test('W-43 one address shares its limit over its peers; loopback and private addresses have none', async () => {
  const clock = time()
  const whisper = node(clock, 'node', { rateLimitPerAddress: 4 })
  const over: string[] = []
  whisper.on('ratelimited', fact => over.push(fact.peerId[0] ?? ''))
  await whisper.start()
  const peers = ['1', '2', '3'].map(name =>
    handPeer(whisper, name, { address: name === '3' ? '127.0.0.1' : '203.0.113.7' })
  )
  for (const peer of peers) {
    await peer.send(packetCodes.status, status)
    for (let i = 0; i < 3; i++) await peer.send(99, new Uint8Array(1))
  }
  await clock.settle()
  expect(over.length).toBeGreaterThan(0)
  expect(over).not.toContain('3')
  await whisper.stop()
})

test('W-43 all addresses of an IPv6 network share one limit: who has one of them has all', () => {
  const limiter = createRateLimiter(resolveOptions({ rateLimitPerAddress: 10, byteLimitPerAddress: 1000 }))
  const freeOf = (remoteAddress: string): number => {
    const link = limiter.open({ peerId: remoteAddress, remoteAddress, flags: { static: false, trusted: false } }, 0)
    let free = 0
    while (free < 100 && link.begin(0, 1).isFree) free += 1
    return free
  }
  expect(freeOf('2001:db8:1:2::1')).toBe(10)
  expect([freeOf('2001:db8:1:2::2'), freeOf('2001:db8:1:2:ffff::')]).toEqual([0, 0])
  expect([freeOf('2001:db8:1:3::1'), freeOf('::ffff:198.51.100.7')]).toEqual([10, 10])
  expect(freeOf('198.51.100.7')).toBe(0)
})

test('W-43 static and trusted links and exempt ids and addresses have no limit', async () => {
  const cases = [
    [{}, { static: true, trusted: false }],
    [{}, { static: false, trusted: true }],
    [{ rateLimitExempt: [peerIdOf('peer')] }, undefined],
    [{ rateLimitExempt: ['203.0.113.7'] }, undefined]
  ] as const
  for (const [options, flags] of cases) {
    const limits = { rateLimitPerPeer: 1, rateLimitPerAddress: 1, rateLimitTolerance: 1, ...options }
    const { whisper, over, taken, flood } = await limited(limits, '203.0.113.7', flags)
    await flood(50)
    expect([taken(), over]).toEqual([50, []])
    await whisper.stop()
  }
})

test('W-43 a peer is disconnected at the tolerance, by its own count', async () => {
  const { clock, whisper, peer, flood } = await limited({ rateLimitPerPeer: 2, rateLimitTolerance: 3 })
  const honest = handPeer(whisper, 'honest')
  await honest.send(packetCodes.status, status)
  await flood(10)
  await clock.advance(5000)
  expect(await peer.ended).toMatchObject({ code: 'rate-limit-exceeded', origin: 'peer', details: { count: 3 } })
  expect(whisper.peers().map(({ peerId }) => peerId)).toEqual([peerIdOf('honest')])
  await whisper.stop()
})

test('W-43 envelopes of one topic over its limit are refused, other topics are not, and the sender is not punished', async () => {
  const { clock, whisper, peer } = await limited({ rateLimitPerTopic: 2, strict: true })
  const refused: string[] = []
  whisper.on('enveloperefused', fact => refused.push(fact.reason))
  const raw = (nonce: number, at = topic) =>
    encodeEnvelope({ expiry: now + 50, ttl: 50, topic: at, data: new Uint8Array(9), nonce: BigInt(nonce) })
  await peer.send(packetCodes.messages, encodeMessages([raw(1), raw(2), raw(3), raw(4, Uint8Array.of(9, 9, 9, 9))]))
  await clock.settle()
  expect(refused).toEqual(['topic-rate'])
  expect(whisper.info().messages).toBe(3)
  await clock.advance(500)
  await peer.send(packetCodes.messages, encodeMessages([raw(3)]))
  await clock.settle()
  expect(whisper.info().messages).toBe(4)
  expect(whisper.connected()).toBe(true)
  await whisper.stop()
})

test('W-44 a rate limits packet of 2 elements disconnects, one of 3 is taken', async () => {
  const { clock, whisper, peer } = await limited({})
  await peer.send(packetCodes.rateLimits, encodeRateLimits({ address: 1n, peer: 2n, topic: 3n }))
  await clock.settle()
  expect(whisper.connected()).toBe(true)
  await peer.send(packetCodes.rateLimits, encodeRlp([1, 2]))
  await clock.settle()
  expect(await peer.ended).toMatchObject({ code: 'invalid-packet' })
  await whisper.stop()
})

test('our limits are announced in Status', async () => {
  const { whisper, peer } = await limited({ rateLimitPerAddress: 10, rateLimitPerPeer: 5, rateLimitPerTopic: 2 })
  const first = peer.received[0]
  expect(first && decodeStatus(first.payload).rateLimits).toEqual({ address: 10n, peer: 5n, topic: 2n })
  await whisper.stop()
})

test('buckets of addresses and topics are bounded; reconnecting does not refill one', () => {
  const limiter = createRateLimiter(resolveOptions({ rateLimitPerAddress: 1, rateLimitPerTopic: 1 }))
  const open = (address: string) =>
    limiter.open({ peerId: address, remoteAddress: address, flags: { static: false, trusted: false } } as never, 0)
  const waitOf = (address: string) => open(address).begin(0).settle(0).waitMs
  expect(waitOf('203.0.113.1')).toBe(0)
  expect(waitOf('203.0.113.1')).toBe(1000)
  for (let i = 0; i < limits.trackedAddresses; i++) open(`198.51.${i >> 8}.${i & 255}`).begin(0)
  // Pushed out by newer ones: a fresh bucket again.
  expect(waitOf('203.0.113.1')).toBe(0)
  const link = open('203.0.113.9')
  const topicOf = (i: number) => Uint8Array.of(0, 0, i >> 8, i & 255)
  expect([link.topic(topicOf(0), 0), link.topic(topicOf(0), 0)]).toEqual([true, false])
  for (let i = 1; i <= limits.trackedTopics; i++) link.topic(topicOf(i), 0)
  expect(link.topic(topicOf(0), 0)).toBe(true)
})

test('packets and bytes are counted in buckets of their own, whichever of them is empty', () => {
  const limiter = createRateLimiter(
    resolveOptions({ rateLimitPerPeer: 2, byteLimitPerPeer: 100, byteLimitPerAddress: 1000, rateLimitWorkPerPeer: 0 })
  )
  const link = limiter.open(
    { peerId: 'a', remoteAddress: '203.0.113.1', flags: { static: false, trusted: false } } as never,
    0
  )
  const first = link.begin(0, 90)
  expect(first.exceeds).toEqual({ address: false, peer: false })
  const second = link.begin(0, 20)
  // The packet is counted, its bytes are not until they are there.
  expect(second.exceeds).toEqual({ address: false, peer: true })
  expect(second.settle(0)).toEqual({ waitMs: 100, scope: 'peer' })
  expect(second.settle(100).waitMs).toBe(0)
  expect(second.settle(100).waitMs).toBe(0)
  // More than the bucket holds: over the limit by itself, and let through when the bucket is full.
  const third = link.begin(2000, 101)
  expect(third.exceeds.peer).toBe(true)
  expect(third.settle(2000).waitMs).toBe(0)
  expect(link.begin(2000, 1).settle(2000).waitMs).toBe(20)
})
