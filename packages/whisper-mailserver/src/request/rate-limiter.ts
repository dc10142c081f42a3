import { limits } from '../limits.ts'

/** Who asked when: one request of a peer in so many seconds. */
export interface RateLimiter {
  /** Whether this peer may ask now; only a yes counts as its last request. */
  readonly take: (peerId: string, nowMs: number) => boolean
  /** Peers remembered. */
  readonly size: () => number
}

/** 0 seconds: everybody always may. */
export function createRateLimiter(seconds: number): RateLimiter {
  // In the order of the requests, so the oldest come first. BOUNDED: limits.trackedPeers, swept at each use.
  const asked = new Map<string, number>()
  const sweep = (nowMs: number): void => {
    for (const [peerId, at] of asked) {
      if (nowMs - at <= seconds * 1000 && asked.size < limits.trackedPeers) return
      asked.delete(peerId)
    }
  }
  return {
    take: (peerId, nowMs) => {
      if (seconds === 0) return true
      const at = asked.get(peerId)
      if (at !== undefined && nowMs - at <= seconds * 1000) return false
      asked.delete(peerId)
      sweep(nowMs)
      asked.set(peerId, nowMs)
      return true
    },
    size: () => asked.size
  }
}
