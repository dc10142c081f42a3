import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePayload, encodePayload, unwrap } from '../../src/index.ts'
import { fuzz, fuzzSeeds, mutate } from '../support/fuzz.ts'
import { alice, bob, seeded, testNode, text } from '../support/node.ts'

const bytes = (maxLength = 40) => fc.uint8Array({ maxLength })
const message = fc.record({
  groupId: bytes(),
  timestamp: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  body: bytes(200)
})
const payload = fc.record({
  acks: fc.array(bytes()),
  offers: fc.array(bytes()),
  requests: fc.array(bytes()),
  messages: fc.array(message)
})

test('a payload round-trips', () => {
  fc.assert(
    fc.property(payload, value => {
      const empty = Object.values(value).every(list => list.length === 0)
      expect(decodePayload(encodePayload(value))).toEqual(empty ? undefined : value)
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
  test('20 000 mutated inputs over every decoder', () => {
    const { values, refusals } = fuzz(20_000, 42)
    expect(values).toBeGreaterThan(1000)
    expect(refusals).toBeGreaterThan(1000)
  })

  test('a node survives 2 000 mutated payloads and still delivers', async () => {
    const random = seeded(43)
    const node = testNode({ options: { limits: { maxRequestsPerPeer: 20 } } })
    for (let round = 0; round < 2000; round++) {
      const input = mutate(fuzzSeeds[0] ?? new Uint8Array(), random)
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
