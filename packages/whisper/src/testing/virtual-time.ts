import type { Clock, Scheduler } from '../ports.ts'

/** A clock that stands still until it is told to go on, and the timers that hang on it. */
export interface VirtualTime {
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** Goes on by `ms`, running every timer on the way in order, and whatever they set off. */
  readonly advance: (ms: number) => Promise<void>
  /** Lets everything that is ready run, without time passing. */
  readonly settle: () => Promise<void>
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Turns of the event loop after which everything in memory has had its say. */
const settleTurns = 5

function turn(): Promise<void> {
  return new Promise(resolve => {
    // Browsers have no immediate; a timeout takes longer and does the same.
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}

/** `startMs`: Unix milliseconds. */
export function createVirtualTime(startMs = 1_600_000_000_000): VirtualTime {
  let now = startMs
  let order = 0
  const timers = new Set<Timer>()
  const settle = async (): Promise<void> => {
    for (let i = 0; i < settleTurns; i++) await turn()
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
    advance: async ms => {
      const end = now + ms
      await settle()
      for (;;) {
        let next: Timer | undefined
        for (const timer of timers) {
          if (timer.at > end) continue
          if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) {
            next = timer
          }
        }
        if (next === undefined) break
        now = next.at
        timers.delete(next)
        next.callback()
        await settle()
      }
      now = end
      await settle()
    }
  }
}
