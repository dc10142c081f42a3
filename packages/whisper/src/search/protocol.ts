import { type NonceSearch, prepareNonceSearch } from '@status-stack/crypto'

/** What a search thread is asked: one batch of a job. The prefix comes with the job's first batch only. */
export interface BatchRequest {
  readonly job: number
  readonly prefix?: Uint8Array
  /** Leading zero bits to reach; `best`: the most that can be found. */
  readonly want: number | 'best'
  readonly start: number
  readonly count: number
}

/** What it answers. */
export interface BatchAnswer {
  readonly job: number
  readonly start: number
  /** −1: none in this batch. */
  readonly nonce: number
  /** Leading zero bits of `nonce`, for `best`. */
  readonly bits: number
  readonly tookMs: number
}

/** A search thread as the pool sees it. */
export interface SearchThread {
  /** One batch at a time. Rejects when the thread is gone. */
  readonly run: (request: BatchRequest) => Promise<BatchAnswer>
  /** Whether the thread keeps the process alive: it should while a search waits for it, and only then. */
  readonly hold: (alive: boolean) => void
  readonly stop: () => Promise<void>
}

/** Starts search threads; `undefined` where there are none. */
export type SpawnThread = () => SearchThread | undefined

/** The work of a thread, without the thread: keeps the last job's prepared prefix. */
export function createBatchHandler(): (request: BatchRequest) => BatchAnswer {
  let current: { readonly job: number; readonly search: NonceSearch } | undefined
  return ({ job, prefix, want, start, count }) => {
    const began = performance.now()
    if (prefix !== undefined) current = { job, search: prepareNonceSearch(prefix) }
    if (current?.job !== job) throw new Error('search thread: batch of an unknown job')
    const { search } = current
    const found = want === 'best' ? search.best(start, count) : { nonce: search.search(want, start, count), bits: want }
    return { job, start, nonce: Number(found.nonce), bits: found.bits, tookMs: performance.now() - began }
  }
}
