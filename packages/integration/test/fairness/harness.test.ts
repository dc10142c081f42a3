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

test.each([
  { work: 'in proportion to the input', cost: (scale: number) => 100 * scale, found: false },
  { work: 'with the square of the input', cost: (scale: number) => 100 * scale ** 2, found: true }
])('the harness judges work that grows $work', async ({ cost, found }) => {
  // The cost is given, not measured: what else runs on this machine must not decide.
  let scale = 0
  const given = attack('given', async s => {
    scale = s
  })
  const { factor } = await growthOf(undefined, given, 1, async (victim, a, s) => {
    await (await a.prepare(victim, s))()
    return { cpuMs: cost(scale), turns: 0 }
  })
  expect(factor > most).toBe(found)
})
