/** Calls of one kind that come while one is under way are that one. */
export interface Lifecycle {
  /** Does nothing when it has started; after a stop it starts again. @throws what `begin` rejects with, after which it may be tried again */
  readonly start: () => Promise<void>
  /** Waits for a start under way. */
  readonly stop: () => Promise<void>
}

export function createLifecycle(begin: () => Promise<void>, end: () => Promise<void>): Lifecycle {
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  const finish = async (): Promise<void> => {
    await starting?.catch(() => undefined)
    await end()
    starting = undefined
  }
  return {
    start: async () => {
      await stopping
      starting ??= begin().catch(error => {
        starting = undefined
        throw error
      })
      await starting
    },
    stop: () => {
      stopping ??= finish().finally(() => {
        stopping = undefined
      })
      return stopping
    }
  }
}
