import { whenAborted } from '@status-stack/utils'
import type { SearchJob } from './search-job.ts'
import type { SearchThreads } from './search-threads.ts'

/** How long a job has the threads while others wait: ten batches, beside which the change costs nothing. */
const turnMs = 100

/** Jobs that share the threads: whoever asks for ten minutes of work keeps nobody else from theirs. */
export interface JobTurns {
  /** Resolves when the job is done; false when there are no threads for it. @throws the reason of the signal, at once while others have their turn */
  readonly run: (job: SearchJob, signal: AbortSignal | undefined) => Promise<boolean>
  /** Resolves when no job is left. */
  readonly idle: () => Promise<void>
}

interface Waiting {
  readonly job: SearchJob
  readonly settle: (hasThreads: boolean) => void
}

/** @param nowMs a monotonic clock, milliseconds */
export function createJobTurns({ work }: Pick<SearchThreads, 'work'>, nowMs = () => performance.now()): JobTurns {
  // BOUNDED: one entry for each search that its caller awaits.
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  /** Nobody whose time is over waits for a turn. */
  const settleDone = (): void => {
    const done = waiting.filter(({ job }) => job.isDone())
    waiting = waiting.filter(entry => !done.includes(entry))
    for (const { settle } of done) settle(true)
  }
  const giveTurns = async (): Promise<void> => {
    // Not in the call that asks: `running` is not set yet.
    await undefined
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      const { job, settle } = entry
      const untilMs = nowMs() + turnMs
      const hasThreads = await work(job, () => waiting.length > 0 && nowMs() >= untilMs)
      if (!hasThreads || job.isDone()) settle(hasThreads)
      else waiting.push(entry)
      settleDone()
    }
    running = undefined
  }

  return {
    run: (job, signal) =>
      new Promise((resolve, reject) => {
        let callOff: () => void = () => undefined
        const entry: Waiting = {
          job,
          settle: hasThreads => {
            callOff()
            if (signal?.aborted === true) reject(signal.reason)
            else resolve(hasThreads)
          }
        }
        waiting.push(entry)
        callOff = whenAborted(signal, () => {
          if (!waiting.includes(entry)) return
          waiting = waiting.filter(other => other !== entry)
          entry.settle(true)
        })
        running ??= giveTurns()
      }),
    idle: async () => running
  }
}
