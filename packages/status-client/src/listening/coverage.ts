import type { Core } from '../composition/core.ts'
import { limits } from '../limits.ts'
import type { HistoryRecord } from '../storage/records.ts'
import type { Range } from './history-range.ts'

/** What was noted as fetched. An end ahead of time was noted under a wrong clock: nothing is known then, or a gap would stay for ever. */
function asOf(record: HistoryRecord | undefined, nowSeconds: number): HistoryRecord | undefined {
  return record === undefined || record.toSeconds > nowSeconds + limits.historyAheadSeconds ? undefined : record
}

/**
 * What is known of a place once a range of it was fetched. One that begins behind what is missing leaves the gap open, and changes nothing,
 * unless it goes back as far as we ask.
 */
function withRange(
  before: HistoryRecord | undefined,
  { place, fromSeconds, toSeconds }: HistoryRecord,
  historySeconds: number
): HistoryRecord | undefined {
  if (before !== undefined && fromSeconds <= before.toSeconds) {
    return {
      place,
      fromSeconds: toSeconds < before.fromSeconds ? before.fromSeconds : Math.min(before.fromSeconds, fromSeconds),
      toSeconds: Math.max(before.toSeconds, toSeconds)
    }
  }
  return fromSeconds <= Math.max(0, toSeconds - historySeconds) ? { place, fromSeconds, toSeconds } : undefined
}

/** Where listening stands when a request begins. */
export interface ListeningSince {
  readonly nowSeconds: number
  /** Breaks that there were before. */
  readonly breaks: number
}

/** What has been fetched of each place, and so what is missing. */
export interface Coverage {
  /** The range that is missing of a place, with an overlap: envelopes are archived late, and clocks differ. */
  readonly gapOf: (place: string, nowSeconds: number) => Promise<Range>
  /** To be asked before a range is: what is listened to from then on goes on behind what was fetched. */
  readonly since: () => ListeningSince
  /** A range of these places was fetched. */
  readonly remember: (places: readonly string[], range: Range, since: ListeningSince) => Promise<void>
  /** We were listening until now, and it ends here: no gap before it, if there was none before. */
  readonly listened: () => Promise<void>
  /** Something of this place was missed, or of all: what is listened to from here on does not go on behind what was fetched. */
  readonly missed: (place?: string) => void
}

export function createCoverage(core: Core): Coverage {
  // BOUNDED: limits.subscriptions
  const covered = new Set<string>()
  let breaks = 0

  const secondsNow = (): number => Math.floor(core.clock.nowMs() / 1000)

  const missed = (place?: string): void => {
    breaks += 1
    if (place === undefined) covered.clear()
    else covered.delete(place)
  }

  return {
    gapOf: async (place, nowSeconds) => {
      const record = asOf(await core.store.get<HistoryRecord>(core.keys.history(place)), nowSeconds)
      const oldest = nowSeconds - core.options.historySeconds
      const from =
        record === undefined ? oldest : Math.max(oldest, record.toSeconds - core.options.historyOverlapSeconds)
      return { fromSeconds: Math.max(0, Math.min(from, nowSeconds)), toSeconds: nowSeconds }
    },
    since: () => ({ nowSeconds: secondsNow(), breaks }),
    remember: async (places, range, since) => {
      const nowSeconds = secondsNow()
      const unit = core.store.unit()
      const upToDate: string[] = []
      for (const place of places) {
        const key = core.keys.history(place)
        const before = asOf(await unit.get<HistoryRecord>(key), nowSeconds)
        const after = withRange(before, { place, ...range }, core.options.historySeconds)
        if (after === undefined) continue
        unit.put(key, after)
        if (range.toSeconds >= since.nowSeconds) upToDate.push(place)
      }
      await unit.commit()
      if (since.breaks === breaks) for (const place of upToDate) covered.add(place)
    },
    listened: async () => {
      const nowSeconds = secondsNow()
      const places = [...covered]
      missed()
      const unit = core.store.unit()
      for (const place of places) {
        const key = core.keys.history(place)
        const before = await unit.get<HistoryRecord>(key)
        if (before !== undefined && before.toSeconds < nowSeconds) unit.put(key, { ...before, toSeconds: nowSeconds })
      }
      await unit.commit()
    },
    missed
  }
}
