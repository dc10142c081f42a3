import type { Clock, Logger, Scheduler } from '@status-stack/whisper'

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({ nowMs: () => Date.now() })

/** Plain timers that keep no process alive. */
export const systemScheduler: Scheduler = Object.freeze({
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms)
    timer.unref()
    return () => clearTimeout(timer)
  }
})

const nothing = (): void => undefined

export const silentLogger: Logger = Object.freeze({ debug: nothing, warn: nothing, error: nothing })
