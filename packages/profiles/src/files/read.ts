import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { collectBytes, utf8Text, withoutMark } from '@status-stack/utils'
import { ProfileError, profileError } from '../errors.ts'

/** Descriptors that the shell handed over, as `<(command)` does: reading them is what the person asked for. */
const descriptor = /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/\d{1,6})$/

/**
 * All bytes of a regular file, of a descriptor that the shell handed over, or nothing for `/dev/null`. Anything else (a
 * device, a FIFO, a folder, a socket) is refused: it may never end, or have no end to wait for.
 *
 * @param maxBytes - more are refused before they are read
 * @throws ProfileError `unreadable`, `not-a-file`, `too-long`
 * @example
 * ```ts
 * const bytes = await readRegularFile(picture, 1024 * 1024)
 * ```
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const tooLong = (): ProfileError => profileError('too-long', `${path} is longer than ${maxBytes} bytes`)
  const handedOver = descriptor.test(path)
  let file: FileHandle
  try {
    // Without waiting: opening a FIFO would otherwise last until another process opens it too.
    file = await open(path, constants.O_RDONLY | constants.O_NOCTTY | (handedOver ? 0 : constants.O_NONBLOCK))
  } catch {
    throw unreadable(path)
  }
  try {
    const found = await file.stat()
    if (path === '/dev/null') return new Uint8Array(0)
    if (!found.isFile() && !handedOver) throw profileError('not-a-file', `${path} is not a regular file`)
    if (found.isFile() && found.size > maxBytes) throw tooLong()
    // A file may grow while it is read, and a device says nothing of its size.
    const bytes = await collectBytes(file.createReadStream({ autoClose: false, highWaterMark: 64 * 1024 }), maxBytes)
    if (bytes === undefined) throw tooLong()
    return bytes
  } catch (error) {
    throw ProfileError.is(error) ? error : unreadable(path)
  } finally {
    await file.close()
  }
}

const unreadable = (path: string): ProfileError => profileError('unreadable', `${path} cannot be read`)

/**
 * A text file without its byte order mark.
 *
 * @throws ProfileError as {@link readRegularFile}, and `not-text` for what is not UTF-8
 * @example
 * ```ts
 * const phrase = (await readTextFile(phraseFile, 16 * 1024)).trim()
 * ```
 */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  const text = utf8Text(await readRegularFile(path, maxBytes))
  if (text === undefined) throw profileError('not-text', `${path} is not UTF-8`)
  return withoutMark(text)
}
