import { limits } from '../limits.ts'
import type { OutboxRecord } from '../storage/records.ts'
import type { RangeQuery } from '../storage/stores/key-value.ts'
import type { Store } from '../storage/stores/store.ts'

/** What became of an entry: it went on its way, it waits for a time or a peer, or no entry can go on now, this one included. */
export type EntryOutcome = 'handled' | 'waiting' | 'stop'

export interface QueuePorts {
  readonly handle: (record: OutboxRecord) => Promise<EntryOutcome>
  /** Entries that could go on now. */
  readonly room: () => number
}

/**
 * One pass over a part of the outbox, in pages and oldest first, until nothing is left to do. A pass that meets a page of entries
 * that wait ends, and the next one goes on behind them: what waits for one peer holds up no other, and costs one page per pass.
 */
export function createOutboxQueue(
  store: Pick<Store, 'range'>,
  range: Pick<RangeQuery, 'gte' | 'lt'>,
  { handle, room }: QueuePorts
): () => Promise<void> {
  let from = range.gte

  const readPage = async (limit: number) => {
    const page: { readonly key: string; readonly value: OutboxRecord }[] = []
    for await (const entry of store.range<OutboxRecord>({ gte: from, lt: range.lt, limit })) page.push(entry)
    return page
  }

  return async () => {
    let waiting = 0
    let passes = from === range.gte ? 1 : 2
    for (;;) {
      const limit = Math.min(limits.outboxPage, room())
      if (limit <= 0) return
      const page = await readPage(limit)
      for (const { key, value } of page) {
        const outcome = await handle(value)
        if (outcome === 'stop') return
        // The first key that may follow this one.
        from = `${key}\0`
        if (outcome === 'waiting') waiting += 1
        if (waiting >= limits.outboxPage) return
      }
      if (page.length === limit) continue
      from = range.gte
      passes -= 1
      if (passes === 0) return
    }
  }
}
