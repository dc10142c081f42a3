import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { isDiskFull } from '@status-stack/utils'
import { ClassicLevel } from 'classic-level'
import { diskFull, type ProfileError, profileError } from './errors.ts'
import { closeFolder, keepFilesPrivate } from './files/private.ts'
import { isHolder, readHolder } from './folder/holder.ts'
import type { Profile } from './folder/profile.ts'
import type { Database } from './storage-key.ts'

/**
 * The profile's database, made where there is none: open to no other process and no other user.
 *
 * @throws ProfileError `profile-locked`, `disk-full`, `read-only`, `database`
 * @example
 * ```ts
 * const database = await openDatabase(profile)
 * await database.close()
 * ```
 */
export async function openDatabase(profile: Profile): Promise<Database> {
  keepFilesPrivate()
  const database = new ClassicLevel<string, Uint8Array>(profile.databaseFolder, {
    keyEncoding: 'utf8',
    valueEncoding: 'view'
  })
  try {
    await database.open()
  } catch (error) {
    if (isLocked(error)) throw await lockedBy(profile)
    if (isDiskFull(error)) throw diskFull(profile.databaseFolder)
    if (await isReadOnly(profile.databaseFolder))
      throw profileError('read-only', `${profile.databaseFolder} may not be written, which opening it does`)
    throw profileError(
      'database',
      `the database of profile ${profile.name} cannot be opened: ${profile.databaseFolder}`
    )
  }
  await closeFolder(profile.databaseFolder)
  return database
}

/**
 * That another process has the profile can be said before a password is asked for. Looked at only where a process says that it has it.
 *
 * @throws ProfileError `profile-locked`
 * @example
 * ```ts
 * await assertFree(profile)
 * ```
 */
export async function assertFree(profile: Profile): Promise<void> {
  if ((await readHolder(profile)) === undefined || (await isHolder(profile))) return
  await (await openDatabase(profile)).close()
}

const isReadOnly = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => false,
    error => ['EACCES', 'EPERM', 'EROFS'].includes(error.code)
  )

function isLocked(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED'
}

/** Who has the profile, as far as that is known. */
async function lockedBy({ name, folder }: Profile): Promise<ProfileError> {
  const holder = await readHolder({ folder })
  const who = holder === undefined ? '' : `: \`${holder.command}\` (process ${holder.pid})`
  const { socket, ...known } = holder ?? {}
  const details = { ...known, ...(socket === undefined ? {} : { socket }) }
  return profileError('profile-locked', `profile ${name} is in use by another process${who}`, details)
}
