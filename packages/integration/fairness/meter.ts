import { PerformanceObserver } from 'node:perf_hooks'

/** What a stretch of work cost the process. */
export interface Cost {
  /** The longest time in which nothing else could run, milliseconds. */
  readonly longestTurnMs: number
  /** The longest pause for the collector of garbage, milliseconds; a turn that it falls into is longer by it. */
  readonly longestPauseMs: number
  readonly cpuMs: number
}

/** Measures this process from `begin` to `end`. */
export interface Meter {
  readonly begin: () => Promise<void>
  readonly end: () => Promise<Cost>
}

/** How often the loop is looked at, milliseconds. */
const lookMs = 1

/**
 * Records the longest time between two looks at the event loop. Of the time that passed and the CPU time that the process used meanwhile it
 * takes the smaller: a busy machine stretches the first, and threads of the garbage collector add to the second.
 */
function watchTurns(): () => number {
  let longest = 0
  let last = performance.now()
  let cpu = process.cpuUsage()
  const look = (): void => {
    const now = performance.now()
    const used = process.cpuUsage(cpu)
    longest = Math.max(longest, Math.min(now - last - lookMs, (used.user + used.system) / 1000))
    last = now
    cpu = process.cpuUsage()
    timer = setTimeout(look, lookMs)
  }
  let timer = setTimeout(look, lookMs)
  return () => {
    clearTimeout(timer)
    return longest
  }
}

function watchPauses(): () => number {
  let longest = 0
  const take = (entries: readonly PerformanceEntry[]): void => {
    for (const { duration } of entries) longest = Math.max(longest, duration)
  }
  const observer = new PerformanceObserver(list => take(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  return () => {
    take(observer.takeRecords())
    observer.disconnect()
    return longest
  }
}

/** A look before and one after: what holds the loop at the edges counts too. */
const look = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5))

export function createMeter(): Meter {
  let stop: () => Omit<Cost, 'cpuMs'> = () => ({ longestTurnMs: 0, longestPauseMs: 0 })
  let cpu = process.cpuUsage()
  return {
    begin: async () => {
      const [turns, pauses] = [watchTurns(), watchPauses()]
      stop = () => ({ longestTurnMs: turns(), longestPauseMs: pauses() })
      cpu = process.cpuUsage()
      await look()
    },
    end: async () => {
      await look()
      const { user, system } = process.cpuUsage(cpu)
      return { ...stop(), cpuMs: (user + system) / 1000 }
    }
  }
}

/** The value below which `share` of them lie; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
}
