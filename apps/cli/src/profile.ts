import { existsSync } from 'node:fs'
import { mkdir, open, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'
import type { Output } from './output.ts'
import { closeFolder, replaceFile } from './private-files.ts'

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/
const longestFile = 64 * 1024

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
  const base =
    globals.dataDir ?? join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'status-stack')
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
  let text: string
  try {
    const file = await open(path)
    try {
      if ((await file.stat()).size > longestFile)
        throw new CliError('profile', 'damaged', `${path} is not a file of this program`)
      text = await readFile(file, 'utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(
      'profile',
      'no-profile',
      `there is no profile here: ${path} cannot be read`,
      'make one with: status-stack init'
    )
  }
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
