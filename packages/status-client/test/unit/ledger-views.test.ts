import { expect, test } from 'vitest'
import type { DeliveryState } from '../../src/ledger-types.ts'
import { entryOf, sizeOf } from '../../src/sending/ledger-views.ts'
import type { LegRecord } from '../../src/storage/records.ts'
import { somebody } from '../support/core.ts'

const [self, alice, bob] = [somebody(), somebody(), somebody()] as const
const about = { messageId: '0x1', chat: { kind: 'public', name: 'room' }, queuedMs: 1 } as const
const leg = (state: DeliveryState, recipient?: Uint8Array): LegRecord => ({
  ...(recipient === undefined ? {} : { recipient }),
  state,
  attempts: 0,
  envelopes: []
})
const entry = (...legs: readonly LegRecord[]) => entryOf({ ...about, legs }, self)

test('a message for people is complete once each of them has acknowledged it, and copies of ours do not count', () => {
  expect(entry(leg('acknowledged', alice), leg('acknowledged', bob)).complete).toBe(true)
  expect(entry(leg('acknowledged', alice), leg('archived', bob)).complete).toBe(false)
  expect(entry(leg('acknowledged', alice), leg('queued', self)).complete).toBe(true)
  expect(entry(leg('queued', self)).complete).toBe(true)
})

test.each([
  ['confirmed', true],
  ['archived', true],
  ['posted', false],
  ['expired', false],
  ['acknowledged', false]
] as const)('a public message that is %s: complete is %s', (state, complete) => {
  expect(entry(leg(state)).complete).toBe(complete)
})

test('a leg shows the weakest it may have left with, else what it was held back with, and neither of its notes', () => {
  const shown = (fields: Partial<LegRecord>) => entry({ ...leg('queued', alice), ...fields }).legs[0]
  expect(shown({ protection: 'forward-secret', sealed: 'static-key', held: 'public' })).toStrictEqual({
    ...leg('queued', alice),
    protection: 'static-key'
  })
  expect(shown({ held: 'static-key' })).toStrictEqual({ ...leg('queued', alice), protection: 'static-key' })
  expect(shown({})).toStrictEqual(leg('queued', alice))
})

test('what a ledger takes in memory grows with its legs, its envelopes and the peers of each', () => {
  const envelope = { hash: 'h', expiry: 1, sentTo: ['a', 'b', 'c'], confirmedBy: ['a', 'b'], archivedBy: ['a'] }
  const size = (...legs: readonly LegRecord[]) => sizeOf({ ...about, legs })
  expect(size()).toBe(256)
  expect(size(leg('queued'), leg('queued'))).toBe(3 * 256)
  expect(size({ ...leg('posted'), envelopes: [envelope, envelope] })).toBe(2 * 256 + 160 * 2 * 8)
})
