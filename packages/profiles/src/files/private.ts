import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, link, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { isDiskFull } from '@status-stack/utils'
import { isLeftover, processMark } from '@status-stack/utils/process'
import { diskFull, profileError } from '../errors.ts'

/**
 * Makes a folder, and those above it that are missing, unless it is there. `mkdir` with `recursive` of Node tries for ever where a file system refuses new
 * folders by saying that the one above is missing, as `/proc` does; this throws then.
 *
 * @param mode - of what is made
 * @example
 * ```ts
 * await makeFolder('exports/2026')
 * ```
 */
export async function makeFolder(folder: string, mode = 0o700): Promise<void> {
  try {
    await mkdir(folder, { mode })
  } catch (error) {
    const above = dirname(folder)
    // A working folder that was deleted lies in itself.
    const isRefused = codeOf(error) !== 'ENOENT' || above === folder || existsSync(above)
    if (!isRefused) {
      await makeFolder(above, mode)
      return makeFolder(folder, mode)
    }
    const isThere = await stat(folder).then(
      found => found.isDirectory(),
      () => false
    )
    if (!isThere) throw error
  }
}

/**
 * Writes a file so that a crash leaves the old one or the new one; readable by its owner only. What the old file held is
 * overwritten where it lies: a key under a password that was changed must not come back with a tool that undeletes.
 *
 * @example
 * ```ts
 * await replaceFile('settings.json', '{}')
 * ```
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await removeDrafts(path)
  const write = (): Promise<void> => withDraft(path, text, draft => replace(path, draft))
  await write().catch(error => {
    // A machine whose clock is wrong took the draft for one that was left.
    if (codeOf(error) !== 'ENOENT' || !existsSync(dirname(path))) throw error
    return write()
  })
}

/**
 * Writes a file as {@link replaceFile} does, unless there is one: of several that write it at once, one does.
 *
 * @returns whether it was written
 */
export async function placeFile(path: string, text: string): Promise<boolean> {
  await removeDrafts(path)
  return withDraft(path, text, async draft => {
    const placed = await place(path, draft, text)
    await erase(draft)
    return placed
  })
}

async function place(path: string, draft: string, text: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!withoutLinks.has(codeOf(error) ?? '')) throw error
  }
  if (existsSync(path)) return false
  await writeNewFile(path, text)
  return true
}

/** What file systems answer on which a file has one name. There, a crash may leave half of a new one. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Writes a draft of a file beside it, for `use` to put in its place; none is left when that fails. */
async function withDraft<T>(path: string, text: string, use: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${path}.${processMark()}.${randomBytes(4).toString('hex')}.new`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    return await use(draft)
  } catch (error) {
    await erase(draft).catch(() => rm(draft, { force: true }))
    throw error
  }
}

/**
 * Writes a file that does not exist yet, readable by its owner only; none is left when it cannot be written to its end. It is on the disk when
 * this resolves: what it is a copy of may be deleted then.
 *
 * @throws ProfileError `not-written`, `disk-full`
 * @example
 * ```ts
 * await writeNewFile('backup.json', '{}')
 * ```
 */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content, { mode: 0o600, flag: 'wx', flush: true })
    await syncFolder(dirname(path))
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST'
    if (!exists) await rm(path, { force: true }).catch(() => {})
    if (isDiskFull(error)) throw diskFull(path)
    throw profileError('not-written', `${path} ${exists ? 'exists already' : 'cannot be written'}`)
  }
}

/**
 * Deletes a file, and puts zeros in what it held; one that is not there is no error.
 *
 * @example
 * ```ts
 * await eraseFile('old-key.hex')
 * ```
 */
export async function eraseFile(path: string): Promise<void> {
  await removeDrafts(path)
  await erase(path)
}

const erase = (path: string): Promise<void> => overwriteAfter(path, () => rm(path, { force: true }))

/** Puts a draft in the place of a file, and zeros in what was there. */
const replace = (path: string, draft: string): Promise<void> => overwriteAfter(path, () => rename(draft, path))

/** Puts zeros in what a file holds once `away` has taken its name from it. */
async function overwriteAfter(path: string, away: () => Promise<void>): Promise<void> {
  const old = await open(path, 'r+').catch(() => undefined)
  try {
    await away()
    await syncFolder(dirname(path))
    if (old === undefined) return
    const { size, nlink } = await old.stat()
    // Under a second name it is a copy that was meant to be kept.
    if (nlink > 0) return
    await old.write(new Uint8Array(size), 0, size, 0)
    await old.sync()
  } finally {
    await old?.close()
  }
}

/** A rename is on the disk once its folder is. Windows has no such call. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path)
    await folder.sync().finally(() => folder.close())
  } catch {
    // Not on this system.
  }
}

/** Drafts of this file that processes left behind which ended while they wrote: they hold keys under a password of that time. */
async function removeDrafts(path: string): Promise<void> {
  const start = `${basename(path)}.`
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start) || !name.endsWith('.new')) continue
    const draft = join(dirname(path), name)
    const [mark = ''] = name.slice(start.length).split('.')
    const found = await stat(draft).catch(() => undefined)
    if (found?.isFile() === true && isLeftover(mark, found.mtimeMs)) await erase(draft)
  }
}

/**
 * From now on every file and folder that this process makes is its user's alone: databases make theirs as they please.
 *
 * @example
 * ```ts
 * keepFilesPrivate()
 * ```
 */
export function keepFilesPrivate(): void {
  if (isMainThread) process.umask(0o077)
}

/**
 * Closes a folder that others can enter, and the files in it that they can read.
 *
 * @returns whether it was open
 * @throws ProfileError `profile-open` when it is open and cannot be closed, because it is another user's for one
 * @example
 * ```ts
 * if (await closeFolder(folder)) console.log('others could enter it')
 * ```
 */
export async function closeFolder(folder: string): Promise<boolean> {
  // Windows has other permissions, which these bits do not show.
  if (process.getuid === undefined || !existsSync(folder)) return false
  const open = isOpen(await stat(folder))
  try {
    if (open) await chmod(folder, 0o700)
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isFile()) await closeFile(join(folder, entry.name))
    }
  } catch {
    throw profileError(
      'profile-open',
      `${folder} cannot be opened: other users can enter it, and it cannot be closed to them`
    )
  }
  return open
}

async function closeFile(path: string): Promise<void> {
  try {
    if (isOpen(await stat(path))) await chmod(path, 0o600)
  } catch (error) {
    // Deleted since the folder was read, by a process that has it open.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

const isOpen = ({ mode }: { readonly mode: number }): boolean => (mode & 0o077) !== 0
