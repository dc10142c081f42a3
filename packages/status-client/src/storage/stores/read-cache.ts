import type { Clock } from '@status-stack/interface'
import { createBoundedMap } from '@status-stack/utils'
import { limits } from '../../limits.ts'
import type { KeyValue } from './key-value.ts'

/** What an entry costs beside its value: its key, and its place in the map, bytes. */
const entryBytes = 256

/** A read under way: whether its answer is still what the database holds. */
interface Reading {
  stale: boolean
}

/** Writes of one key under way. */
interface Writing {
  count: number
  /** There were two at once: only the database knows which came last. */
  overlapped: boolean
}

/**
 * Keeps what was lately read or written, as it lies on the disk: encrypted. One message reads the same dozen records again and again,
 * and each read of a database is a task for another thread. Only this process writes to the database.
 */
export function cacheReads(kv: KeyValue, { nowMs }: Clock): KeyValue {
  const cached = createBoundedMap<string, Uint8Array | undefined>({
    maxEntries: limits.readCacheEntries,
    maxBytes: limits.readCacheBytes,
    maxIdleMs: limits.readCacheMs,
    nowMs,
    sizeOf: value => entryBytes + (value?.length ?? 0)
  })
  // BOUNDED: reads and writes under way
  const reading = new Map<string, Set<Reading>>()
  const writing = new Map<string, Writing>()

  /** Whether a read that began before the write brings what was before it or after, nobody knows. */
  const outdate = (key: string): void => {
    for (const read of reading.get(key) ?? []) read.stale = true
  }

  const read = async (key: string): Promise<Uint8Array | undefined> => {
    const mine: Reading = { stale: writing.has(key) }
    const others = reading.get(key) ?? new Set()
    reading.set(key, others.add(mine))
    try {
      const value = await kv.get(key)
      if (!mine.stale) cached.set(key, value)
      return value
    } finally {
      others.delete(mine)
      if (others.size === 0) reading.delete(key)
    }
  }

  return {
    ...kv,
    get: async key => {
      if (!cached.has(key)) return read(key)
      return cached.touch(key)
    },
    write: async (writes, options) => {
      const last = new Map(writes.map(write => [write.key, write]))
      for (const key of last.keys()) {
        outdate(key)
        const others = writing.get(key)
        // What it held stays true until the write is done.
        if (others === undefined) writing.set(key, { count: 1, overlapped: false })
        else {
          others.count += 1
          others.overlapped = true
          cached.delete(key)
        }
      }
      let written = false
      try {
        await kv.write(writes, options)
        written = true
      } finally {
        for (const [key, write] of last) {
          const all = writing.get(key)
          if (all === undefined) continue
          all.count -= 1
          if (all.count === 0) writing.delete(key)
          // Of one that failed, only the database knows whether it came at all.
          const isKnown = written && !all.overlapped
          // One that is too large leaves nothing of what was there before.
          if (!isKnown || !cached.set(key, write.type === 'put' ? write.value : undefined)) cached.delete(key)
        }
      }
    },
    clear: async () => {
      try {
        await kv.clear()
      } finally {
        // What was read until now is of before.
        for (const reads of reading.values()) for (const read of reads) read.stale = true
        cached.clear()
      }
    }
  }
}
