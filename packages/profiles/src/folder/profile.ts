import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type ProfileError, profileError } from '../errors.ts'
import { closeFolder, makeFolder, placeFile, replaceFile } from '../files/private.ts'
import { readTextFile } from '../files/read.ts'
import { limits } from '../limits.ts'

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/

/** Where the files of one identity are. */
export interface Profile {
  /** Unique among the profiles of a folder. */
  readonly name: string
  /** All of its files are below it. */
  readonly folder: string
  /** Public identity and the encrypted keys. */
  readonly accountFile: string
  /** The key of a node without an account, encrypted. */
  readonly nodeFile: string
  /** Contacts, messages and sessions, encrypted. */
  readonly databaseFolder: string
}

/**
 * The places of a profile: a folder of its name below the one that profiles are in. Nothing has to be there yet.
 *
 * @param name - letters, digits, dot, dash and underscore, at most 64
 * @throws ProfileError `profile-name`
 * @example
 * ```ts
 * const profile = profileIn(folder, 'default')
 * ```
 */
export function profileIn(profilesFolder: string, name: string): Profile {
  if (!namePattern.test(name)) throw profileError('profile-name', `not a profile name: ${name}`)
  return profileAt(join(profilesFolder, name), name)
}

/** The places of a profile whose files are in any folder. */
export function profileAt(folder: string, name: string): Profile {
  return {
    name,
    folder,
    accountFile: join(folder, 'account.json'),
    nodeFile: join(folder, 'node.json'),
    databaseFolder: join(folder, 'database')
  }
}

/**
 * Every profile below a folder: those with an account, or with the key of a node. In the order of their names.
 *
 * @example
 * ```ts
 * for (const { name } of await allProfiles(folder)) console.log(name)
 * ```
 */
export async function allProfiles(profilesFolder: string): Promise<readonly Profile[]> {
  if (!existsSync(profilesFolder)) return []
  const entries = await readdir(profilesFolder, { withFileTypes: true })
  return entries
    .filter(entry => entry.isDirectory() && namePattern.test(entry.name))
    .map(entry => profileIn(profilesFolder, entry.name))
    .filter(profile => profileExists(profile) || existsSync(profile.nodeFile))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Whether there is an identity in it.
 *
 * @example
 * ```ts
 * const isNew = !profileExists(profile)
 * ```
 */
export function profileExists(profile: Profile): boolean {
  return existsSync(profile.accountFile)
}

/**
 * Before anything is asked for to make one.
 *
 * @throws ProfileError `profile-exists`
 * @example
 * ```ts
 * assertNoProfile(profile)
 * ```
 */
export function assertNoProfile(profile: Profile): void {
  if (profileExists(profile)) throw existsAlready(profile)
}

/** There is an identity in it: since before, or by another process since. */
export const existsAlready = ({ name, folder }: Profile): ProfileError =>
  profileError('profile-exists', `profile ${name} exists already: ${folder}`)

/**
 * Before an account is made: a database that is there opens with the account of its time alone, and never with a new one.
 *
 * @throws ProfileError `stray-database`
 */
export function assertNoDatabase({ name, databaseFolder }: Profile): void {
  if (!existsSync(databaseFolder)) return
  throw profileError('stray-database', `profile ${name} has a database and no account: ${databaseFolder}`)
}

/** Parses a JSON file of the profile. @throws ProfileError `no-profile`, `damaged` */
export async function readJson(path: string): Promise<unknown> {
  if (!existsSync(path)) {
    const folder = dirname(path)
    const profile = basename(folder)
    throw profileError('no-profile', `no profile named ${profile} in ${dirname(folder)}`, { profile })
  }
  let text: string
  try {
    text = await readTextFile(path, limits.profileFileBytes)
  } catch (error) {
    throw profileError('damaged', `a file of the profile is damaged: ${error instanceof Error ? error.message : path}`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw profileError('damaged', `${path} is damaged: it is not JSON`)
  }
}

/** Writes a file of the profile, which only its owner can read, so that a crash leaves the old one or the new one. */
export async function writeJson(profile: Profile, path: string, value: unknown): Promise<void> {
  await makeFolder(profile.folder)
  await replaceFile(path, jsonText(value))
}

/** The same for a file that must not be there yet: of several processes that write it at once, one does. Answers whether it was this one. */
export async function writeNewJson(profile: Profile, path: string, value: unknown): Promise<boolean> {
  await makeFolder(profile.folder)
  return placeFile(path, jsonText(value))
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/**
 * Closes the profile's folder to others.
 *
 * @returns whether it was open
 * @throws ProfileError `profile-open` when it is open and cannot be closed
 * @example
 * ```ts
 * const wasOpen = await closeProfile(profile)
 * ```
 */
export const closeProfile = ({ folder }: Pick<Profile, 'folder'>): Promise<boolean> => closeFolder(folder)
