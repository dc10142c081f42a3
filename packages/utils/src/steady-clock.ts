import type { Clock } from '@status-stack/interface'

/**
 * A clock for durations: what it says never decreases. When the other clock is set back, this one goes on from where it was, so that a pause
 * which ends in a minute ends in a minute, and not an hour and a minute later; only what passed since it was last asked is lost. What it says
 * is no time of day from then on: what is stored, sent or told to people is read from the other clock.
 *
 * A clock that is set forward is followed: what seems to have waited for an hour is due.
 *
 * @example
 * ```ts
 * const steady = steadyClock(clock)
 * const bucket = createTokenBucket(100, steady.nowMs())
 * ```
 */
export function steadyClock(clock: Clock): Clock {
  let aheadMs = 0
  let lastMs = clock.nowMs()
  return Object.freeze({
    nowMs: () => {
      const now = clock.nowMs() + aheadMs
      if (now < lastMs) aheadMs += lastMs - now
      else lastMs = now
      return lastMs
    }
  })
}
