/** A rate that allows short bursts: `ratePerSecond` tokens a second, at most `capacity` saved up, full at first. */
export interface TokenBucket {
  /** Takes tokens if there are enough, and returns 0; otherwise takes none and returns the milliseconds until there are. */
  readonly take: (nowMs: number, tokens?: number) => number
  /** Takes tokens whether or not there are enough, for costs that are known only afterwards; later takes wait for the debt. */
  readonly charge: (nowMs: number, tokens: number) => void
  /** Milliseconds until one token is there; 0 when one is. */
  readonly waitMs: (nowMs: number) => number
}

/** Thousandths of a token: whole numbers for whole rates and milliseconds, so nothing is rounded away. */
const unit = 1000

/**
 * A bucket that is full at first and fills by itself. A clock set back gives nothing; one set back by more than a whole filling goes on from
 * where it is now, as the bucket would else stay empty until the clock is where it was.
 *
 * @param ratePerSecond tokens a second, above 0
 * @param capacity most tokens saved up; one second's worth unless given, at least one
 * @example
 * ```ts
 * const bucket = createTokenBucket(100, clock.nowMs())
 * const waitMs = bucket.take(clock.nowMs())
 * ```
 */
export function createTokenBucket(ratePerSecond: number, nowMs: number, capacity = ratePerSecond): TokenBucket {
  const most = Math.max(1, capacity) * unit
  let level = most
  let at = nowMs
  const fillingMs = most / ratePerSecond
  const refill = (now: number): void => {
    if (at - now > fillingMs) at = now
    level = Math.min(most, level + Math.max(0, now - at) * ratePerSecond)
    at = Math.max(at, now)
  }
  const missing = (tokens: number): number =>
    level >= tokens * unit ? 0 : Math.ceil((tokens * unit - level) / ratePerSecond)
  return {
    take: (now, tokens = 1) => {
      refill(now)
      // What is dearer than the bucket is deep can never be saved up: it is let through once the bucket is full.
      const wanted = Math.min(tokens, most / unit)
      const wait = missing(wanted)
      if (wait === 0) level -= tokens * unit
      return wait
    },
    charge: (now, tokens) => {
      refill(now)
      level -= tokens * unit
    },
    waitMs: now => {
      refill(now)
      return missing(1)
    }
  }
}
