import { bytesToHex } from '@status-stack/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AccountsError,
  createIdentityKey,
  decodeKeyText,
  encodeKeyText,
  keyId,
  limits,
  type Multibase,
  parsePublicKey
} from '../../src/index.ts'
import { bitBase, decimal } from '../../src/small-bases.ts'

const key = createIdentityKey(new Uint8Array(32).fill(0x11)).publicKey
const bases: readonly Multibase[] = [...'079fFvVtTbBcCkKzZmMuU'] as Multibase[]
const refusal = expect.objectContaining({ code: 'invalid-key-text', origin: 'peer' })

describe('key text', () => {
  test('A-6 the key 0x11… is written as the spec shows it', () => {
    expect(encodeKeyText(key)).toBe('zQ3shjyJXUaRJC2GC43mX8aPrUhoTdoiongXhZjsdTzPKYZUM')
  })

  test.each(bases)('A-6 round trip in base %s', base => {
    const text = encodeKeyText(key, base)
    expect(text.startsWith(base)).toBe(true)
    expect(decodeKeyText(text)).toEqual(key)
  })

  test('A-6 0x stands for base 16, and points may be uncompressed', () => {
    const compressed = encodeKeyText(key, 'f').slice(1)
    expect(decodeKeyText(`0x${compressed}`)).toEqual(key)
    expect(decodeKeyText(`0xe701${bytesToHex(key)}`)).toEqual(key)
    expect(decodeKeyText(`F${compressed.toUpperCase()}`)).toEqual(key)
  })

  test('A-6 another codec is refused, the one the written spec misspells too', () => {
    const point = bytesToHex(key)
    for (const codec of ['ea01', 'e601', 'ed01', '', 'e7']) {
      expect(() => decodeKeyText(`0x${codec}${point}`)).toThrow(refusal)
    }
  })

  test.each([
    ['nothing', ''],
    ['a prefix alone', 'z'],
    ['an unknown prefix', 'qQ3sh'],
    ['a digit outside the base', 'z0OIl'],
    ['a point cut short', `0xe701${bytesToHex(key).slice(0, 128)}`],
    ['a point off the curve', `0xe701${bytesToHex(key).slice(0, 128)}00`],
    ['bytes after the point', `0xe701${bytesToHex(key)}00`],
    ['the bare id of a key', `0x${bytesToHex(key)}`]
  ])('refuses %s', (_, text) => {
    expect(() => decodeKeyText(text)).toThrow(refusal)
  })

  test('refuses more than limits.keyTextCharacters before decoding', () => {
    const long = `z${'1'.repeat(limits.keyTextCharacters)}`
    expect(() => decodeKeyText(long)).toThrow(refusal)
    expect(() => parsePublicKey(long)).toThrow(refusal)
  })

  test('parsePublicKey takes what people paste', () => {
    const compressed = Uint8Array.of(2 + ((key[64] ?? 0) & 1), ...key.slice(1, 33))
    for (const text of [
      keyId(key),
      keyId(key).toUpperCase().replace('0X', '0x'),
      bytesToHex(key),
      `0x${bytesToHex(compressed)}`,
      ` ${encodeKeyText(key)}\n`,
      encodeKeyText(key, 'b')
    ]) {
      expect(parsePublicKey(text)).toEqual(key)
    }
    expect(() => parsePublicKey(`0x04${'00'.repeat(64)}`)).toThrow(refusal)
  })

  test('our errors are known from everything else', () => {
    expect(AccountsError.is(new AccountsError('invalid-key', 'x', { origin: 'caller' }))).toBe(true)
    for (const other of [null, undefined, {}, 'x', new Error('x'), () => undefined])
      expect(AccountsError.is(other)).toBe(false)
  })

  test('any text gives a key or our error', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...bases, '0x', ''), (text, prefix) => {
        try {
          return decodeKeyText(prefix + text).length === 65
        } catch (error) {
          return AccountsError.is(error)
        }
      })
    )
  })
})

describe('bases 2, 8 and 10', () => {
  test.each([
    ['2', bitBase(1), '0110011001101111'],
    ['8', bitBase(3), '314674'],
    ['10', decimal, '26223']
  ])('"fo" in base %s', (_, base, text) => {
    const bytes = Uint8Array.of(0x66, 0x6f)
    expect(base.encode(bytes)).toBe(text)
    expect(base.decode(text)).toEqual(bytes)
  })

  test.each([
    ['2', bitBase(1)],
    ['8', bitBase(3)],
    ['10', decimal]
  ])('base %s gives back any bytes, leading zeros included', (_, base) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        expect(base.decode(base.encode(bytes))).toEqual(bytes)
      })
    )
  })

  test('left-over bits and foreign digits are refused', () => {
    for (const text of ['2', '0110011', '01100110x']) expect(() => bitBase(1).decode(text)).toThrow(RangeError)
    for (const text of ['9', '0', '3146741', '31467']) expect(() => bitBase(3).decode(text)).toThrow(RangeError)
    expect(() => decimal.decode('12a')).toThrow(RangeError)
  })
})
