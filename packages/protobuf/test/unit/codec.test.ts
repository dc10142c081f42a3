import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type protobuf from '../../src/index.ts'
import {
  bigintOf,
  bytes,
  createMessageCodecs,
  flag,
  int,
  Long,
  list,
  longOf,
  optional,
  text,
  u64
} from '../../src/index.ts'

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
  test('a value of another type is not written, but named', () => {
    const good = { body: new Uint8Array(0), clock: 1n }
    for (const [change, path] of [
      [{ body: 5 }, 'body'],
      [{ body: 'ff' }, 'body'],
      [{ body: undefined }, 'body'],
      [{ clock: 1 }, 'clock'],
      [{ clock: -1n }, 'clock'],
      [{ clock: 1n << 64n }, 'clock'],
      [{ extra: null }, 'extra'],
      [{ unknownFields: 5 }, 'unknownFields'],
      [{ unknownFields: [Uint8Array.of(32, 1), 5] }, 'unknownFields[1]']
    ] as const) {
      const wrong = { ...good, ...change } as unknown as Sample
      expect(() => codec.encode(wrong)).toThrow(new TypeError(`Sample.${path}: a value of the wrong type`))
    }
    for (const wrong of [undefined, null, 5]) {
      expect(() => codec.encode(wrong as never)).toThrow(new TypeError('Sample: a value of the wrong type'))
    }
    const elsewhere = runInNewContext('Uint8Array.of(7)') as Uint8Array
    expect([...codec.decode(codec.encode({ body: elsewhere, clock: 1n })).body]).toEqual([7])
  })
  test('a field says where a value does not fit', () => {
    const tags = list(optional(text))
    expect([tags.misfit(['a', undefined]), tags.misfit(['a', 5]), tags.misfit('a')]).toEqual([undefined, '[1]', ''])
    expect([int.misfit(-1), int.misfit(2 ** 32 - 1), int.misfit(1.5), int.misfit('1')]).toEqual([
      undefined,
      undefined,
      '',
      ''
    ])
    expect([flag.misfit(false), flag.misfit(0)]).toEqual([undefined, ''])
    expect(codec.field.misfit({ body: new Uint8Array(0), clock: 1 })).toBe('.clock')
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
