import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHoldingBudget, type Holding } from '../../src/index.ts'

/** A budget whose holders have names; `given` tells who was given up. */
function budgetOf(most: number) {
  const given: string[] = []
  const budget = createHoldingBudget(most)
  return { ...budget, given, holder: (name: string): Holding => budget.open(() => void given.push(name)) }
}

describe('a budget of what many hold', () => {
  test('who has held much for longest is given up, and counts no more', () => {
    const { holder, given, bytes } = budgetOf(100)
    const [a, b, c] = [holder('a'), holder('b'), holder('c')]
    a.set(40)
    b.set(40)
    c.set(20)
    expect([given, bytes()]).toEqual([[], 100])
    c.set(21)
    expect([given, bytes()]).toEqual([['a'], 61])
    a.set(50)
    expect(bytes()).toBe(61)
  })

  test('who holds little is not given up for the others, however long it takes', () => {
    const { holder, given } = budgetOf(100)
    holder('patient').set(5)
    const [a, b] = [holder('a'), holder('b')]
    a.set(50)
    b.set(50)
    expect(given).toEqual(['a'])
  })

  test('who lets go begins anew', () => {
    const { holder, given } = budgetOf(100)
    const [a, b, c] = [holder('a'), holder('b'), holder('c')]
    a.set(40)
    b.set(40)
    a.set(0)
    a.set(40)
    c.set(40)
    expect(given).toEqual(['b'])
  })

  test('a holder that ends others when it is given up leaves the count right', () => {
    const budget = createHoldingBudget(100)
    const second = budget.open(() => undefined)
    const first = budget.open(() => second.set(0))
    first.set(50)
    second.set(50)
    budget.open(() => undefined).set(10)
    expect(budget.bytes()).toBe(10)
  })

  test('never more than the bound, and never the latest, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(50)), { maxLength: 200 }), steps => {
        const { holder, given, bytes } = budgetOf(100)
        const holders = new Map<number, Holding>()
        let latest: number | undefined
        const held = new Map<number, number>()
        for (const [who, amount] of steps) {
          if (given.includes(String(who))) continue
          const one = holders.get(who) ?? holder(String(who))
          holders.set(who, one)
          if (amount > 0 && (held.get(who) ?? 0) === 0) latest = who
          held.set(who, amount)
          const before = given.length
          one.set(amount)
          expect(bytes()).toBeLessThanOrEqual(100)
          if ((held.get(latest ?? -1) ?? 0) > 0) expect(given.slice(before)).not.toContain(String(latest))
        }
      })
    )
  })
})
