import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeRlp,
  decodeRlpPrefix,
  encodeRlp,
  RlpError,
  type RlpInput,
  type RlpItem,
  rlpBigUint,
  rlpBool,
  rlpBytes,
  rlpList,
  rlpUint,
  splitRlpList,
  uintBytes
} from '../../src/index.ts'
import { hex } from '../hex.ts'

const refusal = (code: string, origin = 'peer') => expect.objectContaining({ code, origin })

describe('integers', () => {
  test('L-10 have their shortest big-endian form, zero is empty', () => {
    const forms: [number | bigint, string][] = [
      [0, '80'],
      [0n, '80'],
      [1, '01'],
      [127, '7f'],
      [128, '8180'],
      [255, '81ff'],
      [256, '820100'],
      [65535, '82ffff'],
      [65536, '83010000'],
      [2 ** 32 - 1, '84ffffffff'],
      [2 ** 32, '850100000000'],
      [2 ** 53 - 1, '871fffffffffffff'],
      [2n ** 53n, '8720000000000000'],
      [2n ** 56n - 1n, '87ffffffffffffff'],
      [2n ** 64n - 1n, '88ffffffffffffffff'],
      [2n ** 256n - 1n, `a0${'ff'.repeat(32)}`]
    ]
    for (const [value, encoded] of forms) {
      expect(encodeRlp(value)).toEqual(hex(encoded))
      expect(rlpBigUint('value', decodeRlp(hex(encoded)), 256)).toBe(BigInt(value))
      if (typeof value === 'number') expect(rlpUint('value', decodeRlp(hex(encoded)), 53)).toBe(value)
    }
  })

  test('L-10 go there and back for any value', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n }), fc.maxSafeNat(), (big, small) => {
        expect(rlpBigUint('big', decodeRlp(encodeRlp(big)), 129)).toBe(big)
        expect(rlpUint('small', decodeRlp(encodeRlp(small)), 53)).toBe(small)
        expect(uintBytes(small)).toEqual(uintBytes(BigInt(small)))
      })
    )
  })

  test('L-11 a leading zero byte is an error, the single byte 00 included', () => {
    for (const bytes of [hex('00'), hex('0001'), hex('0000000000000000')]) {
      expect(() => rlpUint('value', bytes, 53)).toThrowError(refusal('not-canonical'))
      expect(() => rlpBigUint('value', bytes, 64)).toThrowError(refusal('not-canonical'))
    }
  })

  test('L-11 an integer over its bits is an error', () => {
    for (const bits of [1, 7, 8, 9, 16, 31, 32, 33, 53]) {
      const most = 2 ** bits - 1
      expect(rlpUint('value', uintBytes(most), bits)).toBe(most)
      expect(() => rlpUint('value', uintBytes(BigInt(most) + 1n), bits)).toThrowError(refusal('out-of-range'))
    }
    expect(rlpBigUint('value', uintBytes(2n ** 64n - 1n), 64)).toBe(2n ** 64n - 1n)
    expect(() => rlpBigUint('value', uintBytes(2n ** 64n), 64)).toThrowError(refusal('out-of-range'))
    expect(() => rlpUint('value', uintBytes(2n ** 53n), 64)).toThrowError(refusal('out-of-range'))
    expect(() => rlpUint('value', new Uint8Array(1000).fill(1), 53)).toThrowError(refusal('out-of-range'))
  })

  test('L-12 what is no unsigned integer is not encoded', () => {
    for (const value of [-1, -1n, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => encodeRlp(value)).toThrowError(refusal('out-of-range', 'caller'))
      expect(() => encodeRlp([[value]])).toThrowError(refusal('out-of-range', 'caller'))
    }
    for (const value of [undefined, null, {}, () => 1, Symbol('x')] as unknown as RlpInput[]) {
      expect(() => encodeRlp([value])).toThrowError(refusal('wrong-type', 'caller'))
    }
  })
})

test('L-13 booleans are 80 and 01, nothing else', () => {
  expect(encodeRlp([false, true])).toEqual(hex('c28001'))
  expect(rlpBool('flag', hex(''))).toBe(false)
  expect(rlpBool('flag', hex('01'))).toBe(true)
  for (const bytes of ['00', '02', '0001', '81'])
    expect(() => rlpBool('flag', hex(bytes))).toThrowError(refusal('wrong-type'))
  expect(() => rlpBool('flag', [])).toThrowError(refusal('wrong-type'))
})

test('L-14 fixed records and fixed strings have their exact length', () => {
  const two: RlpItem = [hex('01'), hex('0203')]
  expect(rlpList('pair', two, 2)).toBe(two)
  expect(rlpList('pair', two)).toBe(two)
  for (const length of [0, 1, 3]) expect(() => rlpList('pair', two, length)).toThrowError(refusal('wrong-type'))
  expect(rlpBytes('topic', two[1], 2)).toEqual(hex('0203'))
  for (const length of [0, 1, 3]) expect(() => rlpBytes('topic', two[1], length)).toThrowError(refusal('wrong-type'))
  expect(() => rlpBytes('topic', two)).toThrowError(refusal('wrong-type'))
  expect(() => rlpList('pair', two[1])).toThrowError(refusal('wrong-type'))
  for (const read of [rlpBytes, rlpList, rlpBool]) {
    expect(() => read('missing', two[2])).toThrowError(refusal('wrong-type'))
  }
})

test('L-15 text is UTF-8 and mixed values keep their order', () => {
  expect(encodeRlp(['é', [1, ['x', true]], 2n ** 60n, new Uint8Array(0), ''])).toEqual(
    hex('d3 82c3a9 c4 01 c2 78 01 88 1000000000000000 80 80')
  )
})

test('L-16 an error is known across duplicate installs', () => {
  expect(RlpError.is(new RlpError('truncated', 'x'))).toBe(true)
  expect(RlpError.is({ [Symbol.for('status-stack.error')]: true, name: 'RlpError' })).toBe(true)
  for (const other of [new Error('x'), null, undefined, 'truncated']) expect(RlpError.is(other)).toBe(false)
})

test('L-17 what is not bytes, a number or an item is refused as a mistake of the caller', () => {
  const mistake = refusal('invalid-argument', 'caller')
  for (const stranger of [undefined, null, 'c0', {}, ['c0'], new Uint16Array(1), Symbol('x')] as never[]) {
    for (const work of [decodeRlp, decodeRlpPrefix, splitRlpList]) expect(() => work(stranger)).toThrowError(mistake)
  }
  for (const limits of [
    null,
    {},
    { maxDepth: 8 },
    { maxDepth: '8', maxItems: 8 },
    { maxDepth: 8, maxItems: Number.NaN }
  ]) {
    expect(() => decodeRlp(hex('c0'), limits as never)).toThrowError(mistake)
  }
  expect(() => splitRlpList(hex('c0'), '5' as never)).toThrowError(mistake)
  for (const stranger of [null, 'ab', {}, 5] as never[]) {
    for (const read of [rlpBytes, rlpList, rlpBool]) expect(() => read('field', stranger)).toThrowError(mistake)
    expect(() => rlpUint('field', stranger, 8)).toThrowError(mistake)
  }
  for (const bits of [undefined, '8', Number.NaN] as never[]) {
    expect(() => rlpUint('field', hex('05'), bits)).toThrowError(mistake)
    expect(() => rlpBigUint('field', hex('05'), bits)).toThrowError(mistake)
  }
  for (const value of ['5', null, undefined, {}] as never[]) {
    expect(() => uintBytes(value)).toThrowError(refusal('wrong-type', 'caller'))
  }
})
