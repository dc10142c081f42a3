import type { Clock, Scheduler } from '@status-stack/interface'
import { createBoundedMap, createTokenBucket, delay, type TokenBucket } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Asker } from './asker.ts'

/** What requests cost, by address: opening one takes work, and so does finding and sending what it asks for. */
export interface CostLimiter {
  /** Waits until one more request is affordable; the link is not read meanwhile, so a flood slows only itself down. */
  readonly wait: (asker: Asker, signal?: AbortSignal) => Promise<void>
  /** Bytes that an answer has sent; later requests wait for them. */
  readonly sent: (asker: Asker, bytes: number) => void
  /** What a store found, as it comes; the time that it takes is paid by later requests, also when nothing is found. */
  readonly timed: <T>(asker: Asker, found: AsyncIterable<T>) => AsyncIterable<T>
}

export function createCostLimiter(clock: Clock, scheduler: Scheduler): CostLimiter {
  const { costPerSecond, costSaved, costOfRequest, bytesPerCost, storeMsPerCost, trackedPeers } = limits
  // BOUNDED: limits.trackedPeers
  const buckets = createBoundedMap<string, TokenBucket>({ maxEntries: trackedPeers })
  const bucketOf = ({ address, peerId }: Asker): TokenBucket => {
    const key = address ?? peerId
    const found = buckets.touch(key)
    if (found !== undefined) return found
    const bucket = createTokenBucket(costPerSecond, clock.nowMs(), costSaved)
    buckets.set(key, bucket)
    return bucket
  }
  const charge = (asker: Asker, cost: number): void => bucketOf(asker).charge(clock.nowMs(), cost)
  async function* timed<T>(asker: Asker, found: AsyncIterable<T>): AsyncGenerator<T> {
    let since = clock.nowMs()
    const pay = (): void => {
      // A store that stalls is not the asker's fault: one step costs no more than can be saved up.
      charge(asker, Math.min(costSaved, Math.max(0, clock.nowMs() - since) / storeMsPerCost))
    }
    let isReading = true
    try {
      for await (const each of found) {
        pay()
        isReading = false
        yield each
        isReading = true
        since = clock.nowMs()
      }
    } finally {
      if (isReading) pay()
    }
  }
  return {
    timed,
    wait: async (asker, signal) => {
      const bucket = bucketOf(asker)
      for (;;) {
        const waitMs = bucket.take(clock.nowMs(), costOfRequest)
        if (waitMs === 0 || signal?.aborted === true) return
        await delay(scheduler, waitMs, signal)
      }
    },
    sent: (asker, bytes) => charge(asker, bytes / bytesPerCost)
  }
}
