import type { Random } from './ports.ts'

/** The numbers of the retry schedule; see `SyncOptions`. */
export interface Schedule {
  readonly baseMs: number
  readonly ceilingMs: number
  readonly jitter: number
}

/** Wait after the `attempt`-th send (1, 2, …) before jitter: doubling from the base, up to the ceiling. */
export function backOffMs(attempt: number, schedule: Schedule): number {
  // 2^40 base intervals are beyond any ceiling; the clamp keeps the power finite.
  return Math.min(schedule.ceilingMs, schedule.baseMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 40))
}

/** Wait after the `attempt`-th send, shifted by up to `jitter` both ways so that nodes do not retry in step. */
export function nextWaitMs(attempt: number, schedule: Schedule, random: Random): number {
  const [high = 0, low = 0] = random.bytes(2)
  const share = ((high << 8) | low) / 0xffff
  return Math.round(backOffMs(attempt, schedule) * (1 + schedule.jitter * (2 * share - 1)))
}

/** Longest wait the schedule can give; a due time further away means that the clock was set back. */
export function longestWaitMs(schedule: Schedule): number {
  return Math.ceil(schedule.ceilingMs * (1 + schedule.jitter))
}

/**
 * Next send epoch of status-go 0.56.10: `epoch + 2·sendCount`, in ticks of 300 ms. Kept as the reference to compare with;
 * nodes here retry by `nextWaitMs`.
 * DEVIATION: that node adds the result to the old send epoch, so its gaps grow with its total uptime.
 *
 * @example
 * ```ts
 * statusGoSendEpoch(10, 2) // 14: it is sent again at the fourteenth tick
 * ```
 */
export function statusGoSendEpoch(epoch: number, sendCount: number): number {
  return epoch + 2 * sendCount
}
