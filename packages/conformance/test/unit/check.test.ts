import { vectorBytes } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import { createCheck, type Difference, Mismatch } from '../../src/runner/check.ts'

function differenceOf(compare: (check: ReturnType<typeof createCheck>['check']) => void): Difference | undefined {
  try {
    compare(createCheck().check)
  } catch (cause) {
    if (cause instanceof Mismatch) return cause.difference
    throw cause
  }
  return undefined
}

describe('bytes', () => {
  test('equal bytes pass and leave the field in the list', () => {
    const { check, fields } = createCheck()
    check.bytes('hash', '0x0102', vectorBytes('0x0102'))
    expect(fields).toEqual(['hash'])
  })

  test('the first differing byte is named by its offset', () => {
    expect(differenceOf(check => check.bytes('hash', '0x01020304', vectorBytes('0x01ff03ff')))).toEqual({
      field: 'hash',
      offset: 1,
      expected: '0x020304 (4 bytes)',
      actual: '0xff03ff (4 bytes)'
    })
  })

  test('a shorter string differs where it ends', () => {
    expect(differenceOf(check => check.bytes('hash', '0x0102', vectorBytes('0x01')))).toMatchObject({
      offset: 1,
      actual: 'the end (1 bytes)'
    })
  })

  test('the part that holds the offset is added to the field', () => {
    const parts = [
      ['iv', 2],
      ['tag', 2]
    ] as const
    const at = (actual: string) => differenceOf(check => check.bytes('data', '0x00000000', vectorBytes(actual), parts))
    expect(at('0x00010000')?.field).toBe('data.iv')
    expect(at('0x00000100')?.field).toBe('data.tag')
    expect(at('0x0000000000')?.field).toBe('data.tag')
  })

  test('absent and empty are not the same', () => {
    expect(differenceOf(check => check.bytes('padding', null, undefined))).toBeUndefined()
    expect(differenceOf(check => check.bytes('padding', null, new Uint8Array()))).toMatchObject({ expected: 'nothing' })
    expect(differenceOf(check => check.bytes('padding', '0x', undefined))).toMatchObject({ actual: 'nothing' })
  })
})

describe('equal', () => {
  test('names the path into lists and objects', () => {
    const expected = { caps: [{ name: 'shh', version: 6 }] }
    const actual = { caps: [{ name: 'shh', version: 5 }] }
    expect(differenceOf(check => check.equal('hello', expected, actual))).toEqual({
      field: 'hello.caps[0].version',
      expected: '6',
      actual: '5'
    })
  })

  test('a field too many is a difference like one too few', () => {
    expect(differenceOf(check => check.equal('a', {}, { b: 1 }))?.field).toBe('a.b')
    expect(differenceOf(check => check.equal('a', { b: 1 }, {}))?.field).toBe('a.b')
    expect(differenceOf(check => check.equal('a', [1], []))).toMatchObject({ expected: '1 items', actual: '0 items' })
  })

  test('strings differ at a byte of their UTF-8, hex strings at the byte that they spell', () => {
    expect(differenceOf(check => check.equal('text', 'añb', 'añc'))?.offset).toBe(3)
    expect(differenceOf(check => check.equal('key', '0x0102', '0x0103'))?.offset).toBe(1)
  })

  test('a bigint meets the decimal string of the vector, bytes meet its hex', () => {
    expect(differenceOf(check => check.equal('clock', '1577836800123456789', 1577836800123456789n))).toBeUndefined()
    expect(differenceOf(check => check.equal('key', ['0x01'], [vectorBytes('0x01')]))).toBeUndefined()
  })
})

test('refused fails when the action answers, accepted when it throws', async () => {
  const { check } = createCheck()
  await check.refused('bundle', () => {
    throw new Error('no')
  })
  await check.refused('bundle', async () => Promise.reject(new Error('no')))
  await expect(check.refused('bundle', () => 1)).rejects.toMatchObject({ difference: { actual: 'accepted' } })
  await expect(check.accepted('bundle', async () => 7)).resolves.toBe(7)
  await expect(
    check.accepted('bundle', () => {
      throw new Error('too short')
    })
  ).rejects.toMatchObject({ difference: { field: 'bundle', actual: 'refused: too short' } })
})
