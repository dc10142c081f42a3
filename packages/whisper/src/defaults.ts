import { randomBytes } from '@status-stack/crypto'
import type { Clock, Logger, Random, Scheduler } from './ports.ts'

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({ nowMs: () => Date.now() })

/** The platform's secure generator. */
export const systemRandom: Random = Object.freeze({ bytes: randomBytes })

/** Plain timers that keep no process alive. */
export const systemScheduler: Scheduler = Object.freeze({
  after: (ms: number, callback: () => void) => {
    const timer: unknown = setTimeout(callback, ms)
    // Browsers answer a number, Node an object.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') {
      timer.unref()
    }
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
  }
})

const nothing = (): void => undefined

export const silentLogger: Logger = Object.freeze({ debug: nothing, warn: nothing, error: nothing })
