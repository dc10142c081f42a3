function unref(handle: unknown): void {
  // Browsers have numbers here, Node objects that can let the process end.
  if (typeof handle === 'object' && handle !== null && 'unref' in handle && typeof handle.unref === 'function')
    handle.unref()
}

/** Repeats a task; never two at once, never keeping a process alive. */
export interface Timer {
  readonly stop: () => Promise<void>
}

/**
 * Keeps the process until the work is done. Timers of the platform do not: one that nothing but a rest of some milliseconds waits for would end a
 * process of Node in the middle of it.
 */
export async function held<T>(work: () => Promise<T>): Promise<T> {
  const handle = setInterval(() => undefined, 60_000)
  try {
    return await work()
  } finally {
    clearInterval(handle)
  }
}

export function every(ms: number, task: () => Promise<void>, failed: (error: unknown) => void): Timer {
  let running: Promise<void> = Promise.resolve()
  let busy = false
  const handle = setInterval(() => {
    if (busy) return
    busy = true
    running = task()
      .catch(failed)
      .finally(() => {
        busy = false
      })
  }, ms)
  unref(handle)
  return {
    stop: async () => {
      clearInterval(handle)
      await running
    }
  }
}
