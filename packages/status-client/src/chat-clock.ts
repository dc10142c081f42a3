import { isPossibleClock } from '@status-stack/status-data'
import type { ChatRecord } from './records.ts'

/**
 * Whether the user, or our own clean-up, has deleted everything up to this clock. A deletion clock ahead of time was set under a wrong
 * clock: it says nothing, as it would swallow all messages until time has caught up. For the lines of group events: what people write is
 * judged by the data layer.
 */
export function isRemoved({ deletedAtClock, trimmedAtClock = 0 }: ChatRecord, clock: number, nowMs: number): boolean {
  return [deletedAtClock, trimmedAtClock].some(removed => clock <= removed && isPossibleClock(removed, nowMs))
}
