import { existsSync } from 'node:fs'
import { eraseAccount, forgetKey, openDatabase, removeDatabase } from '@status-stack/profiles'
import { type Profile, profileExists, readAccount } from '@status-stack/profiles/folder'
import { removeLeftovers } from '@status-stack/terminal-chat/editor'
import { isDiskFull } from '@status-stack/utils'
import { childEnvironment } from './child-environment.ts'
import { CliError, codeOf } from './errors.ts'
import type { Globals } from './globals.ts'
import { assertAnswerable, confirm, confirmByWord } from './messages/input.ts'
import type { Output } from './output.ts'
import { profileOf } from './profile.ts'
import { withOwnAccount } from './session.ts'

/** Flags of what deletes a profile. */
export interface RemovalFlags {
  /** Nothing is asked. */
  readonly yes?: boolean
  /** The password is not known any more. */
  readonly withoutPassword?: boolean
}

/**
 * Deletes the identity of a profile with everything of it, from the database's files too. The key of a node stays.
 *
 * @param isNamed - whether the profile was named in the line
 */
export async function removeProfile(
  globals: Globals,
  output: Output,
  { yes, withoutPassword }: RemovalFlags,
  isNamed: boolean
): Promise<void> {
  const profile = profileOf(globals)
  if (!profileExists(profile)) {
    if (existsSync(profile.databaseFolder)) return removeStrayDatabase(profile, output, yes)
    if (existsSync(profile.nodeFile)) throw onlyNode(profile)
  }
  if (withoutPassword === true && profileExists(profile)) return removeUnopened(profile, globals, output, yes, isNamed)
  // A profile that does not exist is named before anything is asked.
  await readAccount(profile)
  await confirm(`Delete profile ${profile.name} with its keys, contacts and messages?`, yes)
  const eraseKeys = async (): Promise<void> => {
    if (profileExists(profile)) await eraseKeysOf(profile, globals)
  }
  const quiet = { network: 'offline', notes: false, autoHistory: false } as const
  try {
    await withOwnAccount(quiet, globals, output, async ({ stack }) => {
      await stack.client.wipe()
      // While the profile is ours.
      await eraseKeys()
    })
  } catch (error) {
    if (codeOf(error) === 'wrong-password')
      throw new CliError(
        'password',
        'wrong-password',
        'the password does not open this profile',
        'where it is forgotten, --without-password deletes the profile all the same'
      )
    // A database takes room to be opened and emptied; deleting its files takes none. The password has opened the profile, and no process has it.
    if (!isDiskFull(error)) throw error
    await eraseKeys()
  }
  await removeRest(profile)
  sayRemoved(profile, output)
}

/** What is not encrypted under its keys goes as well: texts and pictures that a chat had opened when it was killed. */
async function removeRest(profile: Profile): Promise<void> {
  removeLeftovers(profile, childEnvironment(process.env))
  await removeDatabase(profile)
}

/** The same without opening it: nobody can give the password. @throws CliError `not-confirmed`; ProfileError `profile-locked` */
async function removeUnopened(
  profile: Profile,
  globals: Globals,
  output: Output,
  yes: boolean | undefined,
  isNamed: boolean
): Promise<void> {
  const { name } = profile
  if (yes !== true) {
    assertAnswerable(yes)
    await confirmByWord(`This deletes profile ${name} for ever. Type its name to do it:`, name)
  } else if (!isNamed)
    throw new CliError(
      'usage',
      'not-confirmed',
      '--without-password --yes deletes only a profile that is named in the same line',
      `add: --profile ${name}`
    )
  // No process may have it open, and none opens it meanwhile.
  const database = await openDatabase(profile).catch(error => {
    // It was locked before it needed room.
    if (!isDiskFull(error)) throw error
    return undefined
  })
  try {
    await eraseKeysOf(profile, globals)
  } finally {
    await database?.close()
  }
  await removeRest(profile)
  sayRemoved(profile, output)
}

/** From here on nothing opens what may be left of the database. */
async function eraseKeysOf(profile: Profile, globals: Globals): Promise<void> {
  // Whose key it is stands in the account's file; where that is damaged, no key opens it.
  const isReadable = await readAccount(profile).then(
    () => true,
    () => false
  )
  if (globals.keyring === 'on' && isReadable) await forgetKey(profile)
  await eraseAccount(profile)
}

/** What a removal left that was ended before its last step. */
async function removeStrayDatabase(profile: Profile, output: Output, yes: boolean | undefined): Promise<void> {
  await confirm(`Delete the database of profile ${profile.name}, which has no account?`, yes)
  // No process may have it open.
  await (await openDatabase(profile)).close()
  await removeRest(profile)
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
