import { bytesToHex } from '@status-stack/crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeEnvelope, envelopeHash } from '../../src/envelope.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { createEnvelopeSpan, type EnvelopeSpan, readEnvelope } from '../../src/packets/envelope-reader.ts'
import { decodeMessages, encodeMessages } from '../../src/packets/messages.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { createPooledEnvelope, type PooledEnvelope } from '../../src/relay/pooled-envelope.ts'
import { createTwins } from '../../src/relay/twins.ts'
import { createSeededRandom } from '../../src/testing/index.ts'
import { topicNumberAt } from '../../src/topic.ts'
import { handPeer, node, time } from '../support.ts'

const now = 1_600_000_000
const status = encodeStatus({ minPow: 0, light: false, confirmations: true })

/** An envelope somewhere in a packet. */
function inPacket(bytes: Uint8Array): { readonly packet: Uint8Array; readonly span: EnvelopeSpan } {
  const packet = new Uint8Array(bytes.length + 7)
  packet.set(bytes, 3)
  const span = createEnvelopeSpan()
  readEnvelope(packet, 3, 3 + bytes.length, span)
  return { packet, span }
}

function entryOf(bytes: Uint8Array): PooledEnvelope {
  const { packet, span } = inPacket(bytes)
  const topic = topicNumberAt(packet, span.topicStart)
  const id = bytesToHex(envelopeHash(bytes))
  return createPooledEnvelope({ id, bytes, topic, expiry: span.expiry, ttl: span.ttl, pow: 1, own: false })
}

// Which envelopes meet in one place is chance, and the same in every run.
const random = createSeededRandom('twins').bytes
const sealed = (length: number): Uint8Array =>
  encodeEnvelope({ expiry: now, ttl: 10, topic: random(4), data: random(length), nonce: 5n })

test('what was added is found by its bytes until it is removed, however many there are', () => {
  const twins = createTwins()
  const entries = Array.from({ length: 3000 }, (_, at) => entryOf(sealed(1 + (at % 90))))
  const foundOf = (some: readonly PooledEnvelope[]): number =>
    some.filter(entry => {
      const { packet, span } = inPacket(entry.bytes)
      const found = twins.find(packet, span)
      expect(found === undefined || found === entry).toBe(true)
      return found === entry
    }).length
  for (const entry of entries) twins.add(entry)
  expect(foundOf(entries)).toBeGreaterThan(2500)
  const [gone, kept] = [entries.slice(0, 1500), entries.slice(1500)]
  for (const entry of gone) twins.remove(entry)
  expect(foundOf(gone)).toBe(0)
  expect(foundOf(kept)).toBeGreaterThan(1200)
  // The table is smaller by now.
  const few = kept.splice(0, 60)
  for (const entry of kept) twins.remove(entry)
  expect(foundOf(kept)).toBe(0)
  expect(foundOf(few)).toBeGreaterThan(40)
  for (const entry of few) twins.remove(entry)
  expect(foundOf(few)).toBe(0)
})

test('bytes that differ anywhere are never taken for the same', () => {
  const twins = createTwins()
  const topic = Uint8Array.of(1, 2, 3, 4)
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 60, maxLength: 80 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (data, at, bit) => {
        const [entry, other] = [data, data.with(at % data.length, (data[at % data.length] ?? 0) ^ bit)].map(each =>
          entryOf(encodeEnvelope({ expiry: now, ttl: 10, topic, data: each, nonce: 0n }))
        ) as [PooledEnvelope, PooledEnvelope]
        twins.add(entry)
        const { packet, span } = inPacket(other.bytes)
        expect(twins.find(packet, span)).toBeUndefined()
        twins.remove(entry)
      }
    )
  )
  const entry = entryOf(encodeEnvelope({ expiry: now, ttl: 10, topic, data: new Uint8Array(64), nonce: 0n }))
  twins.add(entry)
  for (const change of [{ ttl: 11 }, { expiry: now + 1 }, { nonce: 1n }, { data: new Uint8Array(65) }]) {
    const { packet, span } = inPacket(
      encodeEnvelope({ expiry: now, ttl: 10, topic, data: new Uint8Array(64), nonce: 0n, ...change })
    )
    expect(twins.find(packet, span)).toBeUndefined()
  }
})

test('envelopes made to meet in one place hide each other at most: nothing is searched for long and nothing grows', () => {
  const twins = createTwins()
  const topic = Uint8Array.of(1, 2, 3, 4)
  const alike = Array.from({ length: 2000 }, () => {
    const data = random(60)
    data.fill(7, 40)
    return entryOf(encodeEnvelope({ expiry: now, ttl: 10, topic, data, nonce: 0n }))
  })
  for (const entry of alike) twins.add(entry)
  expect(new Set(alike.map(({ print }) => print)).size).toBe(1)
  const found = alike.filter(({ bytes }) => {
    const { packet, span } = inPacket(bytes)
    return twins.find(packet, span) !== undefined
  })
  expect(found.length).toBe(2)
  const honest = entryOf(sealed(60))
  twins.add(honest)
  const { packet, span } = inPacket(honest.bytes)
  expect(twins.find(packet, span)).toBe(honest)
})

test('whoever sends what is here already is known to have it', async () => {
  const clock = time()
  const whisper = node(clock, 'relay', { forwarding: 300 })
  await whisper.start()
  const hands = ['a', 'b', 'c'].map(name => handPeer(whisper, name))
  for (const hand of hands) await hand.send(packetCodes.status, status)
  await clock.settle()
  const bytes = encodeEnvelope({ expiry: now + 10, ttl: 10, topic: random(4), data: random(50), nonce: 0n })
  for (const hand of hands.slice(0, 2)) await hand.send(packetCodes.messages, encodeMessages([bytes]))
  await clock.settle()
  await clock.advance(1000)
  const got = hands.map(({ received }) =>
    received.filter(({ code }) => code === packetCodes.messages).flatMap(({ payload }) => decodeMessages(payload))
  )
  expect(got.map(({ length }) => length)).toEqual([0, 0, 1])
  expect(whisper.bandwidth().duplicateBytes).toBe(bytes.length)
  expect(whisper.counters().events).toMatchObject({ envelopereceived: 2, envelopepooled: 1 })
  await whisper.stop()
})
