import {
  type BoundedMap,
  createBoundedMap,
  createTokenBucket,
  quotaAddress,
  type TokenBucket
} from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { ResolvedOptions } from '../options.ts'
import type { PeerLink } from '../ports.ts'
import { topicNumber } from '../topic.ts'

/** Whose limit it is. */
export type LimitScope = 'address' | 'peer'

/** One packet before the limits of its link. What a bucket has is taken at once; what is missing is waited for. */
export interface PacketCount {
  /** Nothing is missing: `settle` would not wait. */
  readonly isFree: boolean
  /** Whose limits it exceeds. */
  readonly exceeds: Readonly<Record<LimitScope, boolean>>
  /** Takes what is still missing: 0 when nothing is, otherwise how long to wait before the next call, and for whose limit. */
  readonly settle: (nowMs: number) => { readonly waitMs: number; readonly scope: LimitScope }
}

/** The limits of one link. */
export interface LinkLimiter {
  /** Begins to count one packet of so many bytes. */
  readonly begin: (nowMs: number, bytes?: number) => PacketCount
  /** Work that a packet turned out to hold: so many envelopes. Later packets wait for it. */
  readonly charge: (nowMs: number, envelopes: number) => void
  /** Whether one more envelope of this topic may come from this peer now. */
  readonly topic: (topic: Uint8Array, nowMs: number) => boolean
}

/** Counts what peers and addresses send. */
export interface RateLimiter {
  /** Limits of a link, drawn from the buckets of its peer and address, which outlive it. */
  readonly open: (link: Pick<PeerLink, 'peerId' | 'remoteAddress' | 'flags'>, nowMs: number) => LinkLimiter
}

const free: PacketCount = Object.freeze({
  isFree: true,
  exceeds: Object.freeze({ address: false, peer: false }),
  settle: () => ({ waitMs: 0, scope: 'peer' as const })
})

const unlimited: LinkLimiter = Object.freeze({
  begin: () => free,
  charge: () => undefined,
  topic: () => true
})

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

/** One of the buckets that the packets of a link are counted in. */
interface Limit {
  readonly scope: LimitScope
  readonly bucket: () => TokenBucket
  /** What a packet of so many bytes takes of it. */
  readonly costOf: (bytes: number) => number
  /** Most that a packet can take without being over the limit by itself. */
  readonly capacity: number
}

/** What a packet takes of a bucket that did not have it at once. */
interface Missing {
  readonly limit: Limit
  readonly cost: number
}

/** A packet that has to wait for some of its buckets. */
function waitingPacket(missingOfPacket: readonly Missing[]): PacketCount {
  let missing = missingOfPacket
  const has = (wanted: LimitScope): boolean => missingOfPacket.some(({ limit }) => limit.scope === wanted)
  return {
    isFree: false,
    exceeds: { address: has('address'), peer: has('peer') },
    settle: now => {
      let longest: { waitMs: number; scope: LimitScope } = { waitMs: 0, scope: 'peer' }
      missing = missing.filter(({ limit: { scope, bucket }, cost }) => {
        const waitMs = bucket().take(now, cost)
        if (waitMs > longest.waitMs) longest = { waitMs, scope }
        return waitMs > 0
      })
      return longest
    }
  }
}

/** Takes from every bucket that has enough; one that is empty does not keep the others from being counted. */
function countPacket(limitsOfLink: readonly Limit[], nowMs: number, bytes: number): PacketCount {
  let missing: Missing[] | undefined
  for (const limit of limitsOfLink) {
    const cost = limit.costOf(bytes)
    if (cost <= limit.capacity && limit.bucket().take(nowMs, cost) === 0) continue
    missing ??= []
    missing.push({ limit, cost })
  }
  return missing === undefined ? free : waitingPacket(missing)
}

/**
 * Packets, bytes and work of links, each in buckets of its own; 0 switches a limit off.
 *
 * @example
 * ```ts
 * const limiter = createRateLimiter(resolveOptions({ rateLimitPerPeer: 100 })).open(link, Date.now())
 * limiter.begin(Date.now(), payload.length).isFree
 * ```
 */
export function createRateLimiter(options: ResolvedOptions): RateLimiter {
  const { rateLimitPerAddress, rateLimitPerPeer, rateLimitPerTopic, rateLimitWorkPerPeer } = options
  const { byteLimitPerAddress, byteLimitPerPeer } = options
  const exempt = new Set(options.rateLimitExempt)
  // They outlive links: reconnecting does not refill a bucket.
  const buckets = () => createBoundedMap<string, TokenBucket>({ maxEntries: limits.trackedAddresses })
  const [addresses, ids, addressBytes, peerBytes, work] = [buckets(), buckets(), buckets(), buckets(), buckets()]
  return {
    open: (link, openedMs) => {
      const { peerId, remoteAddress, flags } = link
      if (exempt.has(peerId)) return unlimited
      if (remoteAddress !== undefined && exempt.has(remoteAddress)) return unlimited
      const address = quotaAddress(remoteAddress)
      const topics = createBoundedMap<number, TokenBucket>({ maxEntries: limits.trackedTopics })
      const isExempt = (): boolean => flags.static || flags.trusted
      const limit = (
        scope: LimitScope,
        key: string | undefined,
        perSecond: number,
        kept: BoundedMap<string, TokenBucket>,
        costOf: (bytes: number) => number,
        capacity: number
      ): readonly Limit[] => {
        if (key === undefined || perSecond === 0) return []
        const make = (): TokenBucket => createTokenBucket(perSecond, openedMs)
        return [{ scope, costOf, capacity, bucket: () => bucketOf(kept, key, make) }]
      }
      const any = Number.POSITIVE_INFINITY
      const one = (): number => 1
      const same = (bytes: number): number => bytes
      const workLimits = limit('peer', peerId, rateLimitWorkPerPeer * usPerMs, work, workOf, any)
      const limitsOfLink: readonly Limit[] = [
        ...limit('address', address, rateLimitPerAddress, addresses, one, any),
        ...limit('peer', peerId, rateLimitPerPeer, ids, one, any),
        ...limit('address', address, byteLimitPerAddress, addressBytes, same, byteLimitPerAddress),
        ...limit('peer', peerId, byteLimitPerPeer, peerBytes, same, byteLimitPerPeer),
        ...workLimits
      ]
      return {
        begin: (now, bytes = 0) => (isExempt() ? free : countPacket(limitsOfLink, now, bytes)),
        charge: (now, envelopes) => {
          if (isExempt()) return
          for (const { bucket } of workLimits) bucket().charge(now, envelopes * limits.envelopeCostUs)
        },
        topic: (topic, now) => {
          if (rateLimitPerTopic === 0 || isExempt()) return true
          return bucketOf(topics, topicNumber(topic), () => createTokenBucket(rateLimitPerTopic, now)).take(now) === 0
        }
      }
    }
  }
}
