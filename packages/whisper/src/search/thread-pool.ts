import type { Clock } from '../ports.ts'
import { createInThreadSearcher, estimateAt } from './in-thread.ts'
import type { BatchAnswer, BatchRequest, SearchThread, SpawnThread } from './protocol.ts'
import type { BestFound, PowSearcher, SearchOptions } from './searcher.ts'

/** Nonces tried in the calling thread first: most messages are done there, long before a thread has started. */
const inThreadNonces = 16_384
/** How long a batch should take: short enough to stop soon, long enough that messages cost nothing beside it. */
const batchMs = 10
const smallestBatch = 1024
const largestBatch = 1 << 18
const firstBatch = 8192
/** Milliseconds between two progress reports. */
const progressMs = 50
const calibrationNonces = 65_536

interface Job {
  readonly id: number
  readonly prefix: Uint8Array
  readonly want: number | 'best'
  next: number
  batch: number
  tries: number
  best: { readonly nonce: number; readonly bits: number } | undefined
  readonly done: () => boolean
  readonly report: () => void
}

function take(job: Job, answer: BatchAnswer, count: number): void {
  job.tries += count
  if (answer.tookMs < batchMs / 2) job.batch = Math.min(largestBatch, job.batch * 2)
  else if (answer.tookMs > 2 * batchMs) job.batch = Math.max(smallestBatch, job.batch >> 1)
  if (answer.nonce >= 0) {
    const { best } = job
    const better =
      best === undefined || answer.bits > best.bits || (answer.bits === best.bits && answer.nonce < best.nonce)
    if (better) job.best = { nonce: answer.nonce, bits: answer.bits }
  }
  job.report()
}

/**
 * Batches go out in rising order and every batch that went out is waited for, so the smallest hit of those is the
 * smallest nonce of all, whatever the number of threads.
 */
async function work(thread: SearchThread, job: Job): Promise<void> {
  let prefix: Uint8Array | undefined = job.prefix
  while (!job.done()) {
    const start = job.next
    const count = job.batch
    job.next += count
    const request: BatchRequest = {
      job: job.id,
      want: job.want,
      start,
      count,
      ...(prefix === undefined ? {} : { prefix })
    }
    prefix = undefined
    take(job, await thread.run(request), count)
  }
}

/**
 * Searches on several threads. One job at a time; jobs wait for their turn. Where threads can't be started, everything
 * happens in the calling thread.
 */
export function createThreadSearcher(clock: Clock, spawn: SpawnThread, count: number): PowSearcher {
  const here = createInThreadSearcher(clock)
  let threads: readonly SearchThread[] | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let jobs = 0
  let speed: number | undefined
  let stopped = false
  let broken = false

  const started = (): readonly SearchThread[] => {
    threads ??= Array.from({ length: count }, spawn).filter(thread => thread !== undefined)
    return threads
  }
  const retire = async (): Promise<void> => {
    const gone = threads ?? []
    threads = undefined
    await Promise.all(gone.map(thread => thread.stop()))
  }

  const runJob = async (pool: readonly SearchThread[], job: Job): Promise<void> => {
    for (const thread of pool) thread.hold(true)
    try {
      await Promise.all(pool.map(thread => work(thread, job)))
    } finally {
      for (const thread of pool) thread.hold(false)
    }
  }

  /** Runs a job when its turn comes; `false` when there are no threads to run it on. */
  const onThreads = (job: Job, options: SearchOptions): Promise<boolean> => {
    const run = turn.then(async () => {
      options.signal?.throwIfAborted()
      const pool = stopped || broken ? [] : started()
      if (pool.length === 0) return false
      try {
        await runJob(pool, job)
      } catch {
        // A thread that can't run here, or died: its batch is lost, so the rest is done in this thread, from the start.
        broken = true
        await retire()
        return false
      }
      options.signal?.throwIfAborted()
      return true
    })
    turn = run.catch(() => undefined)
    return run
  }

  const jobOf = (prefix: Uint8Array, want: Job['want'], options: SearchOptions, end: number, start: number): Job => {
    const expected = want === 'best' ? Number.POSITIVE_INFINITY : 2 ** want
    let reported = performance.now()
    const job: Job = {
      id: ++jobs,
      prefix,
      want,
      next: start,
      batch: firstBatch,
      tries: start,
      best: undefined,
      done: () =>
        (want !== 'best' && job.best !== undefined) || options.signal?.aborted === true || clock.nowMs() >= end,
      report: () => {
        const now = performance.now()
        if (options.onProgress === undefined || now - reported < progressMs) return
        reported = now
        options.onProgress({ tries: job.tries, expected })
      }
    }
    return job
  }

  return {
    search: async (prefix, bits, options) => {
      const end = clock.nowMs() + options.timeMs
      const early = await here.search(prefix, bits, { ...options, mostNonces: inThreadNonces })
      const left = (): number => end - clock.nowMs()
      if (early !== undefined || left() <= 0) return early
      const job = jobOf(prefix, bits, options, end, inThreadNonces)
      if (await onThreads(job, options)) return job.best && BigInt(job.best.nonce)
      return here.search(prefix, bits, { ...options, timeMs: left(), firstNonce: inThreadNonces })
    },
    best: async (prefix, options): Promise<BestFound> => {
      const job = jobOf(prefix, 'best', options, clock.nowMs() + options.timeMs, 0)
      if (!(await onThreads(job, options))) return here.best(prefix, options)
      return job.best === undefined ? here.best(prefix, { timeMs: 0 }) : { ...job.best, nonce: BigInt(job.best.nonce) }
    },
    estimate: async (target, size, ttlSeconds) => {
      speed ??= await measure()
      return estimateAt(speed, target, size, ttlSeconds)
    },
    stop: async () => {
      stopped = true
      await turn
      await retire()
    }
  }

  async function measure(): Promise<number> {
    for (let round = 0; ; round++) {
      const rate = await measureOnce(round)
      if (rate === undefined) return (await here.estimate(1, 1, 1)).triesPerSecond
      // The first round starts threads and warms their code up.
      if (round > 0) return rate
    }
  }

  async function measureOnce(round: number): Promise<number | undefined> {
    const most = calibrationNonces * (round + 1)
    const job: Job = {
      ...jobOf(new Uint8Array(316), 256, { timeMs: 0 }, Number.POSITIVE_INFINITY, 0),
      done: () => job.next >= most
    }
    const began = performance.now()
    if (!(await onThreads(job, { timeMs: 0 }))) return undefined
    return job.tries / Math.max(1e-3, (performance.now() - began) / 1000)
  }
}
