import { type BoundedMap, createBoundedMap, createTokenBucket, type TokenBucket } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { ResolvedOptions } from '../options.ts'
import type { PeerLink } from '../ports.ts'
import { topicNumber } from '../topic.ts'

/** The limits of one link. */
export interface LinkLimiter {
  /** One packet of so many bytes: 0 to go on, otherwise how long to wait and whose limit it was. */
  readonly packet: (nowMs: number, bytes?: number) => { readonly waitMs: number; readonly scope: 'address' | 'peer' }
  /** Work that a packet turned out to hold: so many envelopes. Later packets wait for it. */
  readonly charge: (nowMs: number, envelopes: number) => void
  /** Whether one more envelope of this topic may come from this peer now. */
  readonly topic: (topic: Uint8Array, nowMs: number) => boolean
}

export interface RateLimiter {
  readonly open: (link: PeerLink, nowMs: number) => LinkLimiter
}

const unlimited: LinkLimiter = Object.freeze({
  packet: () => ({ waitMs: 0, scope: 'peer' as const }),
  charge: () => undefined,
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

/** The bucket of a key, made when there is none; it becomes the last to be forgotten. */
function bucketOf<K>(buckets: BoundedMap<K, TokenBucket>, key: K, make: () => TokenBucket): TokenBucket {
  const found = buckets.touch(key)
  if (found !== undefined) return found
  const bucket = make()
  buckets.set(key, bucket)
  return bucket
}

/** Microseconds in a millisecond: the work option is in milliseconds, costs are in microseconds. */
const usPerMs = 1000

/** Work of a packet before its content is known, as go-ethereum would need for it, in microseconds. */
function workOf(bytes: number): number {
  return limits.packetCostUs + bytes * limits.byteCostUs
}

export function createRateLimiter(options: ResolvedOptions): RateLimiter {
  const { rateLimitPerAddress, rateLimitPerPeer, rateLimitPerTopic, rateLimitWorkPerPeer } = options
  const exempt = new Set(options.rateLimitExempt)
  const perKey = { maxEntries: limits.trackedAddresses }
  // They outlive links: reconnecting does not refill a bucket.
  const addresses = createBoundedMap<string, TokenBucket>(perKey)
  const ids = createBoundedMap<string, TokenBucket>(perKey)
  const work = createBoundedMap<string, TokenBucket>(perKey)
  return {
    open: (link, nowMs) => {
      const { peerId, remoteAddress, flags } = link
      if (exempt.has(peerId)) return unlimited
      if (remoteAddress !== undefined && exempt.has(remoteAddress)) return unlimited
      const byAddress = rateLimitPerAddress > 0 && remoteAddress !== undefined && !isLocalAddress(remoteAddress)
      const topics = createBoundedMap<number, TokenBucket>({ maxEntries: limits.trackedTopics })
      const isExempt = (): boolean => flags.static || flags.trusted
      const workBucket = (): TokenBucket =>
        bucketOf(work, peerId, () => createTokenBucket(rateLimitWorkPerPeer * usPerMs, nowMs))
      return {
        packet: (now, bytes = 0) => {
          if (isExempt()) return { waitMs: 0, scope: 'peer' }
          if (byAddress) {
            const waitMs = bucketOf(addresses, remoteAddress, () => createTokenBucket(rateLimitPerAddress, nowMs)).take(
              now
            )
            if (waitMs > 0) return { waitMs, scope: 'address' }
          }
          if (rateLimitPerPeer > 0) {
            const waitMs = bucketOf(ids, peerId, () => createTokenBucket(rateLimitPerPeer, nowMs)).take(now)
            if (waitMs > 0) return { waitMs, scope: 'peer' }
          }
          return { waitMs: rateLimitWorkPerPeer === 0 ? 0 : workBucket().take(now, workOf(bytes)), scope: 'peer' }
        },
        charge: (now, envelopes) => {
          if (rateLimitWorkPerPeer > 0 && !isExempt()) workBucket().charge(now, envelopes * limits.envelopeCostUs)
        },
        topic: (topic, now) => {
          if (rateLimitPerTopic === 0 || isExempt()) return true
          return bucketOf(topics, topicNumber(topic), () => createTokenBucket(rateLimitPerTopic, now)).take(now) === 0
        }
      }
    }
  }
}
