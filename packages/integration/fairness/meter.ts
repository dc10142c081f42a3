/** What a stretch of work cost the process. */
export interface Cost {
  /** The longest time in which nothing else could run, milliseconds. */
  readonly longestTurnMs: number
  readonly cpuMs: number
  readonly wallMs: number
}

/** How often the loop is looked at, milliseconds. */
const lookMs = 1

/**
 * Records the longest time between two looks at the event loop. Of the time that passed and the CPU time that the process used meanwhile it
 * takes the smaller: a busy machine stretches the first, and threads of the garbage collector add to the second.
 */
function watchTurns(): { readonly longestMs: () => number; readonly stop: () => void } {
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
  return { longestMs: () => longest, stop: () => clearTimeout(timer) }
}

/** Runs `work` and measures the process meanwhile. */
export async function measured(work: () => Promise<void>): Promise<Cost> {
  const turns = watchTurns()
  const cpu = process.cpuUsage()
  const began = performance.now()
  // A look before and one after: what holds the loop at the edges counts too.
  await new Promise(resolve => setTimeout(resolve, 5))
  await work()
  await new Promise(resolve => setTimeout(resolve, 5))
  turns.stop()
  const { user, system } = process.cpuUsage(cpu)
  return { longestTurnMs: turns.longestMs(), cpuMs: (user + system) / 1000, wallMs: performance.now() - began }
}

/** The value below which `share` of them lie; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
}
