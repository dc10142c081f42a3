import { ProfileError } from '@status-stack/profiles/folder'
import { utf8Text, withoutMark } from '@status-stack/utils'
import { CliError } from './errors.ts'
import { readRegularFile } from './files.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'

const variable = 'STATUS_STACK_PASSWORD'

interface PasswordOptions {
  readonly ignoreEnvironment?: boolean
  readonly flag?: string
}

/** Where a password comes from, and whose it is: the prompt says so. */
export interface PasswordSource {
  readonly passwordFile: string | undefined
  /** `profile work`, `the backup a.json`. */
  readonly whose: string
}

/** The password of the profile that a command is about. */
export const ofProfile = ({ passwordFile, profile }: Pick<Globals, 'passwordFile' | 'profile'>): PasswordSource => ({
  passwordFile,
  whose: `profile ${profile}`
})

/** How often a person at a terminal may try again. */
const attempts = 3

/** A password as it was given. */
interface GivenPassword {
  readonly text: string
  /** The form under which an earlier version took the same file, where that was another one. */
  readonly earlier?: string | undefined
  /** It was typed: another one may be asked for. */
  readonly asked?: boolean
}

/**
 * The password of the profile: from `--password-file`, else from the environment, else asked for without echo. There is
 * no flag that takes it: argument lists are readable by every process of the machine. Its UTF-8 bytes are used as they were
 * given, neither composed nor decomposed: see docs/decisions/0311.
 */
export async function readPassword(
  source: PasswordSource,
  purpose: 'open' | 'create',
  options: PasswordOptions = {}
): Promise<string> {
  return (await givenPassword(source, purpose, options)).text
}

/**
 * Runs `work` with the password, and once more with the form under which an earlier version took it, when `work` refuses the first
 * with `wrong-password`. A person at a terminal is asked again.
 * @throws what `work` throws; CliError `wrong-password` with a hint where the same letters can be typed as other bytes
 */
export async function withPassword<T>(source: PasswordSource, work: (password: string) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const { text, earlier, asked } = await givenPassword(source, 'open', {})
    try {
      return await work(text)
    } catch (error) {
      if (!isWrong(error)) throw error
      if (earlier !== undefined) return work(earlier)
      if (!asked || attempt === attempts) throw explained(error, text)
      process.stderr.write(`${error.message}: try again\n`)
    }
  }
}

const isWrong = (error: unknown): error is ProfileError => ProfileError.is(error) && error.code === 'wrong-password'

function explained(error: ProfileError, text: string): Error {
  if (text.normalize('NFC') === text.normalize('NFD')) return error
  return new CliError(
    'password',
    error.code,
    error.message,
    'it has letters that can be typed as one character or as two (é): they are different passwords'
  )
}

async function givenPassword(
  source: PasswordSource,
  purpose: 'open' | 'create',
  options: PasswordOptions
): Promise<GivenPassword> {
  if (source.passwordFile !== undefined) return fromFile(source.passwordFile)
  const environment = options.ignoreEnvironment === true ? undefined : process.env[variable]
  if (environment !== undefined) return { text: assertUsable(assertWhole(environment, variable)) }
  if (!canAsk()) {
    throw new CliError(
      'password',
      'no-password',
      `the password of ${source.whose} is needed and there is no terminal to ask on`,
      options.flag === undefined
        ? `use --password-file FILE or the environment variable ${variable}`
        : `use ${options.flag} FILE`
    )
  }
  const text = purpose === 'open' ? await asked(`Password of ${source.whose}`) : await askNew(source.whose)
  return { text, asked: true }
}

const asked = async (message: string): Promise<string> =>
  assertUsable(assertWhole(await ask(message), 'what was typed'))

/** Twice, until both are the same; between them, what the first is worth. */
async function askNew(whose: string): Promise<string> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const first = await asked(`New password of ${whose}`)
    const { passwordAdvice } = await import('./password-strength.ts')
    const advice = passwordAdvice(first)
    if (advice !== undefined) process.stderr.write(`${advice}\n`)
    if (first === (await ask('Again, to be sure'))) return first
    if (attempt < attempts) process.stderr.write('the two passwords differ: try again\n')
  }
  throw new CliError('password', 'passwords-differ', 'the two passwords differ')
}

/** There is a terminal on which the person can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Asks on the terminal without echo. */
export async function ask(message: string): Promise<string> {
  const { default: password } = await import('@inquirer/password')
  try {
    return await password({ message, mask: false }, { output: process.stderr })
  } catch {
    throw new CliError('interrupted', 'interrupted', 'nothing was typed')
  }
}

async function fromFile(path: string): Promise<GivenPassword> {
  const bytes = await readRegularFile(path, {
    what: 'the password file',
    maxBytes: limits.passwordBytes,
    code: 'password-file',
    exit: 'password'
  })
  const text = utf8Text(bytes)?.replace(/\r?\n$/, '')
  if (text === undefined) throw notText(`the password file ${path}`)
  const unmarked = withoutMark(text)
  // Profiles of earlier versions may be encrypted under the mark as well.
  return { text: assertUsable(unmarked), ...(unmarked === text ? {} : { earlier: text }) }
}

/** Earlier versions replaced each wrong byte by U+FFFD, so that one file opened the profiles of many. */
function notText(where: string): CliError {
  return new CliError(
    'password',
    'password-encoding',
    `${where} is not UTF-8`,
    'a profile that an earlier version made with it opens with the character U+FFFD for each wrong byte, in a password file'
  )
}

/** The platform has replaced what it could not decode, and which bytes those were cannot be told any more. */
function assertWhole(text: string, where: string): string {
  if (text.includes('\ufffd')) throw notText(where)
  return text
}

function assertUsable(password: string): string {
  if (password.length === 0) throw new CliError('password', 'empty-password', 'the password is empty')
  return password
}
