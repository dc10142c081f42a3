import { bytesToHex, hexToBytes, isPublicKey } from '@status-stack/crypto'
import { callerError } from './errors.ts'
import type { ChatRef, MessageId, PublicKey } from './types.ts'

/** The protocol's id of an identity: `0x` and 130 lower-case hex digits. */
export function publicKeyHex(publicKey: PublicKey): string {
  return `0x${bytesToHex(publicKey)}`
}

/** The other way round. @throws ClientError `invalid-argument` */
export function keyOfHex(id: string): PublicKey {
  if (!/^0x04[0-9a-f]{128}$/.test(id))
    throw callerError('invalid-argument', 'public key: expected 0x04 and 128 hex digits')
  return hexToBytes(id.slice(2))
}

export function messageIdOf(bytes: Uint8Array): MessageId {
  return `0x${bytesToHex(bytes)}`
}

/** The key under which the protocol knows a chat. */
export function chatIdOf(chat: ChatRef): string {
  switch (chat.kind) {
    case 'one-to-one':
      return publicKeyHex(chat.publicKey)
    case 'public':
      return chat.name
    case 'group':
      return chat.id
  }
}

/** The chat of a group. */
export function groupRef(id: string): ChatRef {
  return { kind: 'group', id }
}

/** Two chats with the same id of different kinds are different chats: a public name is free text. */
export function chatTagOf(chat: ChatRef): string {
  return `${chat.kind}:${chatIdOf(chat)}`
}

/** @throws ClientError `invalid-argument` unless `publicKey` is a point of the curve, uncompressed. */
export function assertPublicKey(publicKey: PublicKey): void {
  if (!isPublicKey(publicKey)) throw callerError('invalid-argument', 'public key: expected 65 bytes of a point')
}

/** @throws ClientError `invalid-argument` */
export function assertChat(chat: ChatRef): void {
  if (chat.kind === 'one-to-one') assertPublicKey(chat.publicKey)
  if (chat.kind === 'public' && (chat.name.length === 0 || chat.name.length > 255)) {
    throw callerError('invalid-argument', `public chat: expected a name of 1…255 characters, got ${chat.name.length}`)
  }
}

/** A number with its noun, for people: `1 peer`, `2 peers`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
