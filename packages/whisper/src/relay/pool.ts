import { createHeap, type TimeSlicer } from '@status-stack/utils'
import type { EnvelopeSpan } from '../packets/envelope-reader.ts'
import { createEnvelopeBytes } from './envelope-bytes.ts'
import { createGone } from './gone.ts'
import type { Archiving, PooledEnvelope } from './pooled-envelope.ts'
import { createTwins } from './twins.ts'

/** A reader of the pool in the order of arrival, which stays where it is while envelopes come and go. */
export interface PoolCursor {
  /** The envelope to look at next. */
  readonly peek: () => PooledEnvelope | undefined
  /** Goes on to the one behind it. */
  readonly skip: () => void
  /** Back to the oldest. */
  readonly rewind: () => void
  readonly close: () => void
}

/** Live envelopes: each once, gone when expired, bounded in what they cost. */
export interface Pool {
  readonly get: (id: string) => PooledEnvelope | undefined
  /** The envelope whose bytes are exactly those of the span, found without their hash. Not found: ask for the id. */
  readonly twinOf: (packet: Uint8Array, span: EnvelopeSpan) => PooledEnvelope | undefined
  /**
   * Puts an envelope in. A full pool gives up the envelopes with the lowest PoW, of equals the one that expires first; `evicted` are
   * those. Not `added`: this envelope itself is worth least, and nothing changed.
   */
  readonly add: (entry: PooledEnvelope) => { readonly added: boolean; readonly evicted: readonly PooledEnvelope[] }
  /** Whether it was evicted and has not expired since: it was delivered once already. */
  readonly wasEvicted: (id: string) => boolean
  /** Whether it was here until it expired, not long ago. */
  readonly hasExpired: (id: string) => boolean
  /** What an archive has of an envelope that is here or was here not long ago. */
  readonly archivingOf: (id: string) => Archiving | undefined
  /** Takes out one envelope whose expiry is below `nowSeconds`, the earliest first; `undefined` when there is none. */
  readonly expireNext: (nowSeconds: number) => PooledEnvelope | undefined
  readonly cursor: () => PoolCursor
  /** The `order` of the envelope that came last, 0 before the first. */
  readonly lastOrder: () => number
  /** Calls `visit` for every envelope that is here now and still here when its turn comes, oldest first, in slices. */
  readonly walk: (visit: (entry: PooledEnvelope) => void | Promise<void>, slicer: TimeSlicer) => Promise<void>
  /** What the envelopes cost, with their overhead. */
  readonly bytes: () => number
  readonly size: () => number
}

/**
 * What an entry costs beside the bytes of its envelope: the record, its id, two heap places, the map's entry, places to be found in by its
 * bytes, the buffer's own objects, and the bits of 256 peers. Measured with a full pool as some 900 bytes on Node 20, rounded up for other
 * engines; a test measures it again.
 */
export const entryOverheadBytes = 1024

/** Bytes that one pooled envelope counts as. */
export function costOf(entry: Pick<PooledEnvelope, 'bytes'>): number {
  return entry.bytes.length + entryOverheadBytes
}

/**
 * What an envelope's work counts for when room is short. A ttl of 0 makes its PoW infinite, at no work at all: such an envelope is
 * relayed as go-ethereum relays it, and ranked last.
 */
export function worthOf(entry: Pick<PooledEnvelope, 'pow' | 'ttl'>): number {
  return entry.ttl === 0 ? -1 : entry.pow
}

function byExpiry(a: PooledEnvelope, b: PooledEnvelope): number {
  return a.expiry - b.expiry
}

function byWorth(a: PooledEnvelope, b: PooledEnvelope): number {
  const worthA = worthOf(a)
  const worthB = worthOf(b)
  return worthA === worthB ? byExpiry(a, b) : worthA < worthB ? -1 : 1
}

/** Entries looked at between two questions for the time. */
const looksPerCheck = 64

/** The order of arrival: a list that readers can stand in while it changes. */
function createArrivals() {
  let first: PooledEnvelope | undefined
  let last: PooledEnvelope | undefined
  let order = 0
  // BOUNDED: one for each peer and one for each walk; walks are one at a time for their owner.
  const cursors = new Set<{ at: PooledEnvelope | undefined }>()
  return {
    append: (entry: PooledEnvelope): void => {
      entry.order = ++order
      entry.previous = last
      if (last === undefined) first = entry
      else last.next = entry
      last = entry
      for (const cursor of cursors) cursor.at ??= entry
    },
    remove: (entry: PooledEnvelope): void => {
      const { next, previous } = entry
      for (const cursor of cursors) if (cursor.at === entry) cursor.at = next
      if (previous === undefined) first = next
      else previous.next = next
      if (next === undefined) last = previous
      else next.previous = previous
      entry.next = undefined
      entry.previous = undefined
    },
    lastOrder: (): number => order,
    cursor: (): PoolCursor => {
      const cursor = { at: first }
      cursors.add(cursor)
      return {
        peek: () => cursor.at,
        skip: () => {
          cursor.at = cursor.at?.next
        },
        rewind: () => {
          cursor.at = first
        },
        close: () => {
          cursors.delete(cursor)
          cursor.at = undefined
        }
      }
    }
  }
}

/**
 * @param maxBytes most that all envelopes may cost, their overhead counted
 */
export function createPool(maxBytes: number): Pool {
  // BOUNDED: maxBytes, by eviction.
  const entries = new Map<string, PooledEnvelope>()
  const arrivals = createArrivals()
  const soonest = createHeap(byExpiry, {
    get: entry => entry.expiryAt,
    set: (entry, at) => {
      entry.expiryAt = at
    }
  })
  const least = createHeap(byWorth, {
    get: entry => entry.worthAt,
    set: (entry, at) => {
      entry.worthAt = at
    }
  })
  const gone = createGone()
  const kept = createEnvelopeBytes()
  const twins = createTwins()
  let bytes = 0

  const remove = (entry: PooledEnvelope): void => {
    kept.release(entry)
    twins.remove(entry)
    entries.delete(entry.id)
    soonest.remove(entry)
    least.remove(entry)
    arrivals.remove(entry)
    bytes -= costOf(entry)
  }
  const insert = (entry: PooledEnvelope): void => {
    kept.keep(entry)
    entries.set(entry.id, entry)
    soonest.push(entry)
    least.push(entry)
    arrivals.append(entry)
    twins.add(entry)
    bytes += costOf(entry)
  }
  /** The least worthy envelopes that have to go for this one; `undefined` if it is not worth more than all of them. */
  const victimsOf = (entry: PooledEnvelope): readonly PooledEnvelope[] | undefined => {
    const victims: PooledEnvelope[] = []
    let room = maxBytes - bytes
    while (room < costOf(entry)) {
      const worst = least.peek()
      if (worst === undefined || byWorth(entry, worst) <= 0) {
        for (const spared of victims) least.push(spared)
        return undefined
      }
      least.remove(worst)
      victims.push(worst)
      room += costOf(worst)
    }
    for (const victim of victims) least.push(victim)
    return victims
  }

  return {
    get: id => entries.get(id),
    twinOf: twins.find,
    add: entry => {
      const evicted = victimsOf(entry)
      if (evicted === undefined) return { added: false, evicted: [] }
      for (const victim of evicted) {
        remove(victim)
        gone.evicted(victim)
      }
      insert(entry)
      return { added: true, evicted }
    },
    wasEvicted: gone.wasEvicted,
    hasExpired: gone.hasExpired,
    archivingOf: id => {
      const entry = entries.get(id)
      return entry === undefined ? gone.archivingOf(id) : entry.archiving
    },
    expireNext: nowSeconds => {
      const entry = soonest.peek()
      if (entry === undefined || entry.expiry >= nowSeconds) {
        gone.sweep(nowSeconds)
        return undefined
      }
      remove(entry)
      gone.expired(entry)
      return entry
    },
    cursor: arrivals.cursor,
    lastOrder: arrivals.lastOrder,
    walk: async (visit, slicer) => {
      const cursor = arrivals.cursor()
      const until = arrivals.lastOrder()
      try {
        let looks = 0
        for (let entry = cursor.peek(); entry !== undefined && entry.order <= until; entry = cursor.peek()) {
          cursor.skip()
          const done = visit(entry)
          if (done !== undefined) await done
          looks += 1
          const pause = looks % looksPerCheck === 0 ? slicer.yielded() : undefined
          if (pause !== undefined) await pause
        }
      } finally {
        cursor.close()
      }
    },
    bytes: () => bytes,
    size: () => entries.size
  }
}
