import type { Clock, Scheduler } from '../ports.ts'

/** A clock that stands still until it is told to go on, and the timers that hang on it. */
export interface VirtualTime {
  /** Reads the virtual time, Unix ms. */
  readonly clock: Clock
  /** Timers that run only within `advance`. */
  readonly scheduler: Scheduler
  /** Goes on by `ms`, running every timer on the way in order, and whatever they set off. */
  readonly advance: (ms: number) => Promise<void>
  /** Lets everything that is ready run, without time passing. */
  readonly settle: () => Promise<void>
  /** Timers that wait now. */
  readonly pendingTimers: () => number
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Turns of the event loop after which everything in memory has had its say; sliced work may need a few of them. */
const settleTurns = 8

function turn(): Promise<void> {
  return new Promise(resolve => {
    // Browsers have no immediate; a timeout takes longer and does the same.
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}

/**
 * Virtual time for tests and simulations.
 *
 * @param startMs Unix milliseconds at the beginning.
 * @example
 * ```ts
 * const time = createVirtualTime()
 * time.scheduler.after(1000, () => console.log('one second later'))
 * await time.advance(1000)
 * ```
 */
export function createVirtualTime(startMs = 1_600_000_000_000): VirtualTime {
  let now = startMs
  let order = 0
  const timers = new Set<Timer>()
  const settle = async (): Promise<void> => {
    for (let i = 0; i < settleTurns; i++) await turn()
  }
  const nextDue = (end: number): Timer | undefined => {
    let next: Timer | undefined
    for (const timer of timers) {
      if (timer.at > end) continue
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer
    }
    return next
  }
  return {
    clock: { nowMs: () => now },
    scheduler: {
      after: (ms, callback) => {
        const timer = { at: now + Math.max(0, ms), order: order++, callback }
        timers.add(timer)
        return () => {
          timers.delete(timer)
        }
      }
    },
    settle,
    pendingTimers: () => timers.size,
    advance: async ms => {
      const end = now + ms
      await settle()
      for (let timer = nextDue(end); timer !== undefined; timer = nextDue(end)) {
        now = timer.at
        timers.delete(timer)
        timer.callback()
        await settle()
      }
      now = end
      await settle()
    }
  }
}
