import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'

const { sections } = await loadVectors('payloads')

/** The cases of a section of payloads.json; an absent or empty section is an error. */
export function cases(name: string): readonly VectorCase[] {
  const found = sections[name]
  if (found === undefined || found.length === 0) throw new Error(`no vectors in section ${name}`)
  return found
}

const unsigned = new Set(['clock', 'timestamp', 'durationMs', 'lastUpdated', 'version'])
const binary = new Set([
  'payload',
  'signature',
  'grant',
  'publicKey',
  'serverPublicKey',
  'allowedKeyList',
  'blockedChatList',
  'publicKeys',
  'requestId'
])

/** The fields of a vector, snake case and text, as our types have them. */
export function fromFields(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map(element => fromFields(element, key))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
        return [camel, fromFields(inner, camel)]
      })
    )
  }
  if (typeof value === 'string' && unsigned.has(key)) return BigInt(value)
  if (typeof value === 'string' && binary.has(key)) return vectorBytes(value)
  return value
}
