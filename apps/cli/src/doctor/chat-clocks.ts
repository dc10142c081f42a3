import { existsSync } from 'node:fs'
import type { ClockSkewFact } from '@status-stack/account-rpc/methods'
import { type Finding, judgeChatClocks, judgeReportedClock, note, problem } from '@status-stack/doctor'
import { profileExists } from '@status-stack/profiles/folder'
import { daemonRuns } from '../daemon-account.ts'
import { describeError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { withAccount } from '../session.ts'

const check = 'chat clocks'

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
    return await withAccount(options, globals, output, async ({ account }) => {
      // An account that has seen the clock to be wrong says so before it answers what is asked next.
      let said: ClockSkewFact | undefined
      const off = account.on('skew', fact => {
        said = fact
      })
      const report = await account.clockReport()
      off()
      return [...judgeReportedClock(report, said), ...judgeChatClocks(report)]
    })
  } catch (error) {
    const { exitCode, message, hint } = describeError(error)
    if (exitCode === exitCodes.password)
      return [problem(check, `not looked at: ${message}`, hint ?? 'give the password of this profile')]
    // What keeps the store closed has a finding of its own.
    return [note(check, 'not looked at: the store cannot be opened now')]
  }
}
