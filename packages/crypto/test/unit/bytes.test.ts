import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bytesToHex,
  CryptoError,
  compareBytes,
  concatBytes,
  equalBytes,
  hexToBytes,
  utf8Bytes
} from '../../src/index.ts'

test('C-50 hex goes there and back, with and without 0x, in either case', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const hex = bytesToHex(bytes)
      expect(hex).toBe(Buffer.from(bytes).toString('hex'))
      for (const text of [hex, `0x${hex}`, `0X${hex.toUpperCase()}`]) expect(hexToBytes(text)).toEqual(bytes)
    })
  )
})

test('C-50 what is not hex is refused without repeating it', () => {
  for (const text of ['0', '0x0', 'zz', '0x0g', ' 00', '00 ', '0x0x00', '１２']) {
    try {
      hexToBytes(text)
      expect.unreachable(text)
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid-hex', origin: 'caller' })
      expect((error as Error).message).not.toContain(text === '0' || text === '0x0' ? '0x' : text)
    }
  }
})

test('C-50 each character is a digit or is refused, in both places', () => {
  for (let code = 0; code < 0x300; code++) {
    const character = String.fromCharCode(code)
    for (const text of [`0${character}`, `${character}0`]) {
      if (/^[0-9a-fA-F]{2}$/.test(text)) expect(hexToBytes(text)).toEqual(Uint8Array.of(Number.parseInt(text, 16)))
      else if (text !== '0x' && text !== '0X') {
        expect(() => hexToBytes(text)).toThrowError(expect.objectContaining({ code: 'invalid-hex' }))
      }
    }
  }
  expect(hexToBytes('0x')).toEqual(new Uint8Array(0))
})

test('C-51 equality and order are those of the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))
      expect(equalBytes(a, a.slice())).toBe(true)
      expect(concatBytes(a, b)).toEqual(new Uint8Array(Buffer.concat([a, b])))
    })
  )
  expect(concatBytes()).toEqual(new Uint8Array(0))
  expect(utf8Bytes('é')).toEqual(Uint8Array.of(0xc3, 0xa9))
})

test('C-52 an error is known across duplicate installs and says who is at fault', () => {
  const error = new CryptoError('unsupported', 'no', { origin: 'environment', details: { tries: 1 }, cause: 'why' })
  expect(CryptoError.is(error)).toBe(true)
  expect(CryptoError.is({ [Symbol.for('status-stack.error')]: true, name: 'CryptoError' })).toBe(true)
  expect(CryptoError.is({ [Symbol.for('status-stack.error')]: true, name: 'RlpError' })).toBe(false)
  for (const other of [new Error('no'), null, undefined, 'unsupported', {}]) expect(CryptoError.is(other)).toBe(false)
  expect(error).toMatchObject({ name: 'CryptoError', origin: 'environment', details: { tries: 1 }, cause: 'why' })
})
