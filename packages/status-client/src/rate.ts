import { hexKey } from './ids.ts'
import { limits } from './limits.ts'
import type { PublicKey } from './types.ts'

/** Counts what each person sends in the current minute of our clock. */
export interface Rate {
  /** Counts and answers whether that is over the quota: a low one for strangers, a high one for people we know. */
  readonly over: (author: PublicKey, count: number, known: boolean) => boolean
}

const minuteMs = 60_000

export function createRate(nowMs: () => number): Rate {
  // BOUNDED: one number per author seen in a minute, each of whom paid proof of work; cleared every minute
  const counts = new Map<string, number>()
  let minute = 0
  return {
    over: (author, count, known) => {
      const now = Math.floor(nowMs() / minuteMs)
      if (now !== minute) {
        minute = now
        counts.clear()
      }
      const name = hexKey(author)
      const total = (counts.get(name) ?? 0) + count
      counts.set(name, total)
      return total > (known ? limits.messagesPerContactPerMinute : limits.messagesPerAuthorPerMinute)
    }
  }
}
