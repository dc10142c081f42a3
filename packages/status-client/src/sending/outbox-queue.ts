import { limits } from '../limits.ts'
import type { OutboxRecord } from '../storage/records.ts'
import type { RangeQuery } from '../storage/stores/key-value.ts'
import type { Store } from '../storage/stores/store.ts'

/** What became of an entry: it went on its way, it waits for a time or a peer, or no entry can go on now, this one included. */
export type EntryOutcome = 'handled' | 'waiting' | 'stop'

export interface QueuePorts {
  /** What becomes of each of some entries, in their order; after a `stop` nothing more need be said. */
  readonly handle: (records: readonly OutboxRecord[]) => Promise<readonly EntryOutcome[]>
  /** Entries that could go on now. */
  readonly room: () => number
  /** Entries that are handled together. */
  readonly atOnce: number
}

/** One part of the outbox. */
export interface OutboxQueue {
  /** What lies under a key now; to be called whenever an entry was written or deleted. */
  readonly wrote: (key: string, record: OutboxRecord | undefined) => void
  /**
   * Hands over what can go on, oldest first, until nothing is left to do. A pass that meets a page of entries that wait ends, and the next
   * one goes on behind them: what waits for one peer holds up no other, and costs one page per pass.
   */
  readonly pass: () => Promise<void>
}

type Entry = readonly [key: string, record: OutboxRecord]

/** What a part of the outbox holds, known from what was written to it once it was read. One that has grown long is known by its pages alone. */
function createKnownEntries(store: Pick<Store, 'range'>, range: Pick<RangeQuery, 'gte' | 'lt'>) {
  // BOUNDED: limits.outboxKept; all entries, or `undefined` when there may be others on the disk
  let known: Map<string, OutboxRecord> | undefined
  /** What was written while all entries were being read. */
  let since: Map<string, OutboxRecord | undefined> | undefined
  /** A part that was too long is read again once a pass has come to its end. */
  let isLong = false

  const wrote: OutboxQueue['wrote'] = (key, record) => {
    since?.set(key, record)
    if (known === undefined) return
    if (record === undefined) known.delete(key)
    else known.set(key, record)
    if (known.size <= limits.outboxKept) return
    known = undefined
    isLong = true
  }

  const read = async (start: string, limit: number): Promise<Entry[]> => {
    const page: Entry[] = []
    const query = { gte: start, lt: range.lt, limit }
    for await (const { key, value } of store.range<OutboxRecord>(query)) page.push([key, value])
    return page
  }

  return {
    wrote,
    read,
    /** All entries, read if need be; nothing when there are too many. */
    all: async (): Promise<ReadonlyMap<string, OutboxRecord> | undefined> => {
      if (known !== undefined || isLong) return known
      since = new Map()
      try {
        const entries = await read(range.gte, limits.outboxKept + 1)
        isLong = entries.length > limits.outboxKept
        if (isLong) return undefined
        known = new Map(entries)
        for (const [key, record] of since) wrote(key, record)
        return known
      } finally {
        since = undefined
      }
    },
    /** All of a long part has been seen: it may be short again. */
    readAnew: (): void => {
      isLong = false
    }
  }
}

/**
 * A part of the outbox. It is stored for the next start; while we run, what it holds is known from what was written to it, so that a message
 * that goes on its way at once is not read back. One that has grown long, as while we are offline, is read in pages again.
 */
export function createOutboxQueue(
  store: Pick<Store, 'range'>,
  range: Pick<RangeQuery, 'gte' | 'lt'>,
  { handle, room, atOnce }: QueuePorts
): OutboxQueue {
  let from = range.gte
  const stored = createKnownEntries(store, range)
  let waiting = 0
  /** Hands some entries over; whether the pass goes on behind them. */
  const handleSome = async (entries: readonly Entry[]): Promise<boolean> => {
    const outcomes = await handle(entries.map(([, record]) => record))
    for (const [at, [key]] of entries.entries()) {
      const outcome = outcomes[at] ?? 'stop'
      if (outcome === 'stop') return false
      // The first key that may follow this one.
      from = `${key}\0`
      if (outcome === 'waiting') waiting += 1
      if (waiting >= limits.outboxPage) return false
    }
    return true
  }

  const passKnown = async (all: ReadonlyMap<string, OutboxRecord>): Promise<void> => {
    const start = from
    const entries = [...all]
    const inTurn = [...entries.filter(([key]) => key >= start), ...entries.filter(([key]) => key < start)]
    for (let at = 0; at < inTurn.length; ) {
      const count = Math.min(atOnce, room())
      if (count <= 0) return
      const some = inTurn.slice(at, at + count)
      if (!(await handleSome(some))) return
      at += some.length
    }
    from = range.gte
  }

  const passStored = async (): Promise<void> => {
    let passes = from === range.gte ? 1 : 2
    for (;;) {
      const limit = Math.min(limits.outboxPage, room())
      if (limit <= 0) return
      const page = await stored.read(from, limit)
      for (let at = 0; at < page.length; at += atOnce) if (!(await handleSome(page.slice(at, at + atOnce)))) return
      if (page.length === limit) continue
      from = range.gte
      passes -= 1
      if (passes > 0) continue
      stored.readAnew()
      return
    }
  }

  return {
    wrote: stored.wrote,
    pass: async () => {
      waiting = 0
      const all = await stored.all()
      if (all?.size === 0) return
      await (all === undefined ? passStored() : passKnown(all))
    }
  }
}
