import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRlp, encodeRlp, RlpError, type RlpItem, rlpUint } from '../../src/index.ts'

const { item } = fc.letrec<{ item: RlpItem }>(tie => ({
  item: fc.oneof({ maxDepth: 4 }, fc.uint8Array({ maxLength: 80 }), fc.array(tie('item'), { maxLength: 8 }))
}))

test('what is encoded decodes to the same item', () => {
  fc.assert(
    fc.property(item, value => {
      expect(decodeRlp(encodeRlp(value))).toEqual(value)
    })
  )
})

test('any bytes are a value that encodes back to them, or an RlpError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      try {
        expect(encodeRlp(decodeRlp(bytes))).toEqual(bytes)
      } catch (error) {
        if (!RlpError.is(error)) throw error
      }
    })
  )
})

test('integers use their shortest form', () => {
  for (const value of [0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    expect(rlpUint('value', decodeRlp(encodeRlp(value)), 53)).toBe(value)
    expect(encodeRlp(BigInt(value))).toEqual(encodeRlp(value))
  }
})

test('deep nesting is refused before it costs anything', () => {
  let nested: RlpItem = []
  for (let i = 0; i < 20; i++) nested = [nested]
  expect(() => decodeRlp(encodeRlp(nested))).toThrowError(/nested deeper/)
})
