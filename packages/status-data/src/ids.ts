import { bytesToHex, hexToBytes, isPublicKey } from '@status-stack/crypto'
import { DataError } from './errors.ts'
import type { PublicKey, Random } from './ports.ts'

const keyPattern = /^0x04[0-9a-f]{128}$/
const messageIdPattern = /^0x[0-9a-f]{64}$/
const groupPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-0x04[0-9a-f]{128}$/i

/** The text form of a key inside the protocol: `0x` + 130 lower-case hex digits. Chat, contact and member ids. */
export function keyId(publicKey: PublicKey): string {
  return `0x${bytesToHex(publicKey)}`
}

/** The key of a text form, or `undefined` when it is none: wrong length, upper case, or no point of the curve. */
export function keyOfId(id: string): PublicKey | undefined {
  if (!keyPattern.test(id)) return undefined
  const key = hexToBytes(id)
  return isPublicKey(key) ? key : undefined
}

/** A message id as other messages name it: `0x` + 64 hex digits. */
export function messageIdText(messageId: Uint8Array): string {
  return `0x${bytesToHex(messageId)}`
}

export function isMessageId(text: string): boolean {
  return messageIdPattern.test(text)
}

/**
 * A fresh group id: a random UUID v4, `-`, and the creator's key. Nobody else can make an id that ends with our key
 * mean a group of ours, because the first event must be signed by that key.
 */
export function createGroupId(creator: PublicKey, random: Random): string {
  const bytes = Uint8Array.from(random.bytes(16))
  if (bytes.length !== 16) {
    throw new DataError('invalid-argument', `random: expected 16 bytes, got ${bytes.length}`, { origin: 'caller' })
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytesToHex(bytes)
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  return `${uuid}-${keyId(creator)}`
}

/** Whether an id is a UUID, `-`, and a key: what the spec asks and status-go 0.56.10 does not check. */
export function isGroupId(id: string): boolean {
  return groupPattern.test(id)
}
