/** Runs one task at a time, in the order of the calls. A failed task does not stop the next. */
export interface Mutex {
  /** The task's own result or rejection. */
  readonly run: <T>(task: () => Promise<T>) => Promise<T>
  /** Settles when everything queued so far is done. */
  readonly idle: () => Promise<void>
}

/**
 * A mutex: work that is handed to it runs one after the other, in the order of the calls.
 * @example
 * ```ts
 * const mutex = createMutex()
 * await Promise.all([mutex.run(writeFirst), mutex.run(writeSecond)]) // one after the other
 * ```
 */
export function createMutex(): Mutex {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    run: task => {
      const result = tail.then(task)
      tail = result.catch(() => undefined)
      return result
    },
    idle: async () => {
      await tail
    }
  }
}
