import { open } from 'node:fs/promises'
import { CliError } from '../errors.ts'

/** BOUNDED: characters of a text that is read; the protocol takes fewer and says so itself. */
export const longestText = 64 * 1024

/** Text from an argument, or all of stdin when it is `-` or missing. @throws CliError `no-text`, `too-long` */
export async function readText(argument: string | undefined): Promise<string> {
  if (argument !== undefined && argument !== '-') return nonEmpty(argument)
  if (process.stdin.isTTY)
    throw new CliError('usage', 'no-text', 'there is no text to send', 'give it as an argument or through stdin')
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.length > longestText)
      throw new CliError('usage', 'too-long', `the text is longer than ${longestText} characters`)
  }
  return nonEmpty(text.replace(/\r?\n$/, ''))
}

function nonEmpty(text: string): string {
  if (text.trim() === '') throw new CliError('usage', 'no-text', 'there is no text to send')
  return text
}

/** All of a file, or of stdin when the path is `-`; never more than `maxBytes`. @throws CliError `file`, `too-large` */
export async function readBytes(path: string, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (): CliError =>
    new CliError('usage', 'too-large', `${path === '-' ? 'stdin' : path}: at most ${maxBytes} bytes can be sent`)
  const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
    const parts: Uint8Array[] = []
    let length = 0
    for await (const chunk of chunks) {
      parts.push(chunk)
      length += chunk.length
      if (length > maxBytes) throw tooLarge()
    }
    return new Uint8Array(Buffer.concat(parts))
  }
  if (path === '-') return collect(process.stdin)
  try {
    const file = await open(path)
    try {
      return await collect(file.createReadStream({ autoClose: false, highWaterMark: 64 * 1024 }))
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError('usage', 'file', `the file cannot be read: ${path}`)
  }
}

/** Asks on the terminal; without one the answer must have been given by a flag. @throws CliError `not-confirmed` */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new CliError('usage', 'not-confirmed', 'this asks first, and there is no terminal to ask on', 'say --yes')
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    if (/^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())) return
  } finally {
    lines.close()
  }
  throw new CliError('failed', 'not-confirmed', 'nothing was done')
}
