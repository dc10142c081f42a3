import { encodeRlp } from '@status-stack/rlp'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeEnvelope, encodeEnvelope } from '../../src/envelope.ts'
import { createEnvelopeSpan, readEnvelope } from '../../src/packets/envelope-reader.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { envelopePow, envelopePowOfBytes } from '../../src/pow.ts'

const envelope = fc.record({
  expiry: fc.integer({ min: 0, max: 0xffff_ffff }),
  ttl: fc.integer({ min: 0, max: 0xffff_ffff }),
  topic: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  data: fc.uint8Array({ maxLength: 400 }),
  nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
})

/** What the reader makes of bytes: the fields, or that it refuses them. */
function read(bytes: Uint8Array) {
  const span = createEnvelopeSpan()
  try {
    readEnvelope(bytes, 0, bytes.length, span)
  } catch {
    return 'refused'
  }
  if (span.end !== bytes.length) return 'refused'
  return {
    expiry: span.expiry,
    ttl: span.ttl,
    topic: bytes.slice(span.topicStart, span.topicStart + 4),
    data: bytes.slice(span.dataStart, span.dataEnd)
  }
}

function decoded(bytes: Uint8Array) {
  try {
    const { expiry, ttl, topic, data } = decodeEnvelope(bytes)
    return { expiry, ttl, topic: topic.slice(), data: data.slice() }
  } catch {
    return 'refused'
  }
}

test('the reader reads what the decoder reads, and the PoW is the same', () => {
  fc.assert(
    fc.property(envelope, fc.nat(100), (each, future) => {
      const bytes = encodeEnvelope(each)
      expect(read(bytes)).toEqual(decoded(bytes))
      expect(envelopePowOfBytes(bytes, each, future)).toBe(envelopePow(each, future))
    })
  )
})

test('the reader refuses what the decoder refuses: changed, cut and lengthened envelopes', () => {
  const changed = fc
    .tuple(envelope, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(3))
    .map(([each, at, byte, kind]) => {
      const bytes = encodeEnvelope(each)
      if (kind === 0) return bytes.subarray(0, at % bytes.length)
      if (kind === 1) return Uint8Array.of(...bytes, byte)
      bytes[at % Math.min(bytes.length, 40)] = byte
      return bytes
    })
  fc.assert(
    fc.property(changed, bytes => {
      expect(read(bytes)).toEqual(decoded(bytes))
    }),
    { numRuns: 2000 }
  )
})

test('lists of other items are refused by both', () => {
  const item = fc.letrec<{ item: unknown }>(tie => ({
    item: fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.array(tie('item'), { maxLength: 3 }))
  })).item
  fc.assert(
    fc.property(fc.array(item, { minLength: 3, maxLength: 7 }), items => {
      const bytes = encodeRlp(items as Parameters<typeof encodeRlp>[0])
      expect(read(bytes)).toEqual(decoded(bytes))
    }),
    { numRuns: 1000 }
  )
})

test('an item is read where it lies, and no further', () => {
  const parts = [1n, 2n].map(nonce =>
    encodeEnvelope({ expiry: 5, ttl: 4, topic: Uint8Array.of(1, 2, 3, 4), data: new Uint8Array(60), nonce })
  )
  const packet = encodeMessages(parts)
  const span = createEnvelopeSpan()
  const start = packet.length - (parts[0]?.length ?? 0) - (parts[1]?.length ?? 0)
  readEnvelope(packet, start, packet.length, span)
  expect(packet.slice(span.start, span.end)).toEqual(parts[0])
  expect(() => readEnvelope(packet, start, span.end - 1, span)).toThrow(
    expect.objectContaining({ code: 'invalid-envelope' })
  )
})
