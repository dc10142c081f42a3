import { expect, test } from 'vitest'
import type { Attack } from '../../fairness/attacks.ts'
import { growthOf, most, turnMs, workOf } from '../../fairness/growth.ts'

/** Keeps the processor busy without a look at anything else. */
function compute(ms: number): void {
  const { user } = process.cpuUsage()
  while (process.cpuUsage().user - user < ms * 1000);
}

const attack = (name: string, run: (scale: number) => Promise<void>): Attack<undefined> => ({
  door: 'harness',
  name,
  prepare: async (_, scale) => async () => {
    await run(scale)
    return { bytes: 0, outcome: '' }
  }
})

test('the harness finds a victim that blocks the loop', async () => {
  const { cpuMs, turns } = await workOf(
    undefined,
    attack('blocking', async () => compute(3 * turnMs)),
    1
  )
  expect(turns).toBeLessThan(Math.floor(cpuMs / turnMs))
})

test('the harness accepts a victim that yields', async () => {
  const yielding = attack('yielding', async scale => {
    for (let i = 0; i < 10 * scale; i++) {
      compute(10)
      await new Promise(resolve => setImmediate(resolve))
    }
  })
  const { factor, longer } = await growthOf(undefined, yielding)
  expect(factor).toBeLessThanOrEqual(most)
  expect(longer.turns).toBeGreaterThanOrEqual(Math.floor(longer.cpuMs / turnMs))
})

test('the harness finds work that grows with the square of the input', async () => {
  const { factor } = await growthOf(
    undefined,
    attack('square', async scale => compute(15 * scale ** 2))
  )
  expect(factor).toBeGreaterThan(most)
})
