import { describe, expect, test } from 'vitest'
import { createTimeSlicer, forEachSliced, timeSlicer } from '../../src/index.ts'

/** A slicer on a clock and turns that the test moves. */
function byHand(budgetMs = 10) {
  let now = 0
  const turns: (() => void)[] = []
  const slicer = createTimeSlicer({ budgetMs, nowMs: () => now, nextTurn: callback => void turns.push(callback) })
  return {
    slicer,
    spend: (ms: number) => {
      now += ms
    },
    /** Runs the next turn and what its promises set off. */
    turn: async () => {
      turns.shift()?.()
      for (let i = 0; i < 10; i++) await Promise.resolve()
    },
    pendingTurns: () => turns.length
  }
}

describe('a time slicer', () => {
  test('is due once the turn has used its budget, and not in the next turn', async () => {
    const { slicer, spend, turn } = byHand()
    expect(slicer.due()).toBe(false)
    spend(9)
    expect(slicer.due()).toBe(false)
    spend(1)
    expect(slicer.due()).toBe(true)
    await turn()
    expect(slicer.due()).toBe(false)
  })

  test('all who ask in one turn share one budget', () => {
    const { slicer, spend } = byHand()
    slicer.due()
    spend(10)
    expect([slicer.due(), slicer.due()]).toEqual([true, true])
  })

  test('those who pause continue one per turn, in order', async () => {
    const { slicer, turn } = byHand()
    const order: number[] = []
    for (const id of [1, 2, 3]) void slicer.pause().then(() => order.push(id))
    await turn()
    expect(order).toEqual([1])
    await turn()
    expect(order).toEqual([1, 2])
    await turn()
    expect(order).toEqual([1, 2, 3])
  })

  test('background work continues in every fourth turn while others wait, and in each when none does', async () => {
    const { slicer, turn } = byHand()
    const order: string[] = []
    for (const id of ['a', 'b']) void slicer.background.pause().then(() => order.push(id))
    for (let i = 1; i <= 5; i++) void slicer.pause().then(() => order.push(`${i}`))
    for (let i = 0; i < 7; i++) await turn()
    expect(order).toEqual(['1', '2', '3', 'a', '4', '5', 'b'])
  })

  test('background work shares the budget of the turn', () => {
    const { slicer, spend } = byHand()
    slicer.due()
    spend(10)
    expect([slicer.background.due(), slicer.background.background.due()]).toEqual([true, true])
  })

  test('the one who continues has a budget of its own', async () => {
    const { slicer, spend, turn } = byHand()
    slicer.due()
    spend(50)
    void slicer.pause()
    await turn()
    expect(slicer.due()).toBe(false)
    spend(10)
    expect(slicer.due()).toBe(true)
  })

  test('slices become shorter when many wait, down to a millisecond', async () => {
    const { slicer, spend, turn } = byHand()
    let others = 0
    void slicer.pause().then(() => undefined)
    for (let i = 0; i < 4; i++) void slicer.pause().then(() => others++)
    await turn()
    spend(1)
    expect(slicer.due()).toBe(false)
    spend(1)
    expect(slicer.due()).toBe(true)
    for (let i = 0; i < 60; i++) void slicer.pause()
    await turn()
    expect(others).toBe(1)
    spend(0.9)
    expect(slicer.due()).toBe(false)
    spend(0.1)
    expect(slicer.due()).toBe(true)
  })

  test('books no turns when nothing is pending', async () => {
    const { slicer, turn, pendingTurns } = byHand()
    slicer.due()
    expect(pendingTurns()).toBe(1)
    await turn()
    expect(pendingTurns()).toBe(0)
  })

  test('yielded is undefined while the work may go on', () => {
    const { slicer, spend } = byHand()
    expect(slicer.yielded()).toBeUndefined()
    spend(10)
    expect(slicer.yielded()).toBeInstanceOf(Promise)
  })

  test('a signal that has fired ends the pause with its reason', async () => {
    const { slicer, turn } = byHand()
    await expect(slicer.pause(AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
    const controller = new AbortController()
    const paused = slicer.pause(controller.signal)
    controller.abort(new Error('meanwhile'))
    const outcome = expect(paused).rejects.toThrow('meanwhile')
    await turn()
    await outcome
  })
})

test('forEachSliced lets others run between slices, and keeps the order', async () => {
  let now = 0
  const slicer = createTimeSlicer({ nowMs: () => now })
  const seen: number[] = []
  let others = 0
  let running = true
  const count = (): void => {
    others += 1
    if (running) setImmediate(count)
  }
  setImmediate(count)
  const items = Array.from({ length: 100 }, (_, i) => i)
  await forEachSliced(
    items,
    item => {
      now += 2
      seen.push(item)
    },
    { slicer, nowMs: () => now }
  )
  running = false
  expect(seen).toEqual(items)
  // 100 items of 2 ms each in slices of 10 ms.
  expect(others).toBeGreaterThanOrEqual(15)
})

test('the shared slicer runs on the platform', async () => {
  let turned = false
  setImmediate(() => {
    turned = true
  })
  await timeSlicer.pause()
  await timeSlicer.pause()
  expect(turned).toBe(true)
})

test('forEachSliced has a millisecond of its own in a turn that others have used up', async () => {
  const { slicer, spend, turn } = byHand()
  slicer.due()
  spend(50)
  let own = 0
  const seen: number[] = []
  const done = forEachSliced(
    [1, 2, 3, 4],
    item => {
      seen.push(item)
      own += 0.4
    },
    { slicer, nowMs: () => own }
  )
  for (let i = 0; i < 10; i++) await Promise.resolve()
  expect(seen).toEqual([1, 2, 3])
  await turn()
  await done
  expect(seen).toEqual([1, 2, 3, 4])
})
