import { limits } from './limits.ts'
import type { Messages } from './messages.ts'
import type { ChatRecord } from './records.ts'

/**
 * The greatest clock that readers accept of a message sent now: two minutes past its envelope's time, which is in whole seconds.
 * SPEC: 6/PAYLOADS, clock.
 */
export function greatestClock(nowMs: number): number {
  return Math.floor(nowMs / 1000) * 1000 + limits.clockAheadMs
}

/** What the next message of ours counts on from. */
export interface LastClock {
  readonly lastClock: number
  /** The chat's last clock was one that no reader would have let us follow: another was taken. */
  readonly fellBack: boolean
}

/**
 * The clock that the next message in a chat follows. A last clock so far ahead that no reader accepts its successor (one message
 * sent while our own clock was years ahead, or one that a stranger placed at the edge of what readers take) is passed over for the
 * latest that readers accept: otherwise the chat would be mute until time has caught up.
 */
export async function lastClockOf(
  messages: Pick<Messages, 'latestClock'>,
  record: ChatRecord | undefined,
  nowMs: number
): Promise<LastClock> {
  if (record === undefined) return { lastClock: 0, fellBack: false }
  const greatest = greatestClock(nowMs)
  if (record.lastClock < greatest) return { lastClock: record.lastClock, fellBack: false }
  return { lastClock: await messages.latestClock(record.chat, greatest - 1), fellBack: true }
}

/**
 * Whether the user has deleted everything up to this clock. A deletion clock ahead of time was set under a wrong clock: it says
 * nothing, as it would swallow all messages until time has caught up.
 */
export function isCleared({ deletedAtClock }: ChatRecord, clock: number, nowMs: number): boolean {
  return clock <= deletedAtClock && deletedAtClock <= greatestClock(nowMs)
}

/** Whether our own retention has deleted everything up to this clock. */
export function isRetired({ retiredAtClock = 0 }: ChatRecord, clock: number, nowMs: number): boolean {
  return clock <= retiredAtClock && retiredAtClock <= greatestClock(nowMs)
}
