import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type protobuf from '../../src/index.ts'
import { bigintOf, bytes, createMessageCodecs, Long, longOf, optional, u64 } from '../../src/index.ts'

interface Sample {
  readonly body: Uint8Array
  readonly clock: bigint
  readonly extra?: Uint8Array | undefined
  readonly unknownFields?: readonly Uint8Array[]
}

/** As protobufjs generates it: field 1 bytes, 2 uint64, 3 optional bytes. */
const generated = {
  encode: (
    message: { body?: Uint8Array; clock?: Long; extra?: Uint8Array; $unknowns?: readonly Uint8Array[] },
    writer: protobuf.Writer
  ) => {
    if (message.body !== undefined) writer.uint32(10).bytes(message.body)
    if (message.clock !== undefined) writer.uint32(16).uint64(message.clock)
    if (message.extra !== undefined) writer.uint32(26).bytes(message.extra)
    for (const raw of message.$unknowns ?? []) (writer as unknown as { raw: (bytes: Uint8Array) => void }).raw(raw)
    return writer
  },
  decode: (reader: protobuf.Reader) => {
    const message: Record<string, unknown> = { body: new Uint8Array(0), clock: Long.UZERO }
    while (reader.pos < reader.len) {
      const tag = reader.tag()
      if (tag === 10) message['body'] = reader.bytes()
      else if (tag === 16) message['clock'] = reader.uint64()
      else if (tag === 26) message['extra'] = reader.bytes()
      else reader.skipType(tag & 7)
    }
    return message
  }
}

const message = createMessageCodecs({
  maxFields: 8,
  malformed: (name, length) => new Error(`${name}: ${length} bytes`)
})
const codec = message<Sample>('Sample', generated as never, { body: bytes, clock: u64, extra: optional(bytes) })

describe('a message codec', () => {
  test('keeps all 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.uint8Array({ maxLength: 64 }), (clock, body) => {
        const decoded = codec.decode(codec.encode({ body, clock }))
        expect(decoded.clock).toBe(clock)
        expect([...decoded.body]).toEqual([...body])
        expect('extra' in decoded).toBe(false)
      })
    )
  })
  test('gives plain arrays of their own', () => {
    const encoded = codec.encode({ body: Uint8Array.of(1), clock: 1n })
    expect(Object.getPrototypeOf(encoded)).toBe(Uint8Array.prototype)
    const decoded = codec.decode(encoded)
    encoded.fill(0xff)
    expect([...decoded.body]).toEqual([1])
  })
  test('any bytes give a value or the refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), raw => {
        try {
          codec.decode(raw)
        } catch (error) {
          expect((error as Error).message).toBe(`Sample: ${raw.length} bytes`)
        }
      })
    )
  })
  test('more fields than allowed are refused', () => {
    const fields = (count: number) => Uint8Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? 16 : 1))
    expect(codec.decode(fields(8)).clock).toBe(1n)
    expect(() => codec.decode(fields(9))).toThrow('Sample: 18 bytes')
  })
})

test('int64 ⇄ Long, both signs', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), value => {
      expect(bigintOf(longOf(value))).toBe(value)
    })
  )
  expect(bigintOf(null)).toBe(0n)
  expect(bigintOf(5)).toBe(5n)
})
