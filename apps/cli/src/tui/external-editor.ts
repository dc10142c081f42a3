import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { CliError } from '../errors.ts'
import { utf8Text, withoutMark } from '../files.ts'
import type { Profile } from '../profile.ts'
import { longestInput } from './editor.ts'

/**
 * Where a draft lies while it is edited: memory that ends with the login where there is such a folder, else the profile's own
 * folder. One name per profile: only the process that holds the profile uses it, so a later one may remove what is left over.
 */
export function draftFolder(profile: Pick<Profile, 'folder'>, environment: NodeJS.ProcessEnv): string {
  const name = `status-stack-draft-${createHash('sha256').update(profile.folder).digest('hex').slice(0, 16)}`
  const runtime = environment['XDG_RUNTIME_DIR']
  return join(runtime !== undefined && isAbsolute(runtime) && isOurs(runtime) ? runtime : profile.folder, name)
}

function isOurs(folder: string): boolean {
  try {
    const found = lstatSync(folder)
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
  } catch {
    return false
  }
}

/** Removes what a process left that was killed while its editor was open. Only while the profile is held. */
export function removeDrafts(profile: Pick<Profile, 'folder'>, environment: NodeJS.ProcessEnv): void {
  for (const place of [environment, {}]) removeOverwritten(draftFolder(profile, place))
}

/** Where no folder in memory is at hand the draft was on a disk: zeros take the place of its text before its name goes. */
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

/** The command that edits a file: `$VISUAL`, else `$EDITOR`, else `vi`. */
export const editorCommand = (environment: NodeJS.ProcessEnv): string =>
  environment['VISUAL'] || environment['EDITOR'] || 'vi'

/**
 * Lets the person write in their own editor. The terminal must be free for it. The file is its owner's alone and gone afterwards;
 * what is in it is never logged.
 * @throws CliError `editor` when the editor cannot be run or reports a failure
 */
export async function editExternally(
  profile: Pick<Profile, 'folder'>,
  text: string,
  signal: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env
): Promise<string> {
  const folder = draftFolder(profile, environment)
  const file = join(folder, 'message.txt')
  const remove = (): void => removeOverwritten(folder)
  remove()
  mkdirSync(folder, { mode: 0o700 })
  process.once('exit', remove)
  const release = holdInterrupts()
  try {
    writeFileSync(file, text === '' ? '' : `${text}\n`, { mode: 0o600, flag: 'wx' })
    await runEditor(editorCommand(environment), file, signal)
    return readBounded(file).replace(/\n$/, '')
  } finally {
    release()
    process.off('exit', remove)
    remove()
  }
}

function runEditor(command: string, file: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // As git does: the setting is a command with its own arguments, the file comes last.
    // The shell gives way to it, so that a signal to it reaches it; not where it begins with a variable.
    const line = `${/^\s*\w+=/.test(command) ? '' : 'exec '}${command} "$1"`
    const child = spawn('/bin/sh', ['-c', line, 'sh', file], { stdio: 'inherit', signal })
    const failed = (what: string): void => reject(new CliError('failed', 'editor', what, 'the text is as it was'))
    child.once('error', () => failed('the editor cannot be run'))
    child.once('exit', code => {
      if (code === 0) resolve()
      else failed(code === 127 ? 'there is no such editor: set EDITOR' : 'the editor reported a failure')
    })
  })
}

/** Ctrl+C in the editor is the editor's. */
function holdInterrupts(): () => void {
  const listeners = process.listeners('SIGINT')
  const ignore = (): void => {}
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', ignore)
  return () => {
    process.off('SIGINT', ignore)
    for (const listener of listeners) process.on('SIGINT', listener)
  }
}

/** BOUNDED: of a file longer than any input, only the beginning is read. @throws CliError `editor` */
function readBounded(file: string): string {
  const buffer = Buffer.alloc(4 * longestInput)
  // The editor may have put something else in its place.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const refuse = (what: string): CliError => new CliError('failed', 'editor', what, 'the text is as it was')
    if (!fstatSync(handle).isFile()) throw refuse('the editor left no regular file')
    const length = readSync(handle, buffer, 0, buffer.length, 0)
    // A text that was cut may end within a character.
    const end = length === buffer.length ? lastBoundary(buffer) : length
    const text = utf8Text(buffer.subarray(0, end))
    if (text === undefined) throw refuse('the editor did not write UTF-8')
    return withoutMark(text)
  } finally {
    closeSync(handle)
  }
}

/** Where the last character of UTF-8 begins. */
function lastBoundary(bytes: Uint8Array): number {
  let at = bytes.length - 1
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}
