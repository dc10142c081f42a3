import { existsSync } from 'node:fs'
import type { ClientEvents, ClockReport } from '@status-stack/status-client'
import { clockAdvice, wrongClock } from '../clock-facts.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { profileExists, profileOf } from '../profile.ts'
import { daemonRuns, withClient } from '../session.ts'
import { chatName } from '../view.ts'
import { type Finding, note, ok, problem } from './finding.ts'

const check = 'chat clocks'

/** Chats whose last clock lies beyond what their readers accept, because something was written there under a wrong clock. */
export function judgeChatClocks({ chatsAhead }: Pick<ClockReport, 'chatsAhead'>): readonly Finding[] {
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
 */
export function judgeReportedClock(
  { warning, estimateMs }: Pick<ClockReport, 'warning' | 'estimateMs'>,
  said: Pick<ClientEvents['skew'], 'estimateMs' | 'direction'> = { direction: 'unknown' }
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

/** Looks into the store, where that asks nothing of the person: through the daemon, or with a password that is at hand. */
export async function checkChatClocks(globals: Globals, output: Output): Promise<readonly Finding[]> {
  const profile = profileOf(globals)
  // Looking must not make a store.
  if (!profileExists(profile) || !existsSync(profile.databaseFolder)) return []
  const atHand = globals.passwordFile !== undefined || (process.env['STATUS_STACK_PASSWORD'] ?? '') !== ''
  if (!atHand && !(await daemonRuns(globals)))
    return [note(check, 'not looked at: that needs the password', 'give --password-file or STATUS_STACK_PASSWORD')]
  try {
    const options = { network: 'offline', notes: false, autoHistory: false } as const
    return await withClient(options, globals, output, async ({ client }) => {
      // A daemon that has seen the clock to be wrong says so before it answers what is asked next.
      let said: ClientEvents['skew'] | undefined
      const off = client.on('skew', fact => {
        said = fact
      })
      const report = await client.clockReport()
      off()
      return [...judgeReportedClock(report, said), ...judgeChatClocks(report)]
    })
  } catch (error) {
    if (error instanceof CliError && error.exit === 'password')
      return [problem(check, `not looked at: ${error.message}`, error.hint ?? 'give the password of this profile')]
    // What keeps the store closed has a finding of its own.
    return [note(check, 'not looked at: the store cannot be opened now')]
  }
}
