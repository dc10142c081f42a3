import { concatBytes } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { decodePayload, decodeWrapper } from '../../src/wire.ts'
import { fuzz, mutate, seeded, wrappers } from '../support/fuzz.ts'

test('20 000 mutated inputs over all decoders give a value or a typed refusal', () => {
  const { values, refusals } = fuzz(20_000, 5)
  // Both sides of every decoder are reached: a fuzzer whose inputs all fail early proves nothing.
  expect(values).toBeGreaterThan(2000)
  expect(refusals).toBeGreaterThan(2000)
})

test('the mutations are the same for the same seed, and do change things', () => {
  const [source] = wrappers
  if (source === undefined) throw new Error('no corpus')
  const run = (seed: number) => mutate(source, wrappers, seeded(seed))
  expect(run(1)).toEqual(run(1))
  const changed = Array.from({ length: 100 }, (_, seed) => run(seed)).filter(each => String(each) !== String(source))
  expect(changed.length).toBeGreaterThan(90)
})

test('more than limits.fields fields are refused, at whatever depth', () => {
  const fields = (count: number, ...unit: readonly number[]) =>
    Uint8Array.from({ length: count * unit.length }, (_, i) => unit[i % unit.length] ?? 0)
  const nested = (inner: Uint8Array) =>
    concatBytes(
      Uint8Array.of(0x0a, 0x80 | (inner.length & 0x7f), 0x80 | ((inner.length >> 7) & 0x7f), inner.length >> 14),
      inner
    )
  expect(decodePayload(3, fields(limits.fields, 0x12, 0x00))).toMatchObject({ name: 'membership-update' })
  expect(() => decodePayload(3, fields(limits.fields + 1, 0x12, 0x00))).toThrow(
    expect.objectContaining({ code: 'malformed' })
  )
  expect(() => decodePayload(3, fields(limits.fields + 1, 0x78, 0x00))).toThrow(
    expect.objectContaining({ code: 'malformed' })
  )
  expect(decodePayload(15, nested(fields(limits.fields - 1, 0x22, 0x00)))).toMatchObject({
    name: 'contact-code-advertisement'
  })
  expect(() => decodePayload(15, nested(fields(limits.fields, 0x22, 0x00)))).toThrow(
    expect.objectContaining({ code: 'malformed' })
  )
})

test('the memory and work of a decoder grow with its input: many empty fields, long varints, deep nothing', () => {
  const size = limits.wrapperBytes
  const filled = (...unit: readonly number[]) => Uint8Array.from({ length: size }, (_, i) => unit[i % unit.length] ?? 0)
  // 500 000 empty strings, empty events, empty sub-messages, unknown fields, and varints that never end.
  for (const bytes of [
    filled(0x12, 0x00),
    filled(0x1a, 0x00),
    filled(0x52, 0x00),
    filled(0x78, 0x01),
    filled(0x80),
    filled(0x0b)
  ]) {
    for (const type of [1, 3, 5, 15, 19]) {
      try {
        decodePayload(type, bytes)
      } catch (error) {
        expect(error).toMatchObject({ code: 'malformed' })
      }
    }
    try {
      decodeWrapper(bytes)
    } catch (error) {
      expect(error).toMatchObject({ code: 'malformed' })
    }
  }
})
