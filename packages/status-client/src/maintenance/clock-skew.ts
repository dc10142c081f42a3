import { createBoundedMap } from '@status-stack/utils'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { PublicKey } from '../types.ts'

/** What is known about our clock. Nothing of it ever changes a clock of ours: it is told to people. */
export interface SkewFact {
  /** Why: what contacts wrote into forward-secret messages, or how peers and we refuse each other's envelopes. */
  readonly cause: 'contacts' | 'envelopes'
  /** Milliseconds by which others are ahead of us; negative when they are behind. Only known from contacts. */
  readonly estimateMs?: number | undefined
  /** How our clock seems to stand. `unknown`: peers refuse our envelopes without saying on which side. */
  readonly direction: 'behind' | 'ahead' | 'unknown' | 'none'
  /** The difference is so large that messages get lost, or nearly. `false` takes an earlier warning back. */
  readonly warning: boolean
}

/** Each person's word on the time. */
export interface ClockSkew {
  /**
   * A time that an author signed inside a message that only we could open, and opened for the first time. An outsider can neither
   * make one nor change its time; holding it back makes the author look behind, so the latest time per author counts.
   */
  readonly sample: (author: PublicKey, timestampMs: number) => void
  /** The median over people, or `undefined` while too few have written. */
  readonly estimateMs: () => number | undefined
  readonly warning: () => boolean
}

/** One person's offset: the greatest of those seen lately. */
interface Offset {
  readonly offsetMs: number
  readonly atMs: number
}

/**
 * Our clock against what people we write with believe, one word per person. It only warns: a correction would let those who gather
 * enough of our contacts' messages move our clock, and with it every envelope out of everybody's window.
 */
export function createClockSkew(clock: Clock, changed: (fact: SkewFact) => void): ClockSkew {
  // BOUNDED: limits.skewSamples, the person unheard for longest is evicted
  const samples = createBoundedMap<string, Offset>({ maxEntries: limits.skewSamples })
  let estimate: number | undefined
  let warned = false
  const median = (nowMs: number): number | undefined => {
    const recent = [...samples].filter(([, { atMs }]) => Math.abs(nowMs - atMs) < limits.skewSampleMs)
    if (recent.length < limits.skewMinAuthors) return undefined
    const sorted = recent.map(([, { offsetMs }]) => offsetMs).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)]
  }
  return {
    sample: (author, timestampMs) => {
      const nowMs = clock.nowMs()
      const name = publicKeyHex(author)
      const before = samples.get(name)
      const offsetMs = timestampMs - nowMs
      const stale = before === undefined || Math.abs(nowMs - before.atMs) >= limits.skewSampleMs
      // A delay makes every time look earlier than it was: the message that travelled fastest says most.
      if (stale || offsetMs >= before.offsetMs) samples.set(name, { offsetMs, atMs: nowMs })
      estimate = median(nowMs)
      const warning = estimate !== undefined && Math.abs(estimate) >= limits.skewWarnMs
      if (warning === warned) return
      warned = warning
      const direction = !warning ? 'none' : (estimate ?? 0) > 0 ? 'behind' : 'ahead'
      changed({ cause: 'contacts', estimateMs: estimate, direction, warning })
    },
    estimateMs: () => estimate,
    warning: () => warned
  }
}
