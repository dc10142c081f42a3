import { describe, expect, test } from 'vitest'
import { decodeRlp, decodeRlpPrefix, defaultRlpLimits, encodeRlp, type RlpItem, splitRlpList } from '../../src/index.ts'
import { counted } from '../counted.ts'
import { hex } from '../hex.ts'

const tooDeep = expect.objectContaining({ code: 'too-deep', origin: 'peer' })
const tooMany = expect.objectContaining({ code: 'too-many-items', origin: 'peer' })

function nested(depth: number): RlpItem {
  let item: RlpItem = []
  for (let i = 1; i < depth; i++) item = [item]
  return item
}

/** Lists in lists as deep as `length` bytes hold, written from the inside. */
function deepest(length: number): Uint8Array {
  const out = new Uint8Array(length)
  let at = length
  let payload = 0
  for (;;) {
    const bytes = payload <= 55 ? 0 : payload < 0x100 ? 1 : payload < 0x1_0000 ? 2 : 3
    if (at < 1 + bytes) return out.subarray(at)
    for (let i = 0, rest = payload; i < bytes; i++, rest >>>= 8) out[--at] = rest & 0xff
    out[--at] = bytes === 0 ? 0xc0 + payload : 0xf7 + bytes
    payload = length - at
  }
}

describe('limits', () => {
  test('L-20 lists nest as deep as allowed and no deeper', () => {
    for (const maxDepth of [1, 2, 8, 50]) {
      const limits = { maxDepth, maxItems: 1000 }
      expect(decodeRlp(encodeRlp(nested(maxDepth)), limits)).toEqual(nested(maxDepth))
      expect(() => decodeRlp(encodeRlp(nested(maxDepth + 1)), limits)).toThrowError(tooDeep)
      expect(() => decodeRlp(encodeRlp([[], nested(maxDepth)]), limits)).toThrowError(tooDeep)
    }
    expect(decodeRlp(encodeRlp(nested(defaultRlpLimits.maxDepth)))).toEqual(nested(8))
    expect(() => decodeRlp(encodeRlp(nested(defaultRlpLimits.maxDepth + 1)))).toThrowError(tooDeep)
  })

  test('L-20 depth 0 allows a string and no list', () => {
    const limits = { maxDepth: 0, maxItems: 10 }
    expect(decodeRlp(hex('83aabbcc'), limits)).toEqual(hex('aabbcc'))
    expect(() => decodeRlp(hex('c0'), limits)).toThrowError(tooDeep)
  })

  test('L-20 nothing deeper than 1024 lists is encoded', () => {
    expect(encodeRlp(nested(1024)).length).toBeGreaterThan(1024)
    const tooDeepToEncode = expect.objectContaining({ code: 'too-deep', origin: 'caller' })
    for (const depth of [1025, 100_000]) expect(() => encodeRlp(nested(depth))).toThrowError(tooDeepToEncode)
  })

  test('L-21 items are counted in all lists together, the outermost included', () => {
    const encoded = encodeRlp([1, [2, 3], [], 4])
    expect(decodeRlp(encoded, { maxDepth: 8, maxItems: 7 })).toHaveLength(4)
    expect(() => decodeRlp(encoded, { maxDepth: 8, maxItems: 6 })).toThrowError(tooMany)
    expect(() => decodeRlpPrefix(hex('01'), { maxDepth: 8, maxItems: 0 })).toThrowError(tooMany)
  })

  test('L-21 the default stops one item above a million and a bit', () => {
    const most = defaultRlpLimits.maxItems
    const list = (count: number): Uint8Array => {
      const out = new Uint8Array(4 + count).fill(0xc0, 4)
      out.set([0xfa, count >> 16, (count >> 8) & 0xff, count & 0xff])
      return out
    }
    expect((decodeRlp(list(most - 1)) as readonly RlpItem[]).length).toBe(most - 1)
    expect(() => decodeRlp(list(most))).toThrowError(tooMany)
  })

  test('L-22 a list splits into encoded items, up to the limit', () => {
    const items = [encodeRlp([1, 'two']), encodeRlp('three'), Uint8Array.of(4), encodeRlp([])]
    const list = encodeRlp([[1, 'two'], 'three', 4, []])
    expect(splitRlpList(list)).toEqual(items)
    expect(splitRlpList(list)[0]?.buffer).toBe(list.buffer)
    expect(splitRlpList(list, 4)).toHaveLength(4)
    expect(() => splitRlpList(list, 3)).toThrowError(tooMany)
    expect(splitRlpList(hex('c0'), 0)).toEqual([])
  })

  test('L-22 what is not one whole list does not split', () => {
    for (const [digits, code] of [
      ['83aabbcc', 'wrong-type'],
      ['', 'truncated'],
      ['c2aa', 'truncated'],
      ['c0c0', 'trailing-bytes'],
      ['c28100', 'not-canonical'],
      ['c1b8', 'truncated'],
      ['c283aabb', 'trailing-bytes']
    ] as const) {
      expect(() => splitRlpList(hex(digits))).toThrowError(expect.objectContaining({ code }))
    }
  })
})

describe('work', () => {
  const outcome = (bytes: Uint8Array, decode: (bytes: Uint8Array) => unknown): { code: string; reads: number } => {
    const input = counted(bytes)
    try {
      decode(input.bytes)
      return { code: 'ok', reads: input.reads() }
    } catch (error) {
      return { code: (error as { code: string }).code, reads: input.reads() }
    }
  }

  test('L-23 a megabyte of nested lists is refused after a few bytes', () => {
    const bomb = deepest(1_000_000)
    expect(outcome(bomb, decodeRlp)).toMatchObject({ code: 'too-deep' })
    expect(outcome(bomb, decodeRlp).reads).toBeLessThan(100)
    expect(outcome(bomb, splitRlpList).reads).toBeLessThan(100)
  })

  test('L-23 even with no limit on depth its work is linear and its stack flat', () => {
    const unlimited = { maxDepth: Number.POSITIVE_INFINITY, maxItems: Number.POSITIVE_INFINITY }
    for (const length of [10_000, 20_000, 1_000_000]) {
      const { code, reads } = outcome(deepest(length), bytes => decodeRlp(bytes, unlimited))
      expect(code).toBe('ok')
      expect(reads).toBeLessThan(3 * length)
    }
  })

  test.each([
    ['single bytes', (length: number) => encodeRlp(Array.from({ length }, () => Uint8Array.of(1)))],
    ['empty lists', (length: number) => encodeRlp(Array.from({ length }, () => []))],
    ['short strings', (length: number) => encodeRlp(Array.from({ length: length / 3 }, () => 'ab'))],
    ['one long string', (length: number) => encodeRlp(new Uint8Array(length))],
    [
      'envelopes',
      (length: number) => encodeRlp(Array.from({ length: length / 300 }, () => [1, 2, 'abcd', new Uint8Array(284), 5]))
    ]
  ])('L-24 twice the bytes are at most twice the work: %s', (_, make) => {
    const once = outcome(make(30_000), decodeRlp).reads
    const twice = outcome(make(60_000), decodeRlp).reads
    expect(once).toBeGreaterThan(0)
    expect(twice).toBeLessThanOrEqual(2 * once + 10)
    expect(twice).toBeLessThan(6 * 60_000)
  })

  test('L-24 a list cut off at its end costs no more than a whole one', () => {
    const whole = encodeRlp(Array.from({ length: 20_000 }, () => 'ab'))
    const { code, reads } = outcome(whole.subarray(0, whole.length - 1), decodeRlp)
    expect(code).toBe('truncated')
    expect(reads).toBeLessThan(10)
  })
})
