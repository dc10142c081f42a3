import { readFile } from 'node:fs/promises'
import * as files from '@status-stack/profiles/files'
import { CliError, codeOf } from './errors.ts'
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

/** What is wrong with a file, behind what it is. */
const reasons = {
  'not-a-file': () => 'cannot be read (it is not a regular file)',
  'too-long': (maxBytes: number) => `is longer than ${maxBytes} bytes`,
  'not-text': () => 'is not UTF-8'
}

const isReason = (code: string | undefined): code is keyof typeof reasons => code !== undefined && code in reasons

/** Names the file as the person knows it. */
async function named<T>(
  path: string,
  { what, maxBytes, code, tooLong = code, exit = 'usage', hint }: FileRead,
  read: (path: string, maxBytes: number) => Promise<T>
): Promise<T> {
  try {
    return await read(path, maxBytes)
  } catch (error) {
    const reason = codeOf(error)
    const why = isReason(reason) ? reasons[reason](maxBytes) : 'cannot be read'
    throw new CliError(exit, reason === 'too-long' ? tooLong : code, `${what} ${why}: ${path}`, hint)
  }
}

/** All bytes of a regular file, or of a descriptor that the shell handed over. @throws CliError as it was asked for */
export const readRegularFile = (path: string, read: FileRead): Promise<Uint8Array> =>
  named(path, read, files.readRegularFile)

/** A text file without its byte order mark. @throws CliError as it was asked for, also for what is not UTF-8 */
export const readTextFile = (path: string, read: FileRead): Promise<string> => named(path, read, files.readTextFile)

/** The arguments of this process as bytes, where the system tells them. */
export async function readArgumentBytes(): Promise<Uint8Array | undefined> {
  try {
    return await readFile('/proc/self/cmdline')
  } catch {
    return undefined
  }
}
