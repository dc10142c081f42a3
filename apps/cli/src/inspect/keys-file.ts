import { type Keys, parseKeys } from '@status-stack/inspector'
import { readTextFile } from '../files.ts'
import { limits as defaults, type InputLimits } from './limits.ts'

/** Reads a keys file. @throws CliError, InspectorError `not-a-keys-file` */
export async function readKeysFile(path: string, limits: InputLimits = defaults): Promise<Keys> {
  // BOUNDED: keysFileBytes
  const text = await readTextFile(path, {
    what: 'the keys file',
    maxBytes: limits.keysFileBytes,
    code: 'not-a-keys-file',
    hint: 'expected JSON with lists of hex keys: identities, prekeys, generated, symmetric; and chats'
  })
  return parseKeys(path, text)
}
