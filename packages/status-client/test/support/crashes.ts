import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import type { Database } from '../../src/index.ts'
import { type FaultyDatabase, faultyDatabase } from '../../src/testing/index.ts'
import { until } from './world.ts'

/** Every so many writes is a place to die at; 1, as nightly, for each. */
const step = Number(process.env['STATUS_CRASH_STEP'] ?? 6)

/** What a test does to a process that dies at some write, and to the one that comes back on its disk. */
export interface Crash {
  /** What the process has until it dies. */
  readonly faulty: FaultyDatabase
  /** What is left of it. */
  readonly disk: Database
  /** Runs until the work is done or the process dies. */
  readonly lives: (work: () => Promise<void>) => Promise<void>
  /** Waits for a condition, or for the death. */
  readonly until: (what: string, condition: () => boolean | Promise<boolean>) => Promise<void>
}

/** A scenario with a crash before and after writes of all stores together. It says itself what has to hold at the end. */
export function crashTest(name: string, scenario: (crash: Crash) => Promise<void>, every: number = step): void {
  const run = async (failAt: number, mode: 'before' | 'after') => {
    const disk = new MemoryLevel<string, Uint8Array>()
    const faulty = faultyDatabase(disk, { failAt, mode })
    await scenario({
      faulty,
      disk,
      lives: async work => {
        try {
          await work()
        } catch (error) {
          if (!faulty.crashed()) throw error
        }
      },
      until: (what, condition) => until(what, async () => faulty.crashed() || (await condition()))
    }).catch((error: unknown) => {
      throw new Error(`after a crash ${mode} write ${failAt}`, { cause: error })
    })
    return { writes: faulty.writes(), crashed: faulty.crashed() }
  }
  for (const mode of ['before', 'after'] as const) {
    test(`a crash ${mode} every k-th write while ${name} loses nothing and repeats nothing`, {
      timeout: 600_000
    }, async () => {
      const whole = await run(0, mode)
      expect(whole.crashed).toBe(false)
      let [crashes, tried] = [0, 0]
      // Both modes together see twice as many places.
      for (let k = mode === 'before' ? 1 : 1 + Math.floor(every / 2); k <= whole.writes; k += every) {
        tried += 1
        if ((await run(k, mode)).crashed) crashes += 1
      }
      // A busy machine repeats more while nothing crashes, so the last places may not be reached again.
      expect(tried).toBeGreaterThan(2)
      expect(crashes).toBeGreaterThan(2)
    })
  }
}
