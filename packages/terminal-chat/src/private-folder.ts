import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync
} from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { isLeftover, processMark } from '@status-stack/utils/process'
import type { Environment } from './environment.ts'
import type { Surroundings } from './surroundings.ts'

type Folder = Pick<Surroundings, 'folder'>

/** What lies in a folder of its own while another program looks at it: a draft, a picture. */
export type Purpose = 'draft' | 'open'

/** The beginning of the names of a profile's folders; the process that makes one adds its mark. */
const nameOf = (profile: Folder, purpose: Purpose): string =>
  `status-stack-${purpose}-${createHash('sha256').update(profile.folder).digest('hex').slice(0, 16)}`

/** Memory that ends with the login where there is such a folder, else the profile's own folder. */
function placeOf(profile: Folder, environment: Environment): string {
  const runtime = environment['XDG_RUNTIME_DIR']
  return runtime !== undefined && isAbsolute(runtime) && isOurs(runtime) ? runtime : profile.folder
}

/**
 * A folder for files that another program is to look at. One name per profile and process: several may use the profile through its daemon,
 * and what a process that is no more has left over can be removed.
 */
export function privateFolder(
  profile: Folder,
  purpose: Purpose,
  environment: Environment,
  mark: string = processMark()
): string {
  return join(placeOf(profile, environment), `${nameOf(profile, purpose)}-${mark}`)
}

/** How often a folder is marked as used, milliseconds: a process in another container cannot see that this one runs. */
const usedMs = 86_400_000

/** Made for its owner alone; it goes with the process, whatever ends that. The answered function removes it. */
export function makePrivateFolder(folder: string): () => void {
  const remove = (): void => removeOverwritten(folder)
  remove()
  mkdirSync(folder, { mode: 0o700 })
  const use = setInterval(() => markUsed(folder), usedMs).unref()
  process.once('exit', remove)
  return () => {
    clearInterval(use)
    process.off('exit', remove)
    remove()
  }
}

function markUsed(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date())
  } catch {
    // Somebody has removed it.
  }
}

/**
 * Removes what processes left that were killed while another program had a text or a picture of this profile open.
 *
 * @param profile - its folder
 * @param environment - names the memory that ends with the login
 * @example
 * ```ts
 * removeLeftovers({ folder: './profile' }, environment)
 * ```
 */
export function removeLeftovers(profile: Folder, environment: Environment): void {
  for (const place of [environment, {}]) {
    const above = placeOf(profile, place)
    for (const found of existsSync(above) ? readdirSync(above) : []) {
      const name = [nameOf(profile, 'draft'), nameOf(profile, 'open')].find(known => found.startsWith(`${known}-`))
      if (name === undefined) continue
      const folder = join(above, found)
      const changedMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs
      if (changedMs !== undefined && isLeftover(found.slice(name.length + 1), changedMs)) removeOverwritten(folder)
    }
  }
}

function isOurs(folder: string): boolean {
  try {
    const found = lstatSync(folder)
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
  } catch {
    return false
  }
}

/** Where no folder in memory is at hand the files were on a disk: zeros take the place of their bytes before their names go. */
function removeOverwritten(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    try {
      overwrite(join(folder, name))
    } catch {
      // Not a file, or not to be written: it is removed all the same.
    }
  }
  rmSync(folder, { recursive: true, force: true })
}

function overwrite(path: string): void {
  if (!lstatSync(path).isFile()) return
  const zeros = new Uint8Array(65_536)
  const file = openSync(path, 'r+')
  try {
    const { size } = fstatSync(file)
    for (let at = 0; at < size; at += zeros.length) writeSync(file, zeros, 0, Math.min(zeros.length, size - at), at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
