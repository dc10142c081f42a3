import { afterAll, describe, expect, test } from 'vitest'
import { patience } from '../support/until.ts'
import { cells, nameOf, openCell } from './cells.ts'
import { playFlow, type Seen } from './flow.ts'
import { type Outcome, pageOf, storedPage, storePage } from './table.ts'

/** What everybody's application sees in every cell. */
const seen: Seen = {
  alice: [
    'with bob: alice "first contact"',
    'with bob: bob "answer 1"',
    'with bob: alice "question 1"',
    'with bob: bob "answer 2"',
    'with bob: alice "question 2"',
    'with bob: bob "answer 3"',
    'with bob: alice "question 3"',
    '#matrix: alice "to everybody"',
    '#matrix: bob "heard"',
    'group: alice chatCreated',
    'group: alice membersAdded',
    'group: bob memberJoined',
    'group: alice "in the group"',
    'group: bob "also in the group"',
    'with bob: alice "for the laptop too"',
    'with bob: bob "for both"',
    'with bob: alice "welcome back"',
    'with bob: bob "good to be back"'
  ],
  bob: [
    'with alice: alice "first contact"',
    'with alice: bob "answer 1"',
    'with alice: alice "question 1"',
    'with alice: bob "answer 2"',
    'with alice: alice "question 2"',
    'with alice: bob "answer 3"',
    'with alice: alice "question 3"',
    '#matrix: alice "to everybody"',
    '#matrix: bob "heard"',
    'group: alice chatCreated',
    'group: alice membersAdded',
    'group: bob memberJoined',
    'group: alice "in the group"',
    'group: bob "also in the group"',
    'with alice: alice "for the laptop too"',
    'with alice: bob "for both"',
    'with alice: alice "welcome back"',
    'with alice: bob "good to be back"'
  ],
  laptop: [
    'with bob: alice "for the laptop too"',
    'with bob: bob "for both"',
    'with bob: alice "welcome back"',
    'with bob: bob "good to be back"'
  ]
}

/** How Bob's messages were protected: what the security layer is there for, and the only thing that a cell may change. */
const protections = {
  ratchet: ['static-key', 'forward-secret', 'public'],
  off: ['transport-only', 'public']
} as const

const outcomes = new Map<string, Outcome>()

describe('the matrix', { timeout: 6 * patience }, () => {
  test.each(cells.map(cell => [nameOf(cell), cell] as const))('A-20 %s', async (name, cell) => {
    const { network, stack } = await openCell(cell)
    try {
      const result = await playFlow(network, stack)
      expect(result).toEqual({ seen, protections: protections[cell.security] })
      outcomes.set(name, result.protections)
    } finally {
      await network.stop()
    }
  })
  afterAll(() => {
    if (process.env['MATRIX_WRITE'] === undefined) return
    storePage(pageOf(outcomes))
    console.log(pageOf(outcomes).split('\n\n').slice(-2).join('\n\n'))
  })
})

test('docs/orthogonality.md is what `pnpm matrix` writes when every cell passes', () => {
  const all = new Map(cells.map(cell => [nameOf(cell), protections[cell.security]] as const))
  expect(storedPage()).toBe(pageOf(all))
})
