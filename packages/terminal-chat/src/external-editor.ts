import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { utf8Text, withoutMark } from '@status-stack/utils'
import { longestInput } from './editor.ts'
import { editorCommand, holdInterrupts, runEditor } from './editor-program.ts'
import type { Environment } from './environment.ts'
import { ChatError } from './errors.ts'
import { makePrivateFolder, privateFolder } from './private-folder.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Lets the person write in their own editor. The terminal must be free for it. The file is its owner's alone and gone afterwards;
 * what is in it is never logged.
 * @throws ChatError `editor` when the editor cannot be run or reports a failure
 */
export async function editExternally(
  profile: Pick<Surroundings, 'folder'>,
  text: string,
  signal: AbortSignal,
  environment: Environment
): Promise<string> {
  const folder = privateFolder(profile, 'draft', environment)
  const file = join(folder, 'message.txt')
  const remove = makePrivateFolder(folder)
  const release = holdInterrupts()
  try {
    writeFileSync(file, text === '' ? '' : `${text}\n`, { mode: 0o600, flag: 'wx' })
    await runEditor(editorCommand(environment), file, signal, environment)
    return readBounded(file).replace(/\n$/, '')
  } finally {
    release()
    remove()
  }
}

/** BOUNDED: of a file longer than any input, only the beginning is read. @throws ChatError `editor` */
function readBounded(file: string): string {
  const buffer = Buffer.alloc(4 * longestInput)
  // The editor may have put something else in its place.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const refuse = (what: string): ChatError => new ChatError('environment', 'editor', what, 'the text is as it was')
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
