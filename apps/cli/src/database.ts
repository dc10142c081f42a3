import { isDiskFull } from '@status-stack/utils'
import { ClassicLevel } from 'classic-level'
import { CliError, codeOf, diskFull } from './errors.ts'
import { readLockInfo } from './lock-info.ts'
import { closeFolder, keepFilesPrivate } from './private-files.ts'
import type { Profile } from './profile.ts'

/** The profile's database, ours alone: open to no other process and no other user. @throws CliError `profile-locked`, `disk-full`, `database` */
export async function openDatabase(profile: Profile): Promise<ClassicLevel<string, Uint8Array>> {
  keepFilesPrivate()
  const database = new ClassicLevel<string, Uint8Array>(profile.databaseFolder, {
    keyEncoding: 'utf8',
    valueEncoding: 'view'
  })
  try {
    await database.open()
  } catch (error) {
    if (error instanceof Error && codeOf(error.cause) === 'LEVEL_LOCKED') throw await lockedBy(profile)
    if (isDiskFull(error)) throw diskFull(profile.databaseFolder)
    throw new CliError(
      'profile',
      'database',
      `the database of profile ${profile.name} cannot be opened: ${profile.databaseFolder}`
    )
  }
  await closeFolder(profile.databaseFolder)
  return database
}

/**
 * That another process has the profile is said before a password is asked for. Looked at only where a process says that it has it.
 * @throws CliError `profile-locked`
 */
export async function assertFree(profile: Profile): Promise<void> {
  const info = await readLockInfo(profile)
  if (info === undefined || info.pid === process.pid) return
  await (await openDatabase(profile)).close()
}

/** Who has the profile, as far as that is known, and what to do about it. */
async function lockedBy(profile: Profile): Promise<CliError> {
  const info = await readLockInfo(profile)
  const who = info === undefined ? '' : `: \`${info.command}\` (process ${info.pid})`
  const hint =
    info?.socket !== undefined
      ? 'reach the daemon with `status-stack call`, or end it'
      : 'end that process, or use another --profile; a running `daemon` shares a profile with other commands'
  return new CliError('locked', 'profile-locked', `profile ${profile.name} is in use by another process${who}`, hint)
}
