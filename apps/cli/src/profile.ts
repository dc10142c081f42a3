import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CliError } from './errors.ts'
import { readTextFile } from './files.ts'
import { xdgFolder } from './folders.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'
import type { Output } from './output.ts'
import { closeFolder, replaceFile } from './private-files.ts'
import { settingKinds } from './setting-kinds.ts'

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/

/** Where the files of one identity are. */
export interface Profile {
  readonly name: string
  readonly folder: string
  /** Public identity and the encrypted keys. */
  readonly accountFile: string
  /** The node's key, encrypted, for `node` without an account. */
  readonly nodeFile: string
  readonly databaseFolder: string
}

/** `--data-dir`, else `$XDG_DATA_HOME/status-stack`, else `~/.local/share/status-stack`; one folder a profile below it. */
export function profileOf({ profile, dataDir }: Pick<Globals, 'profile' | 'dataDir'>): Profile {
  if (!namePattern.test(profile)) {
    throw new CliError(
      'usage',
      'profile-name',
      `not a profile name: ${profile}`,
      'letters, digits, dot, dash and underscore, at most 64'
    )
  }
  const folder = join(profilesFolder(dataDir), profile)
  return {
    name: profile,
    folder,
    accountFile: join(folder, 'account.json'),
    nodeFile: join(folder, 'node.json'),
    databaseFolder: join(folder, 'database')
  }
}

/** The folder that profiles are in. */
const profilesFolder = (dataDir: string | undefined): string =>
  dataDir ?? join(xdgFolder('XDG_DATA_HOME', process.env), 'status-stack')

/** Every profile: a folder with an account, or with the key of a node. In the order of their names. */
export async function allProfiles({ dataDir }: Pick<Globals, 'dataDir'>): Promise<readonly Profile[]> {
  const folder = profilesFolder(dataDir)
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter(entry => entry.isDirectory() && namePattern.test(entry.name))
    .map(entry => profileOf({ profile: entry.name, dataDir }))
    .filter(profile => profileExists(profile) || existsSync(profile.nodeFile))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function profileExists(profile: Profile): boolean {
  return existsSync(profile.accountFile)
}

/** @throws CliError `profile-exists` */
export function assertNoProfile(profile: Profile): void {
  if (!profileExists(profile)) return
  throw new CliError(
    'profile',
    'profile-exists',
    `profile ${profile.name} exists already: ${profile.folder}`,
    'choose another name with --profile'
  )
}

/** @throws CliError `no-profile` */
function assertProfile(path: string): void {
  if (existsSync(path)) return
  const folder = dirname(path)
  const name = basename(folder)
  const [what, how] =
    name === settingKinds.profile.fallback
      ? ['no profile yet', 'status-stack init']
      : [`no profile named ${name}`, `status-stack --profile ${name} init`]
  throw new CliError(
    'profile',
    'no-profile',
    `${what} in ${dirname(folder)}`,
    `make one with \`${how}\`; \`status-stack profiles\` lists those there are`
  )
}

/** Parses a JSON file of the profile. @throws CliError `no-profile`, `damaged` */
export async function readJson(path: string): Promise<unknown> {
  assertProfile(path)
  const text = await readTextFile(path, {
    what: 'the file of the profile',
    maxBytes: limits.profileFileBytes,
    code: 'damaged',
    exit: 'profile'
  })
  try {
    return JSON.parse(text)
  } catch {
    throw new CliError('profile', 'damaged', `${path} is damaged: it is not JSON`)
  }
}

/** Writes a file of the profile, which only its owner can read, so that a crash leaves the old one or the new one. */
export async function writeJson(profile: Profile, path: string, value: unknown): Promise<void> {
  await mkdir(profile.folder, { recursive: true, mode: 0o700 })
  await replaceFile(path, `${JSON.stringify(value, null, 2)}\n`)
}

/**
 * Closes the profile's folder to others, and says so when it was open.
 * @throws CliError `profile-open` when it is open and cannot be closed
 */
export async function closeProfile(profile: Profile, output: Pick<Output, 'note'>): Promise<void> {
  const { folder } = profile
  if (!(await closeFolder(folder))) return
  output.note(
    { event: 'warning', code: 'profile-open', folder },
    `· others could enter ${folder}; it is closed to them now`
  )
}
