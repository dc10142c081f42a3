import type { Core } from '../composition/core.ts'
import { limits } from '../limits.ts'
import type { HistoryRecord } from '../storage/records.ts'
import type { Range } from './history-range.ts'

/** What was noted as fetched. An end ahead of time was noted under a wrong clock: nothing is known then, or a gap would stay for ever. */
function asOf(record: HistoryRecord | undefined, nowSeconds: number): HistoryRecord | undefined {
  return record === undefined || record.toSeconds > nowSeconds + limits.historyAheadSeconds ? undefined : record
}

/** What has been fetched of each place, and so what is missing. */
export interface Coverage {
  /** The range that is missing of a place, with an overlap: envelopes are archived late, and clocks differ. */
  readonly gapOf: (place: string, nowSeconds: number) => Promise<Range>
  /** A range of these places was fetched. */
  readonly remember: (places: readonly string[], range: Range) => Promise<void>
  /** We were listening until now: no gap before it, if there was none before. */
  readonly listened: () => Promise<void>
}

export function createCoverage(core: Core): Coverage {
  // BOUNDED: limits.subscriptions
  const covered = new Set<string>()
  return {
    gapOf: async (place, nowSeconds) => {
      const record = asOf(await core.store.get<HistoryRecord>(core.keys.history(place)), nowSeconds)
      const oldest = nowSeconds - core.options.historySeconds
      const from =
        record === undefined ? oldest : Math.max(oldest, record.toSeconds - core.options.historyOverlapSeconds)
      return { fromSeconds: Math.max(0, Math.min(from, nowSeconds)), toSeconds: nowSeconds }
    },
    remember: async (places, range) => {
      const unit = core.store.unit()
      for (const place of places) {
        const key = core.keys.history(place)
        const before = asOf(await unit.get<HistoryRecord>(key), Math.floor(core.clock.nowMs() / 1000))
        const touches =
          before !== undefined && range.fromSeconds <= before.toSeconds && range.toSeconds >= before.fromSeconds
        unit.put(key, {
          place,
          fromSeconds: touches ? Math.min(before.fromSeconds, range.fromSeconds) : range.fromSeconds,
          toSeconds: touches ? Math.max(before.toSeconds, range.toSeconds) : range.toSeconds
        } satisfies HistoryRecord)
        covered.add(place)
      }
      await unit.commit()
    },
    listened: async () => {
      const nowSeconds = Math.floor(core.clock.nowMs() / 1000)
      const unit = core.store.unit()
      for (const place of covered) {
        const key = core.keys.history(place)
        const before = await unit.get<HistoryRecord>(key)
        if (before !== undefined && before.toSeconds < nowSeconds) unit.put(key, { ...before, toSeconds: nowSeconds })
      }
      await unit.commit()
    }
  }
}
