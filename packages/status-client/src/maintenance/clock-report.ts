import type { Core } from '../composition/core.ts'
import type { ChatRef } from '../types.ts'
import type { ClockSigns } from './clock-signs.ts'
import type { ClockSkew } from './clock-skew.ts'

/** What there is to say about clocks: for `doctor`, and for people who ask why nothing arrives. */
export interface ClockReport {
  /** Milliseconds by which the people we write with are ahead of us, by their median; absent while too few have written. */
  readonly estimateMs?: number | undefined
  /** Contacts' words on the time, or the refusals of most peers, say that our clock is wrong. */
  readonly warning: boolean
  /**
   * Chats that hold a clock which no reader accepts yet: a message was sent while a clock was wrong. Ours fall back to one that is
   * accepted; the message itself sorts last until time has caught up, unless it is deleted.
   */
  readonly chatsAhead: readonly { readonly chat: ChatRef; readonly lastClock: number; readonly aheadMs: number }[]
}

export async function clockReport(core: Core, skew: ClockSkew, signs: ClockSigns): Promise<ClockReport> {
  const nowMs = core.clock.nowMs()
  const chatsAhead: ClockReport['chatsAhead'][number][] = []
  for (const { chat, lastClock } of core.chatCache.chats()) {
    const stored = await core.messages.latestClock(chat, Number.MAX_SAFE_INTEGER - 1)
    const latest = Math.max(lastClock, stored)
    if (!core.data.clocks.isPossible(latest, nowMs))
      chatsAhead.push({ chat, lastClock: latest, aheadMs: latest - nowMs })
  }
  const estimateMs = skew.estimateMs()
  return {
    ...(estimateMs === undefined ? {} : { estimateMs }),
    warning: skew.warning() || signs.warning(),
    chatsAhead
  }
}
