/** Steps of which each is taken whatever became of the one before. */
export interface Steps {
  /** Takes one; never rejects. */
  readonly take: (work: () => unknown) => Promise<void>
  /** Throws what the first step failed with, where one did. */
  readonly end: () => void
}

/**
 * For an end that consists of several: a full disk must neither keep links open nor a database locked.
 *
 * @example
 * ```ts
 * const steps = createSteps()
 * await steps.take(client.stop)
 * await steps.take(() => database.close())
 * steps.end()
 * ```
 */
export function createSteps(): Steps {
  const failures: unknown[] = []
  return {
    take: async work => {
      try {
        await work()
      } catch (error) {
        failures.push(error)
      }
    },
    end: () => {
      if (failures.length > 0) throw failures[0]
    }
  }
}
