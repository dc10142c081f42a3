import { existsSync } from 'node:fs'
import { rename, rm, rmdir } from 'node:fs/promises'
import { openDatabase } from './database.ts'
import { profileError } from './errors.ts'
import { eraseFile } from './files/private.ts'
import { holderPath } from './folder/holder.ts'
import { peerFilePath } from './folder/peers.ts'
import { assertNoProfile, type Profile } from './folder/profile.ts'
import { readAccount } from './folder/record.ts'

/**
 * Gives a profile another name. No process may have it open.
 *
 * @throws ProfileError `no-profile`, `profile-exists`, `profile-locked`
 * @example
 * ```ts
 * await renameProfile(profile, profileIn(folder, 'home'))
 * ```
 */
export async function renameProfile(profile: Profile, target: Profile): Promise<void> {
  // That there is one is said first.
  if (!existsSync(profile.nodeFile)) await readAccount(profile)
  assertNoProfile(target)
  if (existsSync(target.folder)) throw profileError('profile-exists', `there is something at ${target.folder} already`)
  // A process that has the database open while its folder moves would write to files that are gone.
  if (existsSync(profile.databaseFolder)) await (await openDatabase(profile)).close()
  await rename(profile.folder, target.folder)
}

/**
 * Deletes the identity of a profile: its keys are overwritten, and nothing opens what is left of the database. Wipe the database first,
 * with `wipe` of the client that has it open, and call {@link removeDatabase} when it is closed.
 *
 * @example
 * ```ts
 * await client.wipe()
 * await eraseAccount(profile)
 * await client.stop()
 * await database.close()
 * await removeDatabase(profile)
 * ```
 */
export const eraseAccount = (profile: Profile): Promise<void> => eraseFile(profile.accountFile)

/**
 * Deletes what an identity leaves behind: the database, the peers it has found, and the word of who had it open. The key of a node stays, and keeps the folder.
 *
 * @example
 * ```ts
 * await eraseAccount(profile)
 * await removeDatabase(profile)
 * ```
 */
export async function removeDatabase(profile: Profile): Promise<void> {
  await rm(profile.databaseFolder, { recursive: true, force: true })
  await rm(holderPath(profile), { force: true })
  // A node's peers stay with its key.
  if (!existsSync(profile.nodeFile)) await rm(peerFilePath(profile), { force: true })
  // What is not of the identity keeps the folder.
  await rmdir(profile.folder).catch(() => {})
}
