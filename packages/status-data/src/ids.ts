import { bytesToHex, hexToBytes, isPublicKey } from '@status-stack/crypto'
import type { PublicKey, Random } from '@status-stack/interface'
import { uuidV4 } from '@status-stack/utils'
import { check, checkKey, checkRandom } from './arguments.ts'
import { DataError } from './errors.ts'

const keyPattern = /^0x04[0-9a-f]{128}$/
const messageIdPattern = /^0x[0-9a-f]{64}$/
const groupPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-0x04[0-9a-f]{128}$/i

/**
 * The text form of a key inside the protocol: `0x` + 130 lower-case hex digits. Chat, contact and member ids.
 *
 * @example
 * ```ts
 * keyId(identity.publicKey) // '0x04…', 132 characters
 * ```
 */
export function keyId(publicKey: PublicKey): string {
  checkKey('publicKey', publicKey)
  return `0x${bytesToHex(publicKey)}`
}

/**
 * The key of a text form, or `undefined` when it is none: wrong length, upper case, or no point of the curve.
 *
 * @example
 * ```ts
 * const publicKey = keyOfId(member)
 * if (publicKey !== undefined) seal(publicKey)
 * ```
 */
export function keyOfId(id: string): PublicKey | undefined {
  check.text('id', id)
  if (!keyPattern.test(id)) return undefined
  const key = hexToBytes(id)
  return isPublicKey(key) ? key : undefined
}

/**
 * A message id as other messages name it: `0x` + 64 hex digits.
 *
 * @example
 * ```ts
 * messageIdText(out.messageId) // '0x…', 66 characters
 * ```
 */
export function messageIdText(messageId: Uint8Array): string {
  check.bytes('messageId', messageId, 32)
  return `0x${bytesToHex(messageId)}`
}

/**
 * Whether a text is a message id: `0x` and 64 lower-case hex digits.
 *
 * @example
 * ```ts
 * if (isMessageId(content.replyTo)) quote(content.replyTo)
 * ```
 */
export function isMessageId(text: string): boolean {
  return typeof text === 'string' && messageIdPattern.test(text)
}

/**
 * A fresh group id: a random UUID v4, `-`, and the creator's key. No one else can make an id that ends with our key
 * mean a group of ours, because the first event must be signed by that key.
 *
 * @example
 * ```ts
 * const id = createGroupId(identity.publicKey, random)
 * ```
 */
export function createGroupId(creator: PublicKey, random: Random): string {
  checkKey('creator', creator)
  checkRandom(random)
  const uuid = uuidV4({ bytes: length => randomBytesOf(random, length) })
  return `${uuid}-${keyId(creator)}`
}

/**
 * Whether an id is a UUID, `-`, and a key: what the spec asks and status-go 0.56.10 does not check.
 *
 * @example
 * ```ts
 * isGroupId(createGroupId(identity.publicKey, random)) // true
 * ```
 */
export function isGroupId(id: string): boolean {
  return typeof id === 'string' && groupPattern.test(id)
}

/** Random bytes of the length that was asked for. @throws DataError `invalid-argument` */
export function randomBytesOf(random: Random, length: number): Uint8Array {
  const bytes = random.bytes(length)
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) {
    throw new DataError('invalid-argument', `random: expected ${length} bytes`, { origin: 'caller' })
  }
  return Uint8Array.from(bytes)
}
