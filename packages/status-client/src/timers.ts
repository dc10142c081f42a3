/** Repeats a task; never two at once, never keeping a process alive. */
export interface Timer {
  readonly stop: () => Promise<void>
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
  // Browsers have numbers here, Node objects that can let the process end.
  if (typeof handle === 'object' && 'unref' in handle) handle.unref()
  return {
    stop: async () => {
      clearInterval(handle)
      await running
    }
  }
}
