import type { Clock } from '../ports.ts'
import type { BatchAnswer, BatchRequest, SearchThread } from './protocol.ts'
import type { SearchOptions } from './searcher.ts'

/** How long a batch should take: short enough to stop soon, long enough that messages cost nothing beside it. */
const batchMs = 10
const smallestBatch = 1024
const largestBatch = 1 << 18
const firstBatch = 8192
/** Milliseconds between two progress reports. */
const progressMs = 50

/** A search on threads, as far as it has come. */
export interface SearchJob {
  readonly id: number
  readonly prefix: Uint8Array
  readonly want: number | 'best'
  next: number
  batch: number
  tries: number
  best: { readonly nonce: number; readonly bits: number } | undefined
  /** Found, out of time, or called off. */
  readonly isDone: () => boolean
  readonly report: () => void
}

/** What a job is made of: the time by which it ends, on the searcher's clock, and the first nonce that nobody has tried. */
export interface JobParts {
  readonly id: number
  readonly prefix: Uint8Array
  readonly want: SearchJob['want']
  readonly clock: Clock
  readonly endMs: number
  readonly firstNonce: number
  readonly options: SearchOptions
}

export function createJob({ id, prefix, want, clock, endMs, firstNonce, options }: JobParts): SearchJob {
  const { signal, onProgress } = options
  const expected = want === 'best' ? Number.POSITIVE_INFINITY : 2 ** want
  let reported = performance.now()
  const job: SearchJob = {
    id,
    prefix,
    want,
    next: firstNonce,
    batch: firstBatch,
    tries: firstNonce,
    best: undefined,
    isDone: () => (want !== 'best' && job.best !== undefined) || signal?.aborted === true || clock.nowMs() >= endMs,
    report: () => {
      const now = performance.now()
      if (onProgress === undefined || now - reported < progressMs) return
      reported = now
      onProgress({ tries: job.tries, expected })
    }
  }
  return job
}

function take(job: SearchJob, answer: BatchAnswer, count: number): void {
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
 * Works on a job until it is done or its turn is over. Batches go out in rising order and every batch that went out is waited for, so the smallest
 * hit of those is the smallest nonce of all, whatever the number of threads and turns.
 */
export async function workOn(thread: SearchThread, job: SearchJob, isOver: () => boolean): Promise<void> {
  // With the first batch of each turn: the thread has had another job meanwhile.
  let prefix: Uint8Array | undefined = job.prefix
  while (!job.isDone() && !isOver()) {
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
