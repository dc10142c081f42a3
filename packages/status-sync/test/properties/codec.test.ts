import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeMessage,
  decodePayload,
  decodeRemoteLog,
  encodePayload,
  encodeRemoteLog,
  groupId,
  SyncError,
  unwrap
} from '../../src/index.ts'
import { decodePeer, decodeRecord } from '../../src/record.ts'
import { alice, bob, seeded, testNode, text } from '../support/node.ts'

const bytes = (maxLength = 40) => fc.uint8Array({ maxLength })
const message = fc.record({
  groupId: bytes(),
  timestamp: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  body: bytes(200),
  metadata: fc.record({ parents: fc.array(bytes()), ephemeral: fc.boolean() })
})
const payload = fc.record({
  acks: fc.array(bytes()),
  offers: fc.array(bytes()),
  requests: fc.array(bytes()),
  messages: fc.array(
    fc.oneof(
      message,
      message.map(({ metadata: _, ...plain }) => plain)
    )
  )
})

test('a payload round-trips', () => {
  fc.assert(
    fc.property(payload, value => {
      const empty = Object.values(value).every(list => list.length === 0)
      expect(decodePayload(encodePayload(value))).toEqual(empty ? undefined : value)
    })
  )
})

test('a remote log round-trips', () => {
  const pair = fc.record({ remoteHash: bytes(), localHash: bytes(), data: bytes() })
  fc.assert(
    fc.property(fc.record({ pairs: fc.array(pair), tail: bytes() }), log => {
      expect(decodeRemoteLog(encodeRemoteLog(log))).toEqual(log)
    })
  )
})

test('what is decoded does not share memory with what was given', () => {
  const given = encodePayload({ acks: [new Uint8Array(32).fill(5)], offers: [], requests: [], messages: [] })
  const decoded = decodePayload(given)
  given.fill(0)
  expect(decoded?.acks).toEqual([new Uint8Array(32).fill(5)])
})

describe('any bytes are a value or one of our errors', () => {
  const seeds = [
    encodePayload({
      acks: [new Uint8Array(32).fill(1)],
      offers: [new Uint8Array(32).fill(2)],
      requests: [new Uint8Array(32).fill(3)],
      messages: [
        { groupId: groupId(alice, bob), timestamp: -1n, body: text('body') },
        {
          groupId: groupId(alice, bob),
          timestamp: 1n,
          body: text('with parents'),
          metadata: { parents: [new Uint8Array(32)], ephemeral: true }
        }
      ]
    }),
    encodeRemoteLog({ pairs: [{ remoteHash: text('r'), localHash: text('l'), data: text('d') }], tail: text('t') })
  ]
  const decoders = [decodePayload, decodeMessage, decodeRemoteLog, decodeRecord, decodePeer] as const

  /** Changes, inserts, removes and repeats bytes at random places. */
  function mutate(original: Uint8Array, random: () => number): Uint8Array {
    const mutated = [...original]
    for (let changes = 1 + Math.floor(random() * 6); changes > 0; changes--) {
      const at = Math.floor(random() * (mutated.length + 1))
      const kind = random()
      if (kind < 0.5 && at < mutated.length) mutated[at] = Math.floor(random() * 256)
      else if (kind < 0.7) mutated.splice(at, 0, Math.floor(random() * 256))
      else if (kind < 0.9) mutated.splice(at, 1 + Math.floor(random() * 8))
      else mutated.splice(at, 0, ...mutated.slice(at, at + 40))
    }
    return Uint8Array.from(mutated)
  }

  test('20 000 mutated inputs over every decoder', () => {
    const random = seeded(42)
    const seen = { values: 0, refusals: 0 }
    for (let round = 0; round < 20_000; round++) {
      const input = mutate(seeds[round % seeds.length] ?? new Uint8Array(), random)
      for (const decode of decoders) {
        try {
          if (decode(input) !== undefined) seen.values++
        } catch (error) {
          if (!SyncError.is(error)) throw error
          seen.refusals++
        }
      }
    }
    expect(seen.values).toBeGreaterThan(1000)
    expect(seen.refusals).toBeGreaterThan(1000)
  })

  test('a node survives 2 000 mutated payloads and still delivers', async () => {
    const random = seeded(43)
    const node = testNode({ options: { limits: { maxRequestsPerPeer: 20 } } })
    for (let round = 0; round < 2000; round++) {
      const input = mutate(seeds[0] ?? new Uint8Array(), random)
      const received = await node.sync.receive(bob, input)
      expect(['payload', 'not-sync']).toContain(received.kind)
      unwrap(alice, bob, input)
      if (round % 100 === 0) await node.after(1000)
    }
    await node.sync.enqueue({ peer: bob, body: text('still here'), tracking: 't' })
    await node.after(300)
    expect(node.sent.at(-1)?.contains).toEqual(['t'])
    expect((await node.store.list('record')).length).toBeLessThanOrEqual(21)
  })

  test('deep and repeated nesting is decoded in steps that follow the size', () => {
    // 5004 and 6004 fields within each other have no recursion to offer: a megabyte of them is one flat read.
    const entry = Uint8Array.of(0xe2, 0xb8, 0x02, 0x00)
    const flood = new Uint8Array(entry.length * 250_000)
    for (let at = 0; at < flood.length; at += entry.length) flood.set(entry, at)
    expect(decodePayload(flood)?.messages).toHaveLength(250_000)
    const groups = new Uint8Array(1_000_000).fill(0x0b)
    expect(decodePayload(groups)).toBeUndefined()
  })
})
