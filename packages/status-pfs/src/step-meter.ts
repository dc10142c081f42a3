import { bytesToHex } from '@status-stack/crypto'
import { createBoundedMap, createTokenBucket, type TokenBucket } from '@status-stack/utils'
import { limits } from './limits.ts'

/** Chain steps that are left for one message; taken from while it is tried. */
export interface StepBudget {
  steps: number
}

/** What each identity's messages may cost. In memory only: a restart forgives. */
export interface StepMeter {
  /** Opens one message within the budget of its sender and charges what was used. */
  readonly run: <T>(identity: Uint8Array, nowMs: number, work: (budget: StepBudget) => Promise<T>) => Promise<T>
}

export function createStepMeter(): StepMeter {
  // BOUNDED: maxMeteredPeers
  const buckets = createBoundedMap<string, TokenBucket>({ maxEntries: limits.maxMeteredPeers })
  return {
    run: async (identity, nowMs, work) => {
      const key = bytesToHex(identity)
      const bucket = buckets.touch(key) ?? createTokenBucket(limits.stepsPerSecond, nowMs, limits.maxStepsPerPeer)
      // BOUNDED: maxStepsPerMessage, maxStepsPerPeer
      const allowed = bucket.waitMs(nowMs) === 0 ? limits.maxStepsPerMessage : 0
      const budget = { steps: allowed }
      try {
        return await work(budget)
      } finally {
        const used = allowed - budget.steps
        if (used > 0) {
          bucket.charge(nowMs, used)
          buckets.set(key, bucket)
        }
      }
    }
  }
}
