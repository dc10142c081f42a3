import { createHeap } from '@status-stack/utils'
import type { Clock } from '../ports.ts'

/** Keys that are remembered for a while; at most `most`, the one that expires first makes room. */
export interface ExpiringSet {
  readonly add: (key: string, forMs: number) => void
  readonly has: (key: string) => boolean
  readonly delete: (key: string) => void
  readonly size: () => number
}

interface Entry {
  readonly key: string
  readonly end: number
  at: number
}

/** BOUNDED: never more than `most` keys. Full of strangers' addresses, it looks at none but the first for each further one. */
export function createExpiringSet(clock: Clock, most: number): ExpiringSet {
  const entries = new Map<string, Entry>()
  const soonest = createHeap<Entry>((a, b) => a.end - b.end, {
    get: ({ at }) => at,
    set: (entry, at) => {
      entry.at = at
    }
  })
  const remove = (entry: Entry | undefined): void => {
    if (entry === undefined) return
    entries.delete(entry.key)
    soonest.remove(entry)
  }
  return {
    add: (key, forMs) => {
      remove(entries.get(key))
      if (entries.size >= most) remove(soonest.peek())
      const entry = { key, end: clock.nowMs() + forMs, at: 0 }
      entries.set(key, entry)
      soonest.push(entry)
    },
    has: key => {
      const entry = entries.get(key)
      if (entry === undefined) return false
      if (entry.end > clock.nowMs()) return true
      remove(entry)
      return false
    },
    delete: key => remove(entries.get(key)),
    size: () => entries.size
  }
}
