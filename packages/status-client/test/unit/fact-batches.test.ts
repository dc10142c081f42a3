import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { createFactBatches, type FactsOfMessage } from '../../src/sending/fact-batches.ts'

const fact = { state: 'posted' } as const
const other = { state: 'confirmed' } as const

/** Batches over a clock that is moved by hand; the handling of each waits for `gate`. */
function batching() {
  const time = createVirtualTime()
  let offset = 0
  let gate: Promise<void> | undefined
  const handled: [string, FactsOfMessage][][] = []
  const batches = createFactBatches({
    clock: { nowMs: () => time.clock.nowMs() + offset },
    scheduler: time.scheduler,
    handle: async take => {
      await gate
      handled.push([...take()])
    }
  })
  return {
    ...batches,
    time,
    handled,
    setBack: (ms: number) => {
      offset -= ms
    },
    hold: (until: Promise<void> | undefined) => {
      gate = until
    }
  }
}

test('the first fact is handled at once, later ones together after a rest from the end of the last batch', async () => {
  const { add, time, handled } = batching()
  await add('a', fact, false)
  expect(handled).toEqual([[['a', { facts: [fact], isAwaited: false }]]])
  await time.advance(limits.ledgerRestMs - 1)
  const soon = [add('a', fact, false), add('b', fact, false), add('a', other, false)]
  await time.settle()
  expect([handled.length, time.pendingTimers()]).toEqual([1, 1])
  await time.advance(1)
  await Promise.all(soon)
  expect(handled[1]).toEqual([
    ['a', { facts: [fact, other], isAwaited: false }],
    ['b', { facts: [fact], isAwaited: false }]
  ])
  // A rest that is over is over.
  await time.advance(limits.ledgerRestMs)
  await add('c', fact, false)
  expect([handled.length, time.pendingTimers()]).toEqual([3, 0])
})

test('a fact that somebody waits for ends the rest, for all that came by then', async () => {
  const { add, time, handled } = batching()
  await add('a', fact, false)
  const soon = add('a', fact, false)
  await Promise.all([add('a', other, true), add('b', fact, false), soon])
  expect(handled[1]).toEqual([
    ['a', { facts: [fact, other], isAwaited: true }],
    ['b', { facts: [fact], isAwaited: false }]
  ])
  expect(time.pendingTimers()).toBe(0)
})

test('a fact that nobody waits for ends no rest', async () => {
  const { add, time, handled } = batching()
  await add('a', fact, false)
  const soon = [add('a', fact, false), add('a', fact, false)]
  await time.settle()
  expect(handled).toHaveLength(1)
  await time.advance(limits.ledgerRestMs)
  await Promise.all(soon)
  expect(handled).toHaveLength(2)
})

test('what comes while a batch waits for its turn is in it, and what comes later in the next', async () => {
  const { add, time, handled, hold } = batching()
  let open: () => void = () => {}
  hold(new Promise<void>(resolve => (open = resolve)))
  const first = add('a', fact, true)
  await time.settle()
  const second = add('b', fact, true)
  open()
  await Promise.all([first, second])
  expect(handled.map(batch => batch.map(([id]) => id))).toEqual([['a', 'b']])
  await add('c', fact, true)
  expect(handled.map(batch => batch.map(([id]) => id))).toEqual([['a', 'b'], ['c']])
})

test('a clock that was set back since the last batch makes nobody rest', async () => {
  const { add, time, handled, setBack } = batching()
  await add('a', fact, false)
  setBack(1)
  await add('a', fact, false)
  expect([handled.length, time.pendingTimers()]).toEqual([2, 0])
})

test('a batch that failed is told to those whose facts it held, and rested from like any other', async () => {
  const { add, idle, time, handled, hold } = batching()
  hold(Promise.reject(new Error('the disk')))
  const failed = add('a', fact, false)
  await idle()
  await expect(failed).rejects.toThrow('the disk')
  hold(undefined)
  // Nothing was taken: it comes with the next.
  expect(handled).toEqual([])
  await idle()
  expect(time.pendingTimers()).toBe(0)
})

test('who waits for what is under way ends the rest', async () => {
  const { add, idle, time, handled } = batching()
  await idle()
  await add('a', fact, false)
  const soon = add('b', fact, false)
  await idle()
  await soon
  expect([handled.length, time.pendingTimers()]).toEqual([2, 0])
})
