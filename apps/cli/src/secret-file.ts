import { CliError } from './errors.ts'
import { readTextFile } from './files.ts'
import { limits } from './limits.ts'

const secretFile = { what: 'the secret file', maxBytes: limits.secretFileBytes, code: 'secret-file' } as const

/** Hex of at least 32 bytes. @throws CliError `secret-file` */
export async function readSecret(path: string): Promise<Uint8Array> {
  const text = (await readTextFile(path, secretFile)).trim()
  if (!/^([0-9a-fA-F]{2}){32,512}$/.test(text)) {
    throw new CliError('usage', 'secret-file', `the secret file does not hold 64 hex digits or more: ${path}`)
  }
  return new Uint8Array(Buffer.from(text, 'hex'))
}
