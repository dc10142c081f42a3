import { constants } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { utf8Text, withoutMark } from '@status-stack/utils'
import { CliError } from './errors.ts'
import type { ExitName } from './exit-codes.ts'

/** How a file that a person names is read. */
export interface FileRead {
  /** What it is, as the error says it: `the password file`. */
  readonly what: string
  /** BOUNDED: more bytes are refused before they are read. */
  readonly maxBytes: number
  /** Code of the error. */
  readonly code: string
  /** Code of the error for a file that is too long. @default `code` */
  readonly tooLong?: string
  /** @default 'usage' */
  readonly exit?: ExitName
  /** What the person can do about it. */
  readonly hint?: string
}

/** Descriptors that the shell handed over, as `<(command)` does: reading them is what the person asked for. */
const descriptor = /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/\d{1,6})$/

/**
 * All bytes of a regular file, of a descriptor that the shell handed over, or nothing for `/dev/null`. Anything else (a
 * device, a FIFO, a folder, a socket) is refused: it may never end, or have no end to wait for.
 * @throws CliError with the code and the exit code that were asked for
 */
export async function readRegularFile(path: string, read: FileRead): Promise<Uint8Array> {
  const { what, maxBytes, code, exit = 'usage', hint } = read
  const error = (as: string, why: string): CliError => new CliError(exit, as, `${what} ${why}: ${path}`, hint)
  const refuse = (why: string): CliError => error(code, why)
  const tooLong = (): CliError => error(read.tooLong ?? code, `is longer than ${maxBytes} bytes`)
  const handedOver = descriptor.test(path)
  let file: FileHandle
  try {
    // Without waiting: opening a FIFO would otherwise last until another process opens it too.
    file = await open(path, constants.O_RDONLY | constants.O_NOCTTY | (handedOver ? 0 : constants.O_NONBLOCK))
  } catch {
    throw refuse('cannot be read')
  }
  try {
    const found = await file.stat()
    if (path === '/dev/null') return new Uint8Array(0)
    if (!found.isFile() && !handedOver) throw refuse('cannot be read (it is not a regular file)')
    if (found.isFile() && found.size > maxBytes) throw tooLong()
    const bytes = await readUpTo(file, maxBytes)
    if (bytes === undefined) throw tooLong()
    return bytes
  } catch (error) {
    throw error instanceof CliError ? error : refuse('cannot be read')
  } finally {
    await file.close()
  }
}

/** `undefined` when there is more: a file may grow while it is read, and a device says nothing of its size. */
async function readUpTo(file: FileHandle, maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 64 * 1024 })) {
    parts.push(chunk)
    length += chunk.length
    if (length > maxBytes) return undefined
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** The arguments of this process as bytes, where the system tells them. */
export async function readArgumentBytes(): Promise<Uint8Array | undefined> {
  try {
    return await readFile('/proc/self/cmdline')
  } catch {
    return undefined
  }
}

/** A text file without its byte order mark. @throws CliError as {@link readRegularFile}, also for what is not UTF-8 */
export async function readTextFile(path: string, read: FileRead): Promise<string> {
  const text = utf8Text(await readRegularFile(path, read))
  if (text === undefined)
    throw new CliError(read.exit ?? 'usage', read.code, `${read.what} is not UTF-8: ${path}`, read.hint)
  return withoutMark(text)
}
