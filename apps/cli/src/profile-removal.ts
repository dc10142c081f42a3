import { eraseAccount, forgetKey, removeDatabase } from '@status-stack/profiles'
import { readAccount } from '@status-stack/profiles/folder'
import type { Globals } from './globals.ts'
import { confirm } from './messages/input.ts'
import type { Output } from './output.ts'
import { profileOf } from './profile.ts'
import { withOwnAccount } from './session.ts'

/** Deletes the identity of a profile with everything of it, from the database's files too. The key of a node stays. */
export async function removeProfile(globals: Globals, output: Output, yes: boolean | undefined): Promise<void> {
  const profile = profileOf(globals)
  // A profile that does not exist is named before anything is asked.
  await readAccount(profile)
  await confirm(`Delete profile ${profile.name} with its keys, contacts and messages?`, yes)
  const quiet = { network: 'offline', notes: false, autoHistory: false } as const
  await withOwnAccount(quiet, globals, output, async ({ stack }) => {
    await stack.client.wipe()
    if (globals.keyring === 'on') await forgetKey(profile)
    // While the profile is ours: from here on nothing opens what may be left of the database.
    await eraseAccount(profile)
  })
  await removeDatabase(profile)
  output.data(
    { event: 'account-removed', profile: profile.name, folder: profile.folder },
    `profile ${profile.name} is deleted from ${profile.folder}`
  )
}
