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
  writeSync
} from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { rootCodeOf } from '@status-stack/utils'
import type { Environment } from './environment.ts'
import type { Surroundings } from './surroundings.ts'

type Folder = Pick<Surroundings, 'folder'>

/** What lies in a folder of its own while another program looks at it: a draft, a picture. */
export type Purpose = 'draft' | 'open'

/** The beginning of the names of a profile's folders; the process that makes one adds its id. */
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
  pid: number = process.pid
): string {
  return join(placeOf(profile, environment), `${nameOf(profile, purpose)}-${pid}`)
}

/** Made for its owner alone; it goes with the process, whatever ends that. The answered function removes it. */
export function makePrivateFolder(folder: string): () => void {
  const remove = (): void => removeOverwritten(folder)
  remove()
  mkdirSync(folder, { mode: 0o700 })
  process.once('exit', remove)
  return () => {
    process.off('exit', remove)
    remove()
  }
}

/** Removes what processes left that were killed. */
export function removeLeftovers(profile: Folder, environment: Environment): void {
  for (const place of [environment, {}]) {
    const folder = placeOf(profile, place)
    for (const found of existsSync(folder) ? readdirSync(folder) : []) {
      const name = [nameOf(profile, 'draft'), nameOf(profile, 'open')].find(known => found.startsWith(known))
      if (name === undefined) continue
      // Without a process id it is of an earlier release, which held the profile alone.
      const pid = Number(found.slice(name.length + 1))
      if (!(pid > 0) || pid === process.pid || !isAlive(pid)) removeOverwritten(join(folder, found))
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return rootCodeOf(error) !== 'ESRCH'
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
