import { isPrivateKey } from '@status-stack/crypto'
import { hexOf } from './capture.ts'
import { check, InspectorError } from './errors.ts'
import { identityOf, type Keys } from './keyring.ts'
import { type CaptureLimits, captureLimits as defaults } from './limits.ts'

const expected = 'expected JSON with lists of hex keys: identities, prekeys, generated, symmetric; and chats'

const lists = ['identities', 'prekeys', 'generated', 'symmetric', 'chats'] as const

function bad(source: string, problem: string): InspectorError {
  return new InspectorError('not-a-keys-file', `${source}: ${problem}`, { hint: expected })
}

/**
 * The keys of a text: JSON with lists of hex keys. Errors name the list and the place in it, never the key.
 *
 * @param source what the text is called in errors
 * @throws InspectorError `not-a-keys-file`, `invalid-argument`
 * @example
 * ```ts
 * const keys = parseKeys('keys.json', '{ "chats": ["status"] }')
 * ```
 */
export function parseKeys(source: string, text: string, limits: CaptureLimits = defaults): Keys {
  check.text('source', source)
  check.text('text', text)
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw bad(source, 'not JSON')
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file)) throw bad(source, 'not a JSON object')
  const given = file as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find(name => !lists.some(list => list === name))
  if (unknown !== undefined) throw bad(source, `has a list ${JSON.stringify(unknown.slice(0, 32))} of an unknown name`)
  const strings = (name: (typeof lists)[number]): readonly string[] => {
    const list = given[name] ?? []
    if (!Array.isArray(list) || list.some(each => typeof each !== 'string')) {
      throw bad(source, `${name} is not a list of strings`)
    }
    // BOUNDED: keys
    if (list.length > limits.keys) throw bad(source, `${name} has more than ${limits.keys} entries`)
    return list
  }
  const bytes = (name: (typeof lists)[number], fits: (key: Uint8Array) => boolean): readonly Uint8Array[] =>
    strings(name).map((each, at) => {
      const key = hexOf(each)
      if (key === undefined || !fits(key)) throw bad(source, `${name}[${at}] is not a key: expected 64 hex digits`)
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
