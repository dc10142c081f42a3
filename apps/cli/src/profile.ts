import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from './errors.ts'
import { readTextFile } from './files.ts'
import { xdgFolder } from './folders.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'
import type { Output } from './output.ts'
import { closeFolder, replaceFile } from './private-files.ts'

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
export function profileOf(globals: Pick<Globals, 'profile' | 'dataDir'>): Profile {
  if (!namePattern.test(globals.profile)) {
    throw new CliError(
      'usage',
      'profile-name',
      `not a profile name: ${globals.profile}`,
      'letters, digits, dot, dash and underscore, at most 64'
    )
  }
  const base = globals.dataDir ?? join(xdgFolder('XDG_DATA_HOME', process.env), 'status-stack')
  const folder = join(base, globals.profile)
  return {
    name: globals.profile,
    folder,
    accountFile: join(folder, 'account.json'),
    nodeFile: join(folder, 'node.json'),
    databaseFolder: join(folder, 'database')
  }
}

export function profileExists(profile: Profile): boolean {
  return existsSync(profile.accountFile)
}

/** Parses a JSON file of the profile. @throws CliError `no-profile`, `damaged` */
export async function readJson(path: string): Promise<unknown> {
  if (!existsSync(path)) {
    throw new CliError(
      'profile',
      'no-profile',
      `there is no profile here: ${path} does not exist`,
      'make one with: status-stack init'
    )
  }
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
