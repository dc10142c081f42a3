import { existsSync } from 'node:fs'
import { eraseAccount, forgetKey, openDatabase, removeDatabase } from '@status-stack/profiles'
import { type Profile, profileExists, readAccount } from '@status-stack/profiles/folder'
import { isDiskFull } from '@status-stack/utils'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'
import { confirm } from './messages/input.ts'
import type { Output } from './output.ts'
import { profileOf } from './profile.ts'
import { withOwnAccount } from './session.ts'

/** Deletes the identity of a profile with everything of it, from the database's files too. The key of a node stays. */
export async function removeProfile(globals: Globals, output: Output, yes: boolean | undefined): Promise<void> {
  const profile = profileOf(globals)
  if (!profileExists(profile)) {
    if (existsSync(profile.databaseFolder)) return removeStrayDatabase(profile, output, yes)
    if (existsSync(profile.nodeFile)) throw onlyNode(profile)
  }
  // A profile that does not exist is named before anything is asked.
  await readAccount(profile)
  await confirm(`Delete profile ${profile.name} with its keys, contacts and messages?`, yes)
  const eraseKeys = async (): Promise<void> => {
    if (globals.keyring === 'on' && profileExists(profile)) await forgetKey(profile)
    // From here on nothing opens what may be left of the database.
    await eraseAccount(profile)
  }
  const quiet = { network: 'offline', notes: false, autoHistory: false } as const
  try {
    await withOwnAccount(quiet, globals, output, async ({ stack }) => {
      await stack.client.wipe()
      // While the profile is ours.
      await eraseKeys()
    })
  } catch (error) {
    // A database takes room to be opened and emptied; deleting its files takes none. The password has opened the profile, and no process has it.
    if (!isDiskFull(error)) throw error
    await eraseKeys()
  }
  await removeDatabase(profile)
  sayRemoved(profile, output)
}

/** What a removal left that was ended before its last step. */
async function removeStrayDatabase(profile: Profile, output: Output, yes: boolean | undefined): Promise<void> {
  await confirm(`Delete the database of profile ${profile.name}, which has no account?`, yes)
  // No process may have it open.
  await (await openDatabase(profile)).close()
  await removeDatabase(profile)
  sayRemoved(profile, output)
}

const sayRemoved = ({ name, folder }: Profile, output: Output): void =>
  output.data({ event: 'account-removed', profile: name, folder }, `profile ${name} is deleted from ${folder}`)

const onlyNode = ({ name, nodeFile }: Profile): CliError =>
  new CliError(
    'profile',
    'no-identity',
    `profile ${name} holds the key of a node and no identity`,
    `without its key a node has another enode URL; to give it up, delete ${nodeFile}`
  )
