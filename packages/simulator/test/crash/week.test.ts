import { expect, test } from 'vitest'
import { createSimulatedRandom } from '../../src/random.ts'
import { type Death, week } from './week.ts'

/** Every so many writes is a place to die at; 1, as nightly, for each. */
const step = Number(process.env['STATUS_CRASH_STEP'] ?? 0)
/** Places in the ordinary run, and where they are. */
const samples = 3
const seed = process.env['STATUS_CRASH_SEED'] ?? '1'

function placesOf(writes: number): readonly Death[] {
  const modes = ['before', 'after'] as const
  if (step > 0) {
    return modes.flatMap(mode =>
      Array.from({ length: Math.ceil(writes / step) }, (_, at) => ({ failAt: 1 + at * step, mode }))
    )
  }
  const random = createSimulatedRandom(seed, 'places to die at')
  return Array.from({ length: samples }, (_, at) => ({
    failAt: 1 + random.below(writes),
    mode: modes[at % modes.length] ?? 'before'
  }))
}

test('a week in which the process dies at any write loses nothing, repeats nothing, and its ledger is true', {
  timeout: 24 * 3_600_000
}, async () => {
  const whole = await week({ failAt: 0, mode: 'before' })
  expect(whole).toMatchObject({
    crashed: false,
    open: [],
    shown: {
      'alice with bob': ['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'b4'],
      'alice in the group': ['g1', 'g2'],
      'bob with alice': ['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'b4'],
      'bob in the group': ['g1', 'g2']
    }
  })
  expect(whole.shown['tablet with alice']).toEqual(expect.arrayContaining(['a2', 'a3', 'b2', 'b3', 'b4']))
  let crashes = 0
  const failures: string[] = []
  for (const death of placesOf(whole.writes)) {
    try {
      const { crashed, open, shown } = await week(death)
      if (crashed) crashes += 1
      const { 'tablet with alice': onTablet = [], ...onOthers } = shown
      const { 'tablet with alice': least, ...expected } = whole.shown
      expect({ open, ...onOthers }).toEqual({ open: [], ...expected })
      // What was said before it was paired may reach it too: when an acknowledgement died with Bob, Alice sends to all of his devices again.
      expect(onTablet).toEqual(expect.arrayContaining([...(least ?? [])]))
      expect(shown['bob with alice']).toEqual(expect.arrayContaining([...onTablet]))
      expect(new Set(onTablet).size).toBe(onTablet.length)
    } catch (error) {
      failures.push(`after a crash ${death.mode} write ${death.failAt}: ${String(error)}`)
    }
  }
  console.info(`a week: ${whole.writes} writes, ${crashes} crashes, ${failures.length} failures`)
  expect(failures).toEqual([])
  expect(crashes).toBeGreaterThan(0)
})
