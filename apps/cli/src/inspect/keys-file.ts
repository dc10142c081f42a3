import { hexToBytes, isPrivateKey } from '@status-stack/crypto'
import { identityOf, type Keys } from '@status-stack/inspector'
import { CliError } from '../errors.ts'
import { readTextFile } from '../files.ts'
import { limits as defaults, type InputLimits } from './limits.ts'

const expected = 'expected JSON with lists of hex keys: identities, prekeys, generated, symmetric; and chats'

const lists = ['identities', 'prekeys', 'generated', 'symmetric', 'chats'] as const

function bad(path: string, problem: string): CliError {
  return new CliError('usage', 'not-a-keys-file', `${path}: ${problem}`, expected)
}

/** Reads a keys file. Errors name the list and the place in it, never the key. @throws CliError `not-a-keys-file` */
export async function readKeysFile(path: string, limits: InputLimits = defaults): Promise<Keys> {
  // BOUNDED: keysFileBytes
  const text = await readTextFile(path, {
    what: 'the keys file',
    maxBytes: limits.keysFileBytes,
    code: 'not-a-keys-file',
    hint: expected
  })
  return parseKeys(path, text, limits)
}

/** The keys of a keys file's text. @throws CliError `not-a-keys-file` */
export function parseKeys(path: string, text: string, limits: InputLimits = defaults): Keys {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw bad(path, 'not JSON')
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file)) throw bad(path, 'not a JSON object')
  const given = file as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find(name => !lists.some(list => list === name))
  if (unknown !== undefined) throw bad(path, `has a list ${JSON.stringify(unknown.slice(0, 32))} of an unknown name`)
  const strings = (name: (typeof lists)[number]): readonly string[] => {
    const list = given[name] ?? []
    if (!Array.isArray(list) || list.some(each => typeof each !== 'string')) {
      throw bad(path, `${name} is not a list of strings`)
    }
    // BOUNDED: keys
    if (list.length > limits.keys) throw bad(path, `${name} has more than ${limits.keys} entries`)
    return list
  }
  const bytes = (name: (typeof lists)[number], fits: (key: Uint8Array) => boolean): readonly Uint8Array[] =>
    strings(name).map((each, at) => {
      const key = hexOf(each)
      if (key === undefined || !fits(key)) throw bad(path, `${name}[${at}] is not a key: expected 64 hex digits`)
      return key
    })
  return {
    identities: bytes('identities', isPrivateKey).map(identityOf),
    prekeys: bytes('prekeys', isPrivateKey),
    generated: bytes('generated', isPrivateKey),
    symmetric: bytes('symmetric', key => key.length === 32),
    chats: strings('chats')
  }
}

/** Bytes of hex digits with or without `0x`; `undefined` for anything else. */
export function hexOf(text: string): Uint8Array | undefined {
  const digits = text.startsWith('0x') || text.startsWith('0X') ? text.slice(2) : text
  return digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits) ? hexToBytes(digits.toLowerCase()) : undefined
}
