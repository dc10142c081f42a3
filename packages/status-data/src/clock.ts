import { limits } from './limits.ts'
import type { RefusalCode } from './refusal.ts'

/** The clock of the next message in a chat: now, or one more than the last when time stands behind it. Ms. */
export function nextClock(lastClock: number, nowMs: number): number {
  return Math.max(nowMs, lastClock + 1)
}

/** Whether a clock may be used at `referenceMs`: not 0 and at most two minutes ahead. There is no lower bound. */
export function judgeClock(clock: bigint, referenceMs: number): RefusalCode | undefined {
  if (clock === 0n) return 'clock-zero'
  // Compared as bigint: a uint64 beyond 2^53 must not be rounded into range.
  return clock > BigInt(Math.floor(referenceMs)) + BigInt(limits.clockAheadMs) ? 'clock-ahead' : undefined
}

/** A wire clock as a number; clocks that no rule has bounded stop at 2^53 − 1. */
export function clockNumber(clock: bigint): number {
  return clock > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(clock)
}
