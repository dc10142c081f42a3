import type { Clock } from '@status-stack/interface'
import { limits } from '../limits.ts'

/** What one run tells the next about the clock. */
export interface ClockRecord {
  /** What it showed when it was looked at last, ms. */
  readonly seenMs: number
  readonly jump?: ClockJump
}

/** The clock was further ahead than time passes between two looks at it. */
export interface ClockJump {
  readonly fromMs: number
  readonly toMs: number
}

/** The time by which something is deleted for good, or given up. */
export interface ExpiryClock extends Clock {
  readonly record: () => ClockRecord
}

/**
 * A clock that follows the other except for jumps: one that is set a month ahead, by hand or by a battery that failed, would have everything deleted
 * and given up that is kept for a month, and setting it right brings nothing back. So a jump of more than two days counts only once the clock has
 * stood by it for a day; the time that passes meanwhile counts. A jump may be an absence as well: what is due then goes a day later.
 */
export function createExpiryClock(clock: Clock, before: ClockRecord | undefined): ExpiryClock {
  let seenMs = before?.seenMs ?? clock.nowMs()
  let jump = before?.jump

  const held = (nowMs: number): number => (jump === undefined ? nowMs : jump.fromMs + (nowMs - jump.toMs))

  const look = (nowMs: number): void => {
    if (nowMs - seenMs > limits.clockStepMs) jump = { fromMs: held(seenMs), toMs: nowMs }
    else if (jump !== undefined) {
      if (nowMs - jump.fromMs <= limits.clockStepMs || nowMs - jump.toMs > limits.clockProvenMs) jump = undefined
      // It was set back a little, which proves nothing.
      else if (nowMs < jump.toMs) jump = { ...jump, toMs: nowMs }
    }
    seenMs = nowMs
  }

  const nowMs = clock.nowMs()
  // A client that runs for a minute every few days sees a jump each time: of those that nobody has taken back only the last one is in doubt.
  if (nowMs - seenMs > limits.clockStepMs) jump = undefined
  look(nowMs)

  return {
    nowMs: () => {
      const now = clock.nowMs()
      look(now)
      return held(now)
    },
    record: () => {
      look(clock.nowMs())
      return jump === undefined ? { seenMs } : { seenMs, jump }
    }
  }
}
