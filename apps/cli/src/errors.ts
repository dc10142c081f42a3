import { isStackError, StackError } from '@status-stack/interface'
import { type ExitName, exitCodes } from './exit-codes.ts'
import { printable } from './terminal-text.ts'

/** An error with a sentence for a person, a stable code for a program, and an exit code. Never holds a secret. */
export class CliError extends StackError {
  override readonly name = 'CliError'
  readonly exit: ExitName
  /** What the person can do about it. */
  readonly hint: string | undefined

  constructor(exit: ExitName, code: string, message: string, hint?: string) {
    super(code, message, { origin: exit === 'usage' ? 'caller' : 'environment' })
    this.exit = exit
    this.hint = hint
  }
}

/** An error as it is shown: a sentence, a stable code, and the exit code. */
export interface ErrorDescription {
  readonly code: string
  readonly message: string
  /** What the person can do about it. */
  readonly hint?: string | undefined
  readonly exitCode: number
}

/** What the operating system refused, in words. */
const refusals: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'that is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'the file may not become that large',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'that is a folder',
  EEXIST: 'it exists already',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  EADDRINUSE: 'another process listens there already',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'there is no host of that name'
}

const fullDisk = /no space left on device|disk quota exceeded|^(ENOSPC|EDQUOT|disk-full)$/i

/** Whether a thrown value, or what led to it, says that the disk is full: an error of the system, of LevelDB, or of a layer. */
export function isDiskFull(error: unknown): boolean {
  let next = error
  for (let depth = 0; depth < 5 && next !== undefined; depth++) {
    if (fullDisk.test(textOf(next, 'code') ?? '') || fullDisk.test(textOf(next, 'message') ?? '')) return true
    next = typeof next === 'object' && next !== null && 'cause' in next ? next.cause : undefined
  }
  return false
}

/** The sentence for it, about a file or folder. */
export function diskFull(path: string): CliError {
  return new CliError('full', 'disk-full', `${path}: the disk is full`, 'make room and try again')
}

/** What is known of any thrown value: layers' errors carry a `code`, everything else is `unexpected`. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof CliError) {
    const { code, message, hint, exit } = error
    return shown({ code, message, ...(hint ? { hint } : {}), exitCode: exitCodes[exit] })
  }
  if (textOf(error, 'name') === 'AbortError')
    return { code: 'interrupted', message: 'interrupted', exitCode: exitCodes.interrupted }
  const code = codeOf(error) ?? 'unexpected'
  if (isDiskFull(error)) {
    const message = `${placeOf(error)}${refusals[code] ?? 'the disk is full'}`
    return shown({ code: 'disk-full', message, hint: 'make room and try again', exitCode: exitCodes.full })
  }
  const refusal = Object.hasOwn(refusals, code) ? refusals[code] : undefined
  const message = refusal === undefined ? sentence(error) : `${placeOf(error)}${refusal}`
  return shown({ code, message, exitCode: exitCodes.failed })
}

/**
 * The stable code of an error: of the stack, of this program, or of the operating system. `undefined` for everything else:
 * only what was thrown as an error is asked.
 */
export function codeOf(error: unknown): string | undefined {
  if (isStackError(error)) return error.code
  return error instanceof Error ? textOf(error, 'code') : undefined
}

/** Arguments, files and peers choose parts of these sentences: nothing of them may act on a terminal. */
export function shown(error: ErrorDescription): ErrorDescription {
  const { message, hint } = error
  return { ...error, message: printable(message), ...(hint === undefined ? {} : { hint: printable(hint) }) }
}

/** The file or address that an error of the operating system speaks of. */
function placeOf(error: unknown): string {
  const address = textOf(error, 'address')
  const port = textOf(error, 'port')
  const place = textOf(error, 'path') ?? (address === undefined ? undefined : `${address}:${port ?? ''}`)
  return place === undefined ? '' : `${place}: `
}

function textOf(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined
  const found = (value as Readonly<Record<string, unknown>>)[name]
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
}

/** One line, whatever was thrown. */
function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().replace(/\s*\n\s*/g, '; ') || 'something failed without saying what'
}
