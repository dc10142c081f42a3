import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRlp, decodeRlpPrefix, encodeRlp, RlpError, type RlpItem, splitRlpList } from '../../src/index.ts'
import { mutate, seededRandom } from '../mutate.ts'
import { referenceDecode } from '../reference.ts'

const { item } = fc.letrec<{ item: RlpItem }>(tie => ({
  item: fc.oneof({ maxDepth: 4 }, fc.uint8Array({ maxLength: 80 }), fc.array(tie('item'), { maxLength: 8 }))
}))

/** Decoded, or `undefined` for an RlpError; anything else that is thrown is a defect. */
function decoded(bytes: Uint8Array): RlpItem | undefined {
  try {
    return decodeRlp(bytes)
  } catch (error) {
    if (!RlpError.is(error)) throw error
    return undefined
  }
}

test('L-30 what is encoded decodes to the same item, and splits into its items', () => {
  fc.assert(
    fc.property(item, value => {
      const encoded = encodeRlp(value)
      expect(decodeRlp(encoded)).toEqual(value)
      if (!(value instanceof Uint8Array)) expect(splitRlpList(encoded)).toEqual(value.map(child => encodeRlp(child)))
    })
  )
})

test('L-31 any bytes are a value that encodes back to them, or an RlpError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const value = decoded(bytes)
      if (value !== undefined) expect(encodeRlp(value)).toEqual(bytes)
    })
  )
})

test('L-32 after any edits it accepts exactly what the reference accepts', () => {
  const random = seededRandom(20_191_122)
  const seeds: RlpItem[] = [
    [],
    [[], [[]], [[], [[]]]],
    [Uint8Array.of(5), new Uint8Array(56), [new Uint8Array(3).fill(0x80)]],
    [new Uint8Array(4), new Uint8Array(1), new Uint8Array(4), new Uint8Array(70).fill(0xc1), new Uint8Array(8).fill(9)],
    new Uint8Array(60)
  ]
  let accepted = 0
  for (let round = 0; round < 6000; round++) {
    const seed = seeds[round % seeds.length] ?? []
    const bytes = mutate(encodeRlp(seed), random)
    const expected = referenceDecode(Array.from(bytes))
    expect(decoded(bytes), Buffer.from(bytes).toString('hex')).toEqual(expected)
    if (expected !== undefined) accepted++
  }
  expect(accepted).toBeGreaterThan(300)
})

test('L-33 all inputs of up to two bytes, and three with a telling first one', () => {
  const check = (...bytes: number[]): void => expect(decoded(Uint8Array.from(bytes))).toEqual(referenceDecode(bytes))
  check()
  for (let a = 0; a < 256; a++) {
    check(a)
    for (let b = 0; b < 256; b += a % 16 === 0 || a > 0xb6 ? 1 : 37) check(a, b)
  }
  for (const a of [0x81, 0x82, 0xb8, 0xc1, 0xc2, 0xf8]) {
    for (let b = 0; b < 256; b += 5) for (let c = 0; c < 256; c += 5) check(a, b, c)
  }
})

test('L-34 the prefix form takes any bytes behind the value', () => {
  fc.assert(
    fc.property(item, fc.uint8Array({ maxLength: 20 }), (value, behind) => {
      const encoded = encodeRlp(value)
      const result = decodeRlpPrefix(Uint8Array.of(...encoded, ...behind))
      expect(result).toEqual({ item: value, length: encoded.length })
    })
  )
})
