import { createBoundedMap } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Archiving, PooledEnvelope } from './pooled-envelope.ts'

/** What is remembered of envelopes that have left the pool, so that a repeat is known as one. */
export interface Gone {
  readonly evicted: (entry: PooledEnvelope) => void
  readonly expired: (entry: PooledEnvelope) => void
  /** Evicted, and not expired since. */
  readonly wasEvicted: (id: string) => boolean
  readonly hasExpired: (id: string) => boolean
  readonly archivingOf: (id: string) => Archiving | undefined
  /** Forgets what is over. To be called when nothing of the pool has to expire first. */
  readonly sweep: (nowSeconds: number) => void
}

type Remembered = Pick<PooledEnvelope, 'expiry' | 'archiving'>

export function createGone(): Gone {
  const evicted = createBoundedMap<string, Remembered>({ maxEntries: limits.evictedHashes })
  const expired = createBoundedMap<string, Remembered>({ maxEntries: limits.expiredHashes })
  return {
    evicted: ({ id, expiry, archiving }) => void evicted.set(id, { expiry, archiving }),
    expired: ({ id, expiry, archiving }) => void expired.set(id, { expiry, archiving }),
    wasEvicted: evicted.has,
    hasExpired: expired.has,
    archivingOf: id => (evicted.get(id) ?? expired.get(id))?.archiving,
    sweep: nowSeconds => {
      for (const [id, remembered] of evicted) {
        if (remembered.expiry >= nowSeconds) continue
        evicted.delete(id)
        expired.set(id, remembered)
      }
      // In the order in which they were put in: nearly that of their expiry.
      for (const [id, { expiry, archiving }] of expired) {
        if (expiry + limits.expiredSeconds >= nowSeconds) break
        if (archiving?.stored === undefined) expired.delete(id)
      }
    }
  }
}
