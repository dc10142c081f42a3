import type { Scheduler } from '@status-stack/interface'

/**
 * Lets a process of Node end while a timer runs. Does nothing in browsers, whose timers are numbers.
 *
 * @example
 * ```ts
 * const timer = setInterval(work, 1000)
 * unref(timer)
 * clearInterval(timer)
 * ```
 */
export function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
}

/**
 * Longest delay that a platform's timer takes, milliseconds: some 25 days. With a longer one it calls back at once, so options in milliseconds end
 * here. {@link systemScheduler} takes any.
 *
 * @example
 * ```ts
 * const delayMs = Math.min(90 * 86_400_000, longestDelayMs) // 2 147 483 647
 * ```
 */
export const longestDelayMs = 2 ** 31 - 1

/** Timers of the platform. They do not keep a Node process alive. */
export const systemScheduler: Scheduler = Object.freeze({
  after: (ms: number, callback: () => void) => {
    let timer: ReturnType<typeof setTimeout>
    const wait = (left: number): void => {
      const isLonger = left > longestDelayMs
      timer = isLonger ? setTimeout(() => wait(left - longestDelayMs), longestDelayMs) : setTimeout(callback, left)
      unref(timer)
    }
    wait(ms)
    return () => clearTimeout(timer)
  }
})

/** A task that is repeated. */
export interface Timer {
  /** Ends it, after the run that is under way. */
  readonly stop: () => Promise<void>
}

/**
 * Repeats a task each `ms` milliseconds; never two at once, and never keeping a process alive.
 *
 * @example
 * ```ts
 * const timer = every(60_000, async () => work(), report)
 * await timer.stop()
 * ```
 */
export function every(ms: number, task: () => Promise<void>, failed: (error: unknown) => void): Timer {
  let running: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = task()
      .catch(failed)
      .finally(() => {
        busy = false
      })
  }, ms)
  unref(timer)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    }
  }
}

/**
 * Keeps the process until the work is done. Timers of the platform do not: one that nothing but a rest of some milliseconds waits for would end a
 * process of Node in the middle of it.
 *
 * @example
 * ```ts
 * await held(async () => work())
 * ```
 */
export async function held<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 60_000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
