import { check } from './errors.ts'
import { limits } from './limits.ts'

/** What came of shrinking. */
export interface Shrunk<T> {
  /** The steps that are left, in their order; the run still fails with them. */
  readonly schedule: readonly T[]
  /** Runs that it took. */
  readonly runs: number
  /** Whether every single step is needed. `false`: the bound on runs was met first. */
  readonly isMinimal: boolean
}

/**
 * Leaves steps out of a failing schedule for as long as it still fails, larger parts first. Give each run the same seed.
 *
 * @param fails runs a schedule; whether the fault shows
 * @param options.maxRuns at most `limits.shrinkRuns`
 * @throws SimulatorError `invalid-argument`; what `fails` throws
 * @example
 * ```ts
 * const { schedule } = await shrinkSchedule(steps, async part => !(await play('seed 7', part)).isWhole)
 * ```
 */
export async function shrinkSchedule<T>(
  steps: readonly T[],
  fails: (schedule: readonly T[]) => Promise<boolean>,
  options: { readonly maxRuns?: number | undefined } = {}
): Promise<Shrunk<T>> {
  check.array('steps', steps)
  check.function('fails', fails)
  check.options('options', options, ['maxRuns'])
  const { maxRuns = limits.shrinkRuns } = options
  check.integer('maxRuns', maxRuns, 1, Number.MAX_SAFE_INTEGER)
  let schedule = [...steps]
  let runs = 0
  let size = Math.ceil(schedule.length / 2)
  while (size >= 1 && schedule.length > 0) {
    let isShorter = false
    for (let at = 0; at < schedule.length; ) {
      if (runs >= Math.min(maxRuns, limits.shrinkRuns)) return { schedule, runs, isMinimal: false }
      const part = [...schedule.slice(0, at), ...schedule.slice(at + size)]
      runs += 1
      if (await fails(part)) {
        schedule = part
        isShorter = true
      } else at += size
    }
    // With steps left out, others may have become needless.
    if (!isShorter && size === 1) break
    if (!isShorter || size > schedule.length) size = size === 1 ? 1 : Math.floor(size / 2)
  }
  return { schedule, runs, isMinimal: true }
}
