import { existsSync, statSync } from 'node:fs'
import { type Finding, note, ok, problem } from '@status-stack/doctor'
import { openDatabase } from '@status-stack/profiles'
import { type Profile, ProfileError, profileExists, readAccount } from '@status-stack/profiles/folder'
import { isDiskFull } from '@status-stack/utils'
import { describeError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { profileOf } from '../profile.ts'

const readableByOthers = (path: string): boolean => existsSync(path) && (statSync(path).mode & 0o077) !== 0

/** The files of the profile: there, private, whole. */
export async function checkProfile(globals: Globals): Promise<readonly Finding[]> {
  const profile = profileOf(globals)
  const findings: Finding[] = []
  const { passwordFile } = globals
  if (passwordFile !== undefined && readableByOthers(passwordFile))
    findings.push(problem('password file', `others may read ${passwordFile}`, `chmod go-rwx ${passwordFile}`))
  if (!profileExists(profile)) {
    const node = existsSync(profile.nodeFile)
    findings.push(
      note(
        'profile',
        node
          ? `profile ${profile.name} holds the key of a node, no identity`
          : `there is no profile ${profile.name} yet`,
        node ? undefined : 'status-stack init makes one; a node needs none'
      )
    )
  } else findings.push(await checkAccount(profile))
  const open = [profile.folder, profile.accountFile, profile.nodeFile].filter(readableByOthers)
  if (open.length > 0)
    findings.push(problem('profile files', `others may read ${open.join(', ')}`, `chmod go-rwx ${open.join(' ')}`))
  // Looking must not make one.
  if (existsSync(profile.databaseFolder)) findings.push(await checkDatabase(globals))
  return findings
}

async function checkAccount(profile: Profile): Promise<Finding> {
  try {
    await readAccount(profile)
    return ok('profile', `${profile.name} in ${profile.folder}`)
  } catch (error) {
    const { message, hint } = describeError(error)
    return problem('profile', message, hint ?? 'put it back from a backup')
  }
}

/** BOUNDED: a long history is read in part. */
const entriesRead = 200_000

async function checkDatabase(globals: Globals): Promise<Finding> {
  const profile = profileOf(globals)
  const hint = `put ${profile.databaseFolder} aside, or back from a backup; \`account export\` first if it still works`
  try {
    const database = await openDatabase(profile)
    try {
      let [entries, bytes] = [0, 0]
      for await (const [key, value] of database.iterator({ limit: entriesRead })) {
        entries++
        bytes += key.length + value.length
      }
      const more = entries === entriesRead ? 'the first ' : ''
      return ok('database', `${more}${entries} entries read, ${Math.ceil(bytes / 1024)} KiB`)
    } finally {
      await database.close()
    }
  } catch (error) {
    if (ProfileError.is(error) && error.code === 'profile-locked')
      return note('database', 'in use by another process, so not looked into')
    if (isDiskFull(error))
      return problem('database', 'it cannot be opened: the disk is full', 'free some space and try again')
    if (ProfileError.is(error) && error.code === 'read-only') {
      const { message, hint: remedy = hint } = describeError(error)
      return problem('database', message, remedy)
    }
    return problem('database', 'it cannot be read to its end: files are damaged or missing', hint)
  }
}
