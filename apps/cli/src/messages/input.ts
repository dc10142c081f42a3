import { collectBytes, utf8Text, withoutMark } from '@status-stack/utils'
import { CliError } from '../errors.ts'
import { readRegularFile } from '../files.ts'
import { limits } from '../limits.ts'

/** Text from an argument, or all of stdin when it is `-` or missing. @throws CliError `no-text`, `too-long`, `not-utf8` */
export async function readText(argument: string | undefined): Promise<string> {
  if (argument !== undefined && argument !== '-') return nonEmpty(argument)
  if (process.stdin.isTTY)
    throw new CliError('usage', 'no-text', 'there is no text to send', 'give it as an argument or through stdin')
  // BOUNDED: textBytes
  return nonEmpty(await readStdin('the text', limits.textBytes))
}

/** All of stdin, without a byte order mark and the last line's end. @throws CliError `too-long`, `not-utf8` */
export async function readStdin(what: string, maxBytes: number): Promise<string> {
  const bytes = await collectBytes(process.stdin, maxBytes)
  if (bytes === undefined) throw usage('too-long', `${what} is longer than ${maxBytes} bytes`)
  const text = utf8Text(bytes)
  // What was not decoded would be sent as other characters than were written.
  if (text === undefined) throw usage('not-utf8', `${what} on stdin is not UTF-8`, 'convert it, for example with iconv')
  return withoutMark(text).replace(/\r?\n$/, '')
}

function nonEmpty(text: string): string {
  if (text.trim() === '') throw new CliError('usage', 'no-text', 'there is no text to send')
  return text
}

/** All of a file, or of stdin when the path is `-`; never more than `maxBytes`. @throws CliError `file`, `too-large` */
export async function readBytes(path: string, maxBytes: number): Promise<Uint8Array> {
  if (path === '-') {
    const bytes = await collectBytes(process.stdin, maxBytes)
    if (bytes === undefined)
      throw usage('too-large', `stdin is longer than ${maxBytes} bytes: at most so many can be sent`)
    return bytes
  }
  return readRegularFile(path, {
    what: 'the file',
    maxBytes,
    code: 'file',
    tooLong: 'too-large',
    hint: `at most ${maxBytes} bytes can be sent`
  })
}

const usage = (code: string, message: string, hint?: string): CliError => new CliError('usage', code, message, hint)

/** Refuses where a question could not be answered, before there is one. @throws CliError `not-confirmed` */
export function assertAnswerable(yes: boolean | undefined): void {
  if (yes === true || (process.stdin.isTTY === true && process.stderr.isTTY === true)) return
  throw new CliError('usage', 'not-confirmed', 'this asks first, and there is no terminal to ask on', 'say --yes')
}

/** Asks on the terminal; without one the answer must have been given by a flag. @throws CliError `not-confirmed`, `interrupted` */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return
  assertAnswerable(yes)
  if (!(await agrees(question))) throw notConfirmed()
}

/** Lets the person type a word, for what no habit should answer. @throws CliError `not-confirmed`, `interrupted` */
export async function confirmByWord(question: string, word: string): Promise<void> {
  if ((await typedLine(question)) !== word) throw notConfirmed()
}

/** Asks on the terminal. No answer is a no. @throws CliError `interrupted` */
export const agrees = async (question: string): Promise<boolean> =>
  /^y(es)?$/i.test(await typedLine(`${question} [y/N]`))

const notConfirmed = (): CliError => new CliError('failed', 'not-confirmed', 'nothing was done')

/** A line; empty where the terminal ends the input. @throws CliError `interrupted` */
async function typedLine(question: string): Promise<string> {
  const { createInterface } = await import('node:readline')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const given = await new Promise<{ readonly line: string } | 'ended' | 'interrupted'>(resolve => {
    lines.question(`${question} `, line => resolve({ line }))
    lines.once('SIGINT', () => resolve('interrupted'))
    lines.once('close', () => resolve('ended'))
  })
  lines.close()
  if (typeof given === 'object') return given.line.trim()
  // What is said next begins on a line of its own.
  process.stderr.write('\n')
  if (given === 'interrupted') throw new CliError('interrupted', 'interrupted', 'nothing was done')
  return ''
}
