import type { Clock, Scheduler } from '@status-stack/interface'
import { createBoundedMap, createTokenBucket, delay, type TokenBucket } from '@status-stack/utils'
import { hardLimits } from '../limits.ts'
import type { Asker } from './asker.ts'

/** What requests cost, by address: opening one takes work, and so does sending what it asks for. */
export interface CostLimiter {
  /** Waits until one more request is affordable; the link is not read meanwhile, so a flood slows only itself down. */
  readonly wait: (asker: Asker, signal?: AbortSignal) => Promise<void>
  /** Bytes that an answer has sent; later requests wait for them. */
  readonly sent: (asker: Asker, bytes: number) => void
}

export function createCostLimiter(clock: Clock, scheduler: Scheduler): CostLimiter {
  const { costPerSecond, costSaved, costOfRequest, bytesPerCost, trackedPeers } = hardLimits
  // BOUNDED: hardLimits.trackedPeers
  const buckets = createBoundedMap<string, TokenBucket>({ maxEntries: trackedPeers })
  const bucketOf = ({ address, peerId }: Asker): TokenBucket => {
    const key = address ?? peerId
    const found = buckets.touch(key)
    if (found !== undefined) return found
    const bucket = createTokenBucket(costPerSecond, clock.nowMs(), costSaved)
    buckets.set(key, bucket)
    return bucket
  }
  return {
    wait: async (asker, signal) => {
      const bucket = bucketOf(asker)
      for (;;) {
        const waitMs = bucket.take(clock.nowMs(), costOfRequest)
        if (waitMs === 0 || signal?.aborted === true) return
        await delay(scheduler, waitMs, signal)
      }
    },
    sent: (asker, bytes) => bucketOf(asker).charge(clock.nowMs(), bytes / bytesPerCost)
  }
}
