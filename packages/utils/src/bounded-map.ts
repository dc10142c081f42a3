/** Bounds of a map that outsiders fill. */
export interface BoundedMapOptions<K, V> {
  /** Most entries. */
  readonly maxEntries: number
  /** Most bytes over all entries, as `sizeOf` counts them. @default no limit */
  readonly maxBytes?: number | undefined
  /** Bytes that an entry really holds, overhead included. Needed with `maxBytes`. */
  readonly sizeOf?: ((value: V, key: K) => number) | undefined
  /** Milliseconds for which an entry is kept that is neither set nor touched: what is older goes while others are set. @default no limit */
  readonly maxIdleMs?: number | undefined
  /** The time, ms. Needed with `maxIdleMs`. */
  readonly nowMs?: (() => number) | undefined
  /** Told of each entry that was evicted, to make room or by its age; not of those that were deleted. */
  readonly evicted?: ((key: K, value: V) => void) | undefined
}

/** Entries that go by their age in one `set`: more than come, and few enough for one turn. */
const agedAtOnce = 8

interface Entry<V> {
  readonly value: V
  readonly bytes: number
  /** When it was set or touched last. */
  usedMs: number
}

/** A map whose least recently set or touched entries make room for new ones. Iterates from the next to go to the latest. */
export interface BoundedMap<K, V> extends Iterable<readonly [K, V]> {
  /** The value, whose place in the order stays. */
  readonly get: (key: K) => V | undefined
  /** Whether there is a value; the order stays. */
  readonly has: (key: K) => boolean
  /** The value, which becomes the last to go. */
  readonly touch: (key: K) => V | undefined
  /** Sets a value, which becomes the last to go. Returns `false`, and changes nothing, when it alone is over `maxBytes`. */
  readonly set: (key: K, value: V) => boolean
  /** Whether there was a value. */
  readonly delete: (key: K) => boolean
  /** Forgets everything. */
  readonly clear: () => void
  /** Entries. */
  readonly size: () => number
  /** Bytes of all entries, 0 without `sizeOf`. */
  readonly bytes: () => number
}

/**
 * A map that evicts what was used least recently once it is over a bound.
 * @example
 * ```ts
 * const seen = createBoundedMap<string, number>({ maxEntries: 10_000 })
 * seen.set(address, now)
 * ```
 */
export function createBoundedMap<K, V>(options: BoundedMapOptions<K, V>): BoundedMap<K, V> {
  const { maxEntries, maxBytes = Number.POSITIVE_INFINITY, sizeOf = () => 0, evicted } = options
  const { maxIdleMs = Number.POSITIVE_INFINITY, nowMs = () => 0 } = options
  // BOUNDED: by maxEntries and maxBytes, both applied in `set`.
  const entries = new Map<K, Entry<V>>()
  let total = 0
  const remove = (key: K): boolean => {
    const found = entries.get(key)
    if (found === undefined) return false
    total -= found.bytes
    return entries.delete(key)
  }
  const evict = (key: K, { value }: Entry<V>): void => {
    remove(key)
    evicted?.(key, value)
  }
  const evictAged = (now: number): void => {
    if (maxIdleMs === Number.POSITIVE_INFINITY) return
    let gone = 0
    for (const [oldest, entry] of entries) {
      if (now - entry.usedMs <= maxIdleMs || ++gone > agedAtOnce) return
      evict(oldest, entry)
    }
  }
  const evictFor = (bytes: number): void => {
    if (entries.size < maxEntries && total + bytes <= maxBytes) return
    for (const [oldest, entry] of entries) {
      if (entries.size < maxEntries && total + bytes <= maxBytes) return
      evict(oldest, entry)
    }
  }
  return {
    get: key => entries.get(key)?.value,
    has: key => entries.has(key),
    touch: key => {
      const found = entries.get(key)
      if (found === undefined) return undefined
      entries.delete(key)
      found.usedMs = nowMs()
      entries.set(key, found)
      return found.value
    },
    set: (key, value) => {
      const bytes = sizeOf(value, key)
      if (bytes > maxBytes || maxEntries < 1) return false
      const usedMs = nowMs()
      remove(key)
      evictFor(bytes)
      evictAged(usedMs)
      entries.set(key, { value, bytes, usedMs })
      total += bytes
      return true
    },
    delete: remove,
    clear: () => {
      entries.clear()
      total = 0
    },
    size: () => entries.size,
    bytes: () => total,
    *[Symbol.iterator]() {
      for (const [key, { value }] of entries) yield [key, value] as const
    }
  }
}
