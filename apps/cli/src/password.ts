import { readFile } from 'node:fs/promises'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'

const variable = 'STATUS_STACK_PASSWORD'
const longestFile = 4096

/**
 * The password of the profile: from `--password-file`, else from the environment, else asked for without echo. There is
 * no flag that takes it: argument lists are readable by every process of the machine.
 */
export async function readPassword(
  source: Pick<Globals, 'passwordFile'>,
  purpose: 'open' | 'create',
  options: { readonly ignoreEnvironment?: boolean; readonly flag?: string } = {}
): Promise<string> {
  const environment = options.ignoreEnvironment === true ? undefined : process.env[variable]
  const given = source.passwordFile === undefined ? environment : await fromFile(source.passwordFile)
  if (given !== undefined) return assertUsable(given)
  if (!canAsk()) {
    throw new CliError(
      'password',
      'no-password',
      'a password is needed and there is no terminal to ask on',
      options.flag === undefined
        ? `use --password-file FILE or the environment variable ${variable}`
        : `use ${options.flag} FILE`
    )
  }
  const first = assertUsable(await ask(options.ignoreEnvironment === true ? 'New password' : 'Password'))
  if (purpose === 'create' && first !== (await ask('Again'))) {
    throw new CliError('password', 'passwords-differ', 'the two passwords differ')
  }
  return first
}

/** There is a terminal on which somebody can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Asks on the terminal without echo. */
export async function ask(message: string): Promise<string> {
  const { default: password } = await import('@inquirer/password')
  try {
    return await password({ message, mask: false }, { output: process.stderr })
  } catch {
    throw new CliError('interrupted', 'interrupted', 'no password was given')
  }
}

async function fromFile(path: string): Promise<string> {
  let content: Buffer
  try {
    content = await readFile(path)
  } catch {
    throw new CliError('password', 'password-file', `the password file cannot be read: ${path}`)
  }
  if (content.length > longestFile) {
    throw new CliError('password', 'password-file', `the password file is longer than ${longestFile} bytes: ${path}`)
  }
  return content.toString('utf8').replace(/\r?\n$/, '')
}

function assertUsable(password: string): string {
  if (password.length === 0) throw new CliError('password', 'empty-password', 'the password is empty')
  return password
}
