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
