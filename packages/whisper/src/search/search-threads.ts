import type { SearchThread, SpawnThread } from './protocol.ts'
import { type SearchJob, workOn } from './search-job.ts'

/** The threads of a searcher: started when they are needed first. */
export interface SearchThreads {
  /** Has all of them work on a job until it is done or `isOver`; false when there are none. */
  readonly work: (job: SearchJob, isOver: () => boolean) => Promise<boolean>
  /** Ends the threads; more work starts others. */
  readonly stop: () => Promise<void>
}

export function createSearchThreads(spawn: SpawnThread, count: number): SearchThreads {
  let threads: readonly SearchThread[] | undefined
  let isUsable = true

  const started = (): readonly SearchThread[] => {
    threads ??= Array.from({ length: count }, spawn).filter(thread => thread !== undefined)
    return threads
  }
  const stop = async (): Promise<void> => {
    const gone = threads ?? []
    threads = undefined
    await Promise.all(gone.map(thread => thread.stop()))
  }

  return {
    work: async (job, isOver) => {
      const pool = isUsable ? started() : []
      if (pool.length === 0) return false
      for (const thread of pool) thread.hold(true)
      try {
        await Promise.all(pool.map(thread => workOn(thread, job, isOver)))
        return true
      } catch {
        // A thread that can't run here, or died: its batch is lost, so the rest is done in the calling thread, from the start.
        isUsable = false
        await stop()
        return false
      } finally {
        for (const thread of pool) thread.hold(false)
      }
    },
    stop
  }
}
