import { randomBytes } from '@status-stack/crypto'
import type { Clock, Random, Timers } from './ports.ts'

/** The system's clock. */
export const systemClock: Clock = Object.freeze({ nowMs: () => Date.now() })

/** setTimeout that never keeps the process alive. */
export const systemTimers: Timers = Object.freeze({
  after: (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs)
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  }
})

/** The operating system's generator. */
export const systemRandom: Random = Object.freeze({ bytes: randomBytes })
