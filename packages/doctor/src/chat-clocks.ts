import type { ClockReportFact, ClockSkewFact } from '@status-stack/account-rpc/methods'
import { chatName } from '@status-stack/account-rpc/targets'
import { clockAdvice, wrongClock } from '@status-stack/account-rpc/words'
import { type Finding, ok, problem } from './finding.ts'

const check = 'chat clocks'

/**
 * Chats whose last clock lies beyond what their readers accept, because something was written there under a wrong clock.
 *
 * @example
 * ```ts
 * const findings = judgeChatClocks(await account.clockReport())
 * ```
 */
export function judgeChatClocks({ chatsAhead }: Pick<ClockReportFact, 'chatsAhead'>): readonly Finding[] {
  if (chatsAhead.length === 0) return [ok(check, 'none is ahead of what readers accept')]
  return chatsAhead.map(({ chat, aheadMs }) =>
    problem(
      check,
      `the last clock of ${chatName(chat)} is ${duration(aheadMs)} ahead: a message was written under a wrong clock`,
      'set the clock of this machine by NTP; what you write there now may be sorted before that message until then'
    )
  )
}

/**
 * How our clock agrees with those of the people we write with. The report says whether it is wrong; on which side is what the
 * client said last.
 *
 * @example
 * ```ts
 * const findings = judgeReportedClock({ warning: true, estimateMs: 90_000 })
 * ```
 */
export function judgeReportedClock(
  { warning, estimateMs }: Pick<ClockReportFact, 'warning' | 'estimateMs'>,
  said: Pick<ClockSkewFact, 'estimateMs' | 'direction'> = { direction: 'unknown' }
): readonly Finding[] {
  if (warning) return [problem('clock', wrongClock(said), clockAdvice)]
  if (estimateMs === undefined) return []
  return [
    ok('clock', `agrees with those of the people you write with, within ${Math.ceil(Math.abs(estimateMs) / 1000)} s`)
  ]
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
