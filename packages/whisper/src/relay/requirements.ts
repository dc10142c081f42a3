import type { ResolvedOptions } from '../options.ts'
import type { Scheduler } from '../ports.ts'
import type { Requirements } from './acceptance.ts'
import type { AnnouncedInterest } from './announced-interest.ts'

/** The node's own PoW and interest, with the old values honoured for a while after a change. */
export interface OwnRequirements {
  readonly current: () => Requirements
  /** What is announced. */
  readonly interest: () => AnnouncedInterest
  readonly minPow: () => number
  /** Whether we are a light node. */
  readonly light: () => boolean
  /** From now on nothing of others is relayed, or it is again. */
  readonly setLight: (light: boolean) => void
  readonly setMinPow: (minPow: number) => void
  readonly setInterest: (interest: AnnouncedInterest) => void
  readonly setMaxMessageSize: (bytes: number) => void
  /** Puts pending changes into force at once: no peer is linked any more that could miss them. */
  readonly stop: () => void
}

/**
 * DEVIATION: go-ethereum's tolerated minimum is 0.2 until the first change, whatever was configured, and its tolerated
 * filter is "everything"; so a configured minimum of 5 is not enforced there. Here both start as configured.
 *
 * The tolerated topics start as configured too, which is none: topics that are named for the first time hold at once.
 */
export function createOwnRequirements(
  options: ResolvedOptions,
  scheduler: Scheduler,
  initial: AnnouncedInterest
): OwnRequirements {
  let minPow = options.minPow
  let light = options.light
  let toleratedMinPow = options.minPow
  let interest = initial
  let tolerated = initial
  let maxMessageSize = options.maxMessageSize
  // In the order of the changes. BOUNDED: as many as the owner changes things within toleranceMs.
  const pending = new Map<() => void, () => void>()
  // Asked for once an envelope, changed once in a while.
  let current: Requirements | undefined
  const later = (apply: () => void): void => {
    const change = (): void => {
      apply()
      current = undefined
    }
    const cancel = scheduler.after(options.toleranceMs, () => {
      pending.delete(cancel)
      change()
    })
    current = undefined
    pending.set(cancel, change)
  }
  return {
    current: () => {
      current ??= {
        minPow,
        toleratedMinPow,
        bloom: interest.bloom,
        toleratedBloom: tolerated.bloom,
        topics: interest.topics,
        toleratedTopics: tolerated.topics,
        maxMessageSize,
        syncAllowanceSeconds: options.syncAllowanceSeconds
      }
      return current
    },
    interest: () => interest,
    minPow: () => minPow,
    light: () => light,
    setLight: next => {
      light = next
    },
    setMinPow: next => {
      minPow = next
      later(() => {
        toleratedMinPow = next
      })
    },
    setInterest: next => {
      interest = next
      later(() => {
        tolerated = next
      })
    },
    setMaxMessageSize: bytes => {
      maxMessageSize = bytes
      current = undefined
    },
    stop: () => {
      for (const [cancel, apply] of pending) {
        cancel()
        apply()
      }
      pending.clear()
    }
  }
}
