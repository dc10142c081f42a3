import { hardLimits } from '../limits.ts'
import type { ResolvedOptions } from '../options.ts'
import type { PeerLink } from '../ports.ts'
import { topicNumber } from '../topic.ts'

/** An exact token bucket: `rate` tokens a second, at most one second's worth saved up, full at first. */
export interface TokenBucket {
  /** Takes one token; otherwise the milliseconds until there is one. */
  readonly take: (nowMs: number) => number
}

/** Thousandths of a token: whole numbers for whole rates and milliseconds, so nothing is rounded away. */
const token = 1000

export function createTokenBucket(rate: number, nowMs: number): TokenBucket {
  const capacity = Math.max(1, rate) * token
  let level = capacity
  let at = nowMs
  return {
    take: now => {
      level = Math.min(capacity, level + Math.max(0, now - at) * rate)
      at = Math.max(at, now)
      if (level < token) return Math.ceil((token - level) / rate)
      level -= token
      return 0
    }
  }
}

/** The limits of one link. */
export interface LinkLimiter {
  /** One packet: 0 to go on, otherwise how long to wait and whose limit it was. */
  readonly packet: (nowMs: number) => { readonly waitMs: number; readonly scope: 'address' | 'peer' }
  /** Whether one more envelope of this topic may come from this peer now. */
  readonly topic: (topic: Uint8Array, nowMs: number) => boolean
}

export interface RateLimiter {
  readonly open: (link: PeerLink, nowMs: number) => LinkLimiter
}

const unlimited: LinkLimiter = Object.freeze({
  packet: () => ({ waitMs: 0, scope: 'peer' as const }),
  topic: () => true
})

/** Loopback, link-local and private addresses, v4 and v6: many nodes may live behind one. */
export function isLocalAddress(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:/, '')
  return (
    /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(plain) ||
    plain === '::1' ||
    plain === 'localhost' ||
    /^f[cd][0-9a-f]{2}:|^fe80:/.test(plain)
  )
}

/** The least recently used entry goes when a map is full. */
function bucketOf<K>(buckets: Map<K, TokenBucket>, key: K, most: number, make: () => TokenBucket): TokenBucket {
  const found = buckets.get(key) ?? make()
  buckets.delete(key)
  if (buckets.size >= most) {
    const oldest = buckets.keys().next()
    if (oldest.done !== true) buckets.delete(oldest.value)
  }
  buckets.set(key, found)
  return found
}

export function createRateLimiter(options: ResolvedOptions): RateLimiter {
  const { rateLimitPerAddress, rateLimitPerPeer, rateLimitPerTopic } = options
  const exempt = new Set(options.rateLimitExempt)
  // BOUNDED: hardLimits.trackedAddresses. They outlive links: reconnecting does not refill a bucket.
  const addresses = new Map<string, TokenBucket>()
  const ids = new Map<string, TokenBucket>()
  return {
    open: (link, nowMs) => {
      const { peerId, remoteAddress, flags } = link
      if (flags.static || flags.trusted || exempt.has(peerId)) return unlimited
      if (remoteAddress !== undefined && exempt.has(remoteAddress)) return unlimited
      const byAddress = rateLimitPerAddress > 0 && remoteAddress !== undefined && !isLocalAddress(remoteAddress)
      // BOUNDED: hardLimits.trackedTopics.
      const topics = new Map<number, TokenBucket>()
      return {
        packet: now => {
          if (byAddress) {
            const bucket = bucketOf(addresses, remoteAddress, hardLimits.trackedAddresses, () =>
              createTokenBucket(rateLimitPerAddress, nowMs)
            )
            const waitMs = bucket.take(now)
            if (waitMs > 0) return { waitMs, scope: 'address' }
          }
          if (rateLimitPerPeer === 0) return { waitMs: 0, scope: 'peer' }
          const bucket = bucketOf(ids, peerId, hardLimits.trackedAddresses, () =>
            createTokenBucket(rateLimitPerPeer, nowMs)
          )
          return { waitMs: bucket.take(now), scope: 'peer' }
        },
        topic: (topic, now) => {
          if (rateLimitPerTopic === 0) return true
          const bucket = bucketOf(topics, topicNumber(topic), hardLimits.trackedTopics, () =>
            createTokenBucket(rateLimitPerTopic, now)
          )
          return bucket.take(now) === 0
        }
      }
    }
  }
}
