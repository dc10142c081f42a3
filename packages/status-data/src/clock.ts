import { checkBigint, checkMs } from './arguments.ts'
import { limits } from './limits.ts'
import type { RefusalCode } from './refusal.ts'

/** The clock of a message to be sent. */
export interface ClockBid {
  /** Ms. */
  readonly clock: number
  /**
   * The chat's last clock lies too far ahead to go above it: readers would refuse the message. Either our time was wrong when
   * it was set, or someone chose it to keep others from writing. Tell the user when it lasts.
   */
  readonly ignoredLast: boolean
}

/**
 * The clock of the next message in a chat: now, or one more than the last when that is not behind now.
 *
 * A last clock more than `limits.clockBidAheadMs` ahead is left out of it, so neither a wrong time in the past nor a clock
 * chosen by someone else can make our messages unacceptable to their readers. SPEC: 6/PAYLOADS, clock.
 *
 * @example
 * ```ts
 * bidClock(chat.lastClock, clock.nowMs())
 * ```
 */
export function bidClock(lastClock: number, nowMs: number): ClockBid {
  checkMs('lastClock', lastClock)
  checkMs('nowMs', nowMs)
  const now = Math.floor(nowMs)
  const ignoredLast = lastClock + 1 > now + limits.clockBidAheadMs
  return { clock: ignoredLast ? now : Math.max(now, lastClock + 1), ignoredLast }
}

/**
 * The clock of {@link bidClock} alone. Ms.
 *
 * @example
 * ```ts
 * nextClock(chat.lastClock, nowMs) > chat.lastClock // true, unless that lies too far ahead
 * ```
 */
export function nextClock(lastClock: number, nowMs: number): number {
  return bidClock(lastClock, nowMs).clock
}

/**
 * The clock up to which a chat counts as deleted when everything in it is deleted now: its last clock, and never one ahead of
 * now. The messages ahead are remembered by their ids; what honest people write next has to pass.
 *
 * @example
 * ```ts
 * store({ ...chat, deletedAtClock: deletionClock(chat.lastClock, nowMs) })
 * ```
 */
export function deletionClock(lastClock: number, nowMs: number): number {
  checkMs('lastClock', lastClock)
  checkMs('nowMs', nowMs)
  return Math.max(0, Math.min(lastClock, Math.floor(nowMs)))
}

/**
 * Whether a clock may be used at `referenceMs`: not 0 and at most two minutes ahead. There is no lower bound.
 *
 * @example
 * ```ts
 * validateClock(0n, nowMs) // 'clock-zero'
 * ```
 */
export function validateClock(clock: bigint, referenceMs: number): RefusalCode | undefined {
  checkBigint('clock', clock)
  checkMs('referenceMs', referenceMs)
  if (clock === 0n) return 'clock-zero'
  // Compared as bigint: a uint64 beyond 2^53 must not be rounded into range.
  return clock > BigInt(Math.floor(referenceMs)) + BigInt(limits.clockAheadMs) ? 'clock-ahead' : undefined
}

/**
 * Whether a clock can come from a message that was accepted before `nowMs`.
 *
 * @example
 * ```ts
 * isPossibleClock(nowMs + 3_600_000, nowMs) // false
 * ```
 */
export function isPossibleClock(clock: number, nowMs: number): boolean {
  checkMs('clock', clock)
  checkMs('nowMs', nowMs)
  return clock <= nowMs + limits.clockAheadMs
}

/** A wire clock as a number; clocks that no rule has bounded stop at 2^53 − 1. */
export function clockNumber(clock: bigint): number {
  return clock > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(clock)
}
