import { decodePayload, type Payload } from '@status-stack/status-data/wire'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'

// The vectors spell fields as protobuf does, in snake case; hex is bytes or text, decimal strings are 64-bit integers
// or text. Only the names tell which.
const bytesFields = new Set([
  'allowed_key_list',
  'blocked_chat_list',
  'events',
  'grant',
  'message',
  'payload',
  'public_key',
  'public_keys',
  'request_id',
  'server_public_key',
  'signature'
])
const integerFields = new Set(['clock', 'duration_ms', 'last_updated', 'timestamp', 'version'])

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const snake = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** The payload that the `fields` of a case describe. */
export function payloadOfFields(vector: VectorCase): Payload {
  const empty = decodePayload(vector['type'], new Uint8Array())
  if (empty.message instanceof Uint8Array) return { ...empty, message: vectorBytes(vector['payload']) } as Payload
  // Push messages name messages by their bytes, all others by their text.
  const pushed = String(vector['payloadType']).includes('PushNotification')
  const isBytes = (name: string): boolean => bytesFields.has(name) || (pushed && name === 'message_id')
  return { ...empty, message: { ...empty.message, ...objectOf(vector['fields'], isBytes) } } as Payload
}

function objectOf(fields: object, isBytes: (name: string) => boolean): Readonly<Record<string, unknown>> {
  const present = Object.entries(fields).filter(([, value]) => value !== null)
  return Object.fromEntries(present.map(([name, value]) => [camel(name), fieldValue(name, value, isBytes)]))
}

function fieldValue(name: string, value: unknown, isBytes: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map(item => fieldValue(name, item, isBytes))
  if (typeof value === 'object' && value !== null) return objectOf(value, isBytes)
  if (typeof value !== 'string') return value
  if (integerFields.has(name)) return BigInt(value)
  return isBytes(name) ? vectorBytes(value) : value
}

/** A message with the field names of the vectors, for comparing. */
export function fieldsOfMessage(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(fieldsOfMessage)
  if (typeof message !== 'object' || message === null || message instanceof Uint8Array) return message
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [snake(name), fieldsOfMessage(value)]))
}
