import { loadVectors, vectorBytes } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import {
  decodeRlp,
  decodeRlpPrefix,
  encodeRlp,
  type RlpErrorCode,
  type RlpInput,
  splitRlpList
} from '../../src/index.ts'
import { hex } from '../hex.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const lorem = 'Lorem ipsum dolor sit amet, consectetur adipisicing elit'
const filled = (length: number, byte = 0xaa): Uint8Array => new Uint8Array(length).fill(byte)

describe('L-1 the shortest form', () => {
  const forms: [string, RlpInput, string | Uint8Array][] = [
    ['the empty string', new Uint8Array(0), '80'],
    ['the byte 00', Uint8Array.of(0), '00'],
    ['the byte 7f', Uint8Array.of(0x7f), '7f'],
    ['the byte 80', Uint8Array.of(0x80), '8180'],
    ['three letters', 'dog', '83646f67'],
    ['55 bytes', filled(55), Uint8Array.of(0xb7, ...filled(55))],
    ['56 letters', lorem, Uint8Array.of(0xb8, 0x38, ...ascii(lorem))],
    ['256 bytes', filled(256), Uint8Array.of(0xb9, 1, 0, ...filled(256))],
    ['65536 bytes', filled(65536), Uint8Array.of(0xba, 1, 0, 0, ...filled(65536))],
    ['the empty list', [], 'c0'],
    ['a list of strings', ['cat', 'dog'], 'c88363617483646f67'],
    ['lists of lists', [[], [[]], [[], [[]]]], 'c7c0c1c0c3c0c1c0'],
    ['a list of 55 bytes', [filled(54)], Uint8Array.of(0xf7, 0xb6, ...filled(54))],
    ['a list of 56 bytes', [filled(55)], Uint8Array.of(0xf8, 0x38, 0xb7, ...filled(55))],
    ['a list of 258 bytes', [filled(256)], Uint8Array.of(0xf9, 1, 3, 0xb9, 1, 0, ...filled(256))]
  ]
  test.each(forms)('L-1 %s encodes so and decodes again', (_, value, expected) => {
    const encoded = typeof expected === 'string' ? hex(expected) : expected
    expect(encodeRlp(value)).toEqual(encoded)
    expect(encodeRlp(decodeRlp(encoded))).toEqual(encoded)
  })
})

describe('L-2 everything else is refused', () => {
  const refused: [RlpErrorCode, string, string][] = [
    ['truncated', 'nothing at all', ''],
    ['not-canonical', 'a byte below 80 behind a length', '8100'],
    ['not-canonical', 'a byte below 80 behind a length, in a list', 'c2817f'],
    ['not-canonical', 'a long form for 55 bytes', `b837${'aa'.repeat(55)}`],
    ['not-canonical', 'a long form for one byte', 'b801ff'],
    ['not-canonical', 'a long form for nothing', 'b800'],
    ['not-canonical', 'a long list of 55 bytes', `f837${'80'.repeat(55)}`],
    ['not-canonical', 'a leading zero in a length', `b90038${'aa'.repeat(56)}`],
    ['not-canonical', 'a leading zero in a list length', `f90038${'80'.repeat(56)}`],
    ['not-canonical', 'eight bytes of zeros for a length', `bf${'00'.repeat(8)}`],
    ['truncated', 'a string shorter than it says', '83aabb'],
    ['truncated', 'a list shorter than it says', 'c3aa'],
    ['truncated', 'a length that is cut off', 'b9ff'],
    ['truncated', 'a list length that is cut off', 'fa0100'],
    ['truncated', 'a length of 2^64 − 1', `bf${'ff'.repeat(8)}`],
    ['truncated', 'a list length of 2^63', `ff80${'00'.repeat(7)}`],
    ['truncated', 'a length that overflows 32 bits', `bb0100000000`],
    ['truncated', 'an element that exceeds its list', 'c283aabbcc'],
    ['truncated', 'an inner list that exceeds its list', 'c2c3aabbcc'],
    ['truncated', 'an inner length that exceeds its list', 'c1b8aa'],
    ['trailing-bytes', 'a byte behind the item', '8000'],
    ['trailing-bytes', 'two items', 'c0c0']
  ]
  test.each(refused)('L-2 %s: %s', (code, _, digits) => {
    expect(() => decodeRlp(hex(digits))).toThrowError(
      expect.objectContaining({ code, origin: 'peer', name: 'RlpError' })
    )
    if (code !== 'trailing-bytes') {
      expect(() => decodeRlpPrefix(hex(digits))).toThrowError(expect.objectContaining({ code }))
    }
  })

  test('L-2 the same inside a list', () => {
    for (const [code, , digits] of refused.filter(([code]) => code === 'not-canonical')) {
      const inner = hex(digits)
      const header = inner.length <= 55 ? [0xc0 + inner.length] : [0xf8, inner.length]
      expect(() => decodeRlp(Uint8Array.of(...header, ...inner))).toThrowError(expect.objectContaining({ code }))
    }
  })
})

test('L-3 one value from the front leaves what is behind it alone', () => {
  expect(decodeRlpPrefix(hex('c281ff 00ff'))).toEqual({ item: [hex('ff')], length: 3 })
  expect(decodeRlpPrefix(hex('05 06'))).toEqual({ item: hex('05'), length: 1 })
})

test('L-4 strings are views into the input, of a pooled Buffer too', () => {
  const input = hex('c483aabbcc')
  const [view] = decodeRlp(input) as Uint8Array[]
  expect(view?.buffer).toBe(input.buffer)
  // A Buffer is a Uint8Array with habits of its own; what comes out of it has none of them.
  const pooled = Buffer.concat([Buffer.alloc(3), Buffer.from('c483aabbcc', 'hex')]).subarray(3)
  const [plain] = decodeRlp(pooled) as Uint8Array[]
  expect(plain).toEqual(hex('aabbcc'))
  expect(splitRlpList(pooled)).toEqual([hex('83aabbcc')])
  expect(plain?.buffer).toBe(pooled.buffer)
  expect(Object.getPrototypeOf(plain)).toBe(Uint8Array.prototype)
})

test('L-5 recorded envelopes and packets are what their items encode to', async () => {
  const { sections } = await loadVectors('whisper-envelope')
  const cases = sections['valid'] ?? []
  expect(cases.length).toBeGreaterThan(0)
  for (const { rlp } of cases) expect(encodeRlp(decodeRlp(vectorBytes(rlp)))).toEqual(vectorBytes(rlp))
})
