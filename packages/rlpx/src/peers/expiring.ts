import type { Clock } from '../ports.ts'

/** Keys that are remembered for a while; at most `most`, the one that expires first makes room. */
export interface ExpiringSet {
  readonly add: (key: string, forMs: number) => void
  readonly has: (key: string) => boolean
  readonly delete: (key: string) => void
  readonly size: () => number
}

/** BOUNDED: never more than `most` keys. */
export function createExpiringSet(clock: Clock, most: number): ExpiringSet {
  const until = new Map<string, number>()
  const sweep = (): void => {
    const now = clock.nowMs()
    for (const [key, end] of until) if (end <= now) until.delete(key)
    if (until.size < most) return
    const first = [...until].reduce((a, b) => (b[1] < a[1] ? b : a))
    until.delete(first[0])
  }
  return {
    add: (key, forMs) => {
      if (!until.has(key) && until.size >= most) sweep()
      until.set(key, clock.nowMs() + forMs)
    },
    has: key => {
      const end = until.get(key)
      if (end === undefined) return false
      if (end > clock.nowMs()) return true
      until.delete(key)
      return false
    },
    delete: key => {
      until.delete(key)
    },
    size: () => until.size
  }
}
