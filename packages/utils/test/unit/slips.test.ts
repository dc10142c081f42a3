import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collectBytes, slipsBetween } from '../../src/index.ts'

test.each([
  ['list', 'list', 0],
  ['lsit', 'list', 1],
  ['lis', 'list', 1],
  ['liist', 'list', 1],
  ['lost', 'list', 1],
  ['', 'list', 4],
  ['send', 'list', 4]
])('%s to %s: %i slips', (from, to, slips) => expect(slipsBetween(from, to)).toBe(slips))

test('slips are as many in both directions, and no more than there are letters', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const slips = slipsBetween(a, b)
      expect(slips).toBe(slipsBetween(b, a))
      expect(slips).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(slips === 0).toBe(a === b)
    })
  )
})

test('bytes of a stream come as one, and of a longer one nothing is kept or read further', async () => {
  let read = 0
  async function* chunks() {
    for (const part of [Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3), Uint8Array.of(4)]) {
      read++
      yield part
    }
  }
  expect(await collectBytes(chunks(), 4)).toEqual(Uint8Array.of(1, 2, 3, 4))
  expect(await collectBytes([], 0)).toEqual(new Uint8Array(0))
  read = 0
  expect(await collectBytes(chunks(), 2)).toBeUndefined()
  expect(read).toBe(3)
})
