import type { Clock, Timers } from '../ports.ts'

/** Time that stands still until a test moves it. */
export interface VirtualTime {
  readonly clock: Clock
  readonly timers: Timers
  /** Moves time, running every timer that falls due in order, and lets what follows from each settle. */
  readonly advance: (ms: number) => Promise<void>
  /** Lets pending work settle without moving time. */
  readonly settle: () => Promise<void>
  /** Timers that wait now. */
  readonly pendingTimers: () => number
}

const settleTurns = 8

/** A clock and timers at `startMs`. */
export function createVirtualTime(startMs = 1_600_000_000_000): VirtualTime {
  let now = startMs
  let order = 0
  const timers = new Map<number, { readonly atMs: number; readonly run: () => void }>()
  const settle = async (): Promise<void> => {
    for (let i = 0; i < settleTurns; i++) await new Promise<void>(resolve => setImmediate(resolve))
  }
  const nextDue = (untilMs: number): number | undefined => {
    let best: number | undefined
    for (const [id, { atMs }] of timers) {
      if (atMs > untilMs) continue
      const bestAt = best === undefined ? undefined : timers.get(best)?.atMs
      if (bestAt === undefined || atMs < bestAt) best = id
    }
    return best
  }
  return {
    clock: { nowMs: () => now },
    timers: {
      after: (delayMs, run) => {
        const id = order++
        timers.set(id, { atMs: now + delayMs, run })
        return () => {
          timers.delete(id)
        }
      }
    },
    advance: async ms => {
      const end = now + ms
      await settle()
      for (let id = nextDue(end); id !== undefined; id = nextDue(end)) {
        const timer = timers.get(id)
        timers.delete(id)
        if (timer === undefined) continue
        now = Math.max(now, timer.atMs)
        timer.run()
        await settle()
      }
      now = end
    },
    settle,
    pendingTimers: () => timers.size
  }
}
