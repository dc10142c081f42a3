import type { Scheduler } from '../ports.ts'
import type { Interest } from '../route.ts'
import type { Subscriptions } from '../subscriptions.ts'

/**
 * Holds of live messages for ranges of history. A hold lasts over the pages of a range: until the last one, a failure, or
 * `historyHoldMs` without a next page; there are none when that is 0. The time that all holds of a subscription may take has its own end, in its queue.
 */
export interface HistoryHolds {
  /** The hold of a range, taken over from its last page or begun. Returns its release. */
  readonly take: (id: string, interests: readonly Interest[]) => () => void
  /** Keeps a hold for the next page. */
  readonly keep: (id: string, release: () => void) => void
  readonly stop: () => void
}

export function createHistoryHolds(
  subscriptions: Pick<Subscriptions, 'hold'>,
  scheduler: Scheduler,
  historyHoldMs: number
): HistoryHolds {
  // BOUNDED: one for each open range, historyHoldMs each.
  const kept = new Map<string, { readonly release: () => void; readonly cancelTimer: () => void }>()
  return {
    take: (id, interests) => {
      if (historyHoldMs === 0) return () => undefined
      const before = kept.get(id)
      if (before === undefined) return subscriptions.hold(interests)
      before.cancelTimer()
      kept.delete(id)
      return before.release
    },
    keep: (id, release) => {
      if (historyHoldMs === 0) return
      const cancelTimer = scheduler.after(historyHoldMs, () => {
        kept.delete(id)
        release()
      })
      kept.set(id, { release, cancelTimer })
    },
    stop: () => {
      for (const { release, cancelTimer } of kept.values()) {
        cancelTimer()
        release()
      }
      kept.clear()
    }
  }
}
