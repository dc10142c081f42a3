import { createBoundedMap } from '@status-stack/utils'
import { hexKey } from './ids.ts'
import { limits } from './limits.ts'
import type { PublicKey } from './types.ts'

/**
 * What each person has made us store in the current minute of our clock. Only new messages count: anyone can repeat another's
 * envelope, and a copy must not use up its author's share.
 */
export interface RateLimit {
  /** Whether this person's share of the minute is used up: a small one for strangers, a large one for people we know. */
  readonly isSpent: (author: PublicKey, known: boolean) => boolean
  /** Counts one new message. */
  readonly count: (author: PublicKey) => void
}

const minuteMs = 60_000

export function createRateLimit(nowMs: () => number): RateLimit {
  // BOUNDED: limits.ratedAuthors, the author who wrote longest ago is evicted; cleared every minute
  const counts = createBoundedMap<string, number>({ maxEntries: limits.ratedAuthors })
  let minute = 0
  const thisMinute = (): void => {
    const now = Math.floor(nowMs() / minuteMs)
    if (now === minute) return
    minute = now
    counts.clear()
  }
  return {
    isSpent: (author, known) => {
      thisMinute()
      const most = known ? limits.messagesPerContactPerMinute : limits.messagesPerAuthorPerMinute
      return (counts.get(hexKey(author)) ?? 0) >= most
    },
    count: author => {
      thisMinute()
      const name = hexKey(author)
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
}
