import type { Envelope } from '../envelope.ts'
import { hardLimits } from '../limits.ts'
import { createHeap } from './heap.ts'

/** A live envelope with everything that relaying asks about it. */
export interface PooledEnvelope {
  readonly envelope: Envelope
  /** The envelope's RLP as received; it owns its memory. */
  readonly bytes: Uint8Array
  /** 32 bytes, and as 64 hex digits. */
  readonly hash: Uint8Array
  readonly id: string
  /** As of its arrival: an envelope from the future keeps its larger ttl. */
  readonly pow: number
  /** 64 bytes, the assigning variant. */
  readonly bloom: Uint8Array
  /** Peers that sent it to us or got it from us. It dies with the entry, so what peers know never outgrows the pool. */
  readonly knownTo: WeakSet<object>
  /** Written here; a light node forwards these only. */
  readonly own: boolean
}

/** Live envelopes: each once, gone when expired, bounded in bytes. */
export interface Pool {
  readonly get: (id: string) => PooledEnvelope | undefined
  readonly values: () => Iterable<PooledEnvelope>
  /**
   * Puts an envelope in. A full pool gives up the envelopes with the lowest PoW, of equals the one that expires first;
   * `evicted` are those. `full`: this envelope itself is the least, nothing changed.
   */
  readonly add: (entry: PooledEnvelope) => { readonly added: boolean; readonly evicted: readonly PooledEnvelope[] }
  /** Whether it was evicted and has not expired since: it was delivered once already. */
  readonly wasEvicted: (id: string) => boolean
  /** Takes out everything whose expiry is below `nowSeconds`. */
  readonly expire: (nowSeconds: number) => readonly PooledEnvelope[]
  readonly bytes: () => number
  readonly size: () => number
}

/** What one entry costs besides its bytes: indexes, hash text, bloom. Counted so that tiny envelopes can't cheat. */
export const entryOverheadBytes = 512

function cost(entry: PooledEnvelope): number {
  return entry.bytes.length + entryOverheadBytes
}

const byExpiry = (a: PooledEnvelope, b: PooledEnvelope): number => a.envelope.expiry - b.envelope.expiry
const byWorth = (a: PooledEnvelope, b: PooledEnvelope): number =>
  a.pow === b.pow ? byExpiry(a, b) : a.pow < b.pow ? -1 : 1

export function createPool(maxBytes: number): Pool {
  // BOUNDED: maxBytes, by eviction. The heaps drop entries lazily; `compact` keeps them within twice the pool.
  const entries = new Map<string, PooledEnvelope>()
  let soonest = createHeap(byExpiry)
  let least = createHeap(byWorth)
  // BOUNDED: hardLimits.evictedHashes, oldest first.
  const evictedIds = new Map<string, number>()
  let bytes = 0

  const live = (entry: PooledEnvelope): boolean => entries.get(entry.id) === entry
  const remove = (entry: PooledEnvelope): void => {
    entries.delete(entry.id)
    bytes -= cost(entry)
  }
  const compact = (): void => {
    if (Math.max(soonest.size(), least.size()) <= 2 * entries.size + 64) return
    soonest = createHeap(byExpiry)
    least = createHeap(byWorth)
    for (const entry of entries.values()) {
      soonest.push(entry)
      least.push(entry)
    }
  }
  const leastLive = (): PooledEnvelope | undefined => {
    for (let top = least.peek(); top !== undefined; top = least.peek()) {
      if (live(top)) return top
      least.pop()
    }
    return undefined
  }
  const rememberEvicted = (entry: PooledEnvelope): void => {
    if (evictedIds.size >= hardLimits.evictedHashes) {
      const oldest = evictedIds.keys().next()
      if (oldest.done !== true) evictedIds.delete(oldest.value)
    }
    evictedIds.set(entry.id, entry.envelope.expiry)
  }

  return {
    get: id => entries.get(id),
    values: () => entries.values(),
    add: entry => {
      const doomed: PooledEnvelope[] = []
      let room = maxBytes - bytes
      while (room < cost(entry)) {
        const worst = leastLive()
        if (worst === undefined || byWorth(entry, worst) <= 0) {
          for (const spared of doomed) least.push(spared)
          return { added: false, evicted: [] }
        }
        least.pop()
        doomed.push(worst)
        room += cost(worst)
      }
      for (const victim of doomed) {
        remove(victim)
        rememberEvicted(victim)
      }
      entries.set(entry.id, entry)
      bytes += cost(entry)
      soonest.push(entry)
      least.push(entry)
      compact()
      return { added: true, evicted: doomed }
    },
    wasEvicted: id => evictedIds.has(id),
    expire: nowSeconds => {
      const gone: PooledEnvelope[] = []
      for (let top = soonest.peek(); top !== undefined; top = soonest.peek()) {
        if (live(top)) {
          if (top.envelope.expiry >= nowSeconds) break
          remove(top)
          gone.push(top)
        }
        soonest.pop()
      }
      for (const [id, expiry] of evictedIds) if (expiry < nowSeconds) evictedIds.delete(id)
      compact()
      return gone
    },
    bytes: () => bytes,
    size: () => entries.size
  }
}
