import type { Clock } from '../ports.ts'
import { createInThreadSearcher, estimateAt } from './in-thread.ts'
import { createJobTurns } from './job-turns.ts'
import type { SpawnThread } from './protocol.ts'
import { createJob, type SearchJob } from './search-job.ts'
import { createSearchThreads } from './search-threads.ts'
import type { BestFound, PowSearcher, SearchOptions } from './searcher.ts'

/** Nonces tried in the calling thread first: most messages are done there, long before a thread has started. */
const inThreadNonces = 16_384
const calibrationNonces = 65_536

/**
 * Searches on several threads, which long searches have in turns. Where threads can't be started, everything happens in the calling thread.
 */
export function createThreadSearcher(clock: Clock, spawn: SpawnThread, count: number): PowSearcher {
  const here = createInThreadSearcher(clock)
  const threads = createSearchThreads(spawn, count)
  const turns = createJobTurns(threads)
  let jobs = 0
  let speed: number | undefined

  const jobOf = (
    prefix: Uint8Array,
    want: SearchJob['want'],
    options: SearchOptions,
    endMs: number,
    firstNonce: number
  ): SearchJob => createJob({ id: ++jobs, prefix, want, clock, endMs, firstNonce, options })

  /** Nonces per second, or `undefined` without threads. */
  const measureOnce = async (most: number): Promise<number | undefined> => {
    const endless = jobOf(new Uint8Array(316), 256, { timeMs: 0 }, Number.POSITIVE_INFINITY, 0)
    const job: SearchJob = { ...endless, isDone: () => job.next >= most }
    const began = performance.now()
    if (!(await turns.run(job, undefined))) return undefined
    return job.tries / Math.max(1e-3, (performance.now() - began) / 1000)
  }
  const measure = async (): Promise<number> => {
    // The first round starts threads and warms their code up.
    await measureOnce(calibrationNonces)
    return (await measureOnce(2 * calibrationNonces)) ?? (await here.estimate(1, 1, 1)).triesPerSecond
  }

  return {
    search: async (prefix, bits, options) => {
      const endMs = clock.nowMs() + options.timeMs
      const early = await here.search(prefix, bits, { ...options, mostNonces: inThreadNonces })
      const left = (): number => endMs - clock.nowMs()
      if (early !== undefined || left() <= 0) return early
      const job = jobOf(prefix, bits, options, endMs, inThreadNonces)
      if (await turns.run(job, options.signal)) return job.best && BigInt(job.best.nonce)
      return here.search(prefix, bits, { ...options, timeMs: left(), firstNonce: inThreadNonces })
    },
    best: async (prefix, options): Promise<BestFound> => {
      const job = jobOf(prefix, 'best', options, clock.nowMs() + options.timeMs, 0)
      if (!(await turns.run(job, options.signal))) return here.best(prefix, options)
      return job.best === undefined ? here.best(prefix, { timeMs: 0 }) : { ...job.best, nonce: BigInt(job.best.nonce) }
    },
    estimate: async (target, size, ttlSeconds) => {
      speed ??= await measure()
      return estimateAt(speed, target, size, ttlSeconds)
    },
    stop: async () => {
      await turns.idle()
      await threads.stop()
    }
  }
}
