import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every file below a folder, at all depths. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

/** Every form in which a secret could stand somewhere: as text, as bytes, in hex, in base64 and in UTF-16. */
export function formsOf(secret: string, encoding: 'utf8' | 'hex' = 'utf8'): readonly Buffer[] {
  const bytes = Buffer.from(secret, encoding)
  return [
    Buffer.from(secret),
    Buffer.from(secret.toUpperCase()),
    Buffer.from(secret, 'utf16le'),
    bytes,
    Buffer.from(bytes.toString('base64').replace(/=+$/, '')),
    Buffer.from(bytes.toString('hex'))
  ]
}
