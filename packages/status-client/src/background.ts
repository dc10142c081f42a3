/** Work that is not awaited when it starts, but that `stop` waits for. Failures are reported, never unhandled. */
export interface Background {
  readonly run: (what: string, task: () => Promise<unknown>) => void
  readonly idle: () => Promise<void>
}

export function createBackground(failed: (what: string, error: unknown) => void): Background {
  const running = new Set<Promise<unknown>>()
  return {
    run: (what, task) => {
      const work: Promise<unknown> = task()
        .catch(error => failed(what, error))
        .finally(() => running.delete(work))
      running.add(work)
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running)
    }
  }
}

/** One moment that many wait for, each of whom may leave before. */
export interface Ending {
  readonly ended: () => boolean
  /** Runs the callback once on end (immediately if already ended); returns its unsubscription. */
  readonly onEnd: (callback: () => void) => () => void
  readonly end: () => void
}

export function createEnding(): Ending {
  // BOUNDED: waiters unsubscribe themselves
  const waiting = new Set<() => void>()
  let over = false
  return {
    ended: () => over,
    onEnd: callback => {
      if (over) callback()
      else waiting.add(callback)
      return () => {
        waiting.delete(callback)
      }
    },
    end: () => {
      over = true
      for (const callback of [...waiting]) callback()
      waiting.clear()
    }
  }
}
