import { addressKey } from '@status-stack/rlpx/carrier'
import { createBoundedMap } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'

/**
 * What may be sent to addresses that have proved nothing. The source of a datagram can be forged: whoever answers more bytes than
 * it received helps to flood a third party.
 */
export interface ReflectionBudget {
  /** Bytes came from that address, or from somebody in its name. */
  readonly received: (address: string, bytes: number) => void
  /** Whether that many bytes may go there now; takes them from the budget if so. */
  readonly take: (address: string, bytes: number) => boolean
  readonly size: () => number
}

interface Entry {
  readonly credit: number
  readonly atMs: number
}

/** Each address may be sent what came from it, and a small credit beyond that, which grows back slowly. */
export function createReflectionBudget(clock: Clock): ReflectionBudget {
  // BOUNDED: `limits.unprovenAddresses`, least recently heard of evicted first.
  const entries = createBoundedMap<string, Entry>({ maxEntries: limits.unprovenAddresses })
  const creditOf = (key: string): number => {
    const entry = entries.get(key)
    if (entry === undefined) return limits.unprovenCreditBytes
    const seconds = Math.max(clock.nowMs() - entry.atMs, 0) / 1000
    // What is left over from large packets is kept; only the growth ends at the first credit.
    const grown = Math.min(entry.credit + seconds * limits.unprovenBytesPerSecond, limits.unprovenCreditBytes)
    return Math.max(grown, entry.credit)
  }
  const set = (key: string, credit: number): void => {
    entries.set(key, { credit: Math.min(credit, limits.unprovenMaxBytes), atMs: clock.nowMs() })
  }
  return {
    received: (address, bytes) => {
      const key = addressKey(address)
      set(key, creditOf(key) + bytes)
    },
    take: (address, bytes) => {
      const key = addressKey(address)
      const credit = creditOf(key)
      if (credit < bytes) return false
      set(key, credit - bytes)
      return true
    },
    size: entries.size
  }
}
