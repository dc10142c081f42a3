import { aesCtr, concatBytes, equalBytes, hmacSha256 } from '@status-stack/crypto'
import { check } from '../checks.ts'
import { type CipherKeys, deriveCipherKeys } from './keys.ts'

const ivLength = 16
const tagLength = 32
/** Bytes that ratchet encryption adds: IV 16, tag 32. */
export const ratchetOverhead = ivLength + tagLength

/** A header as far as it is authenticated: ratchet key 33 bytes, message number, length of the previous chain. */
export interface MessageHeader {
  /** The sender's ratchet key, 33 bytes. */
  readonly key: Uint8Array
  /** The message's number in its chain, from 0; uint32. */
  readonly n: number
  /** Messages in the sender's chain before this one; uint32. */
  readonly pn: number
}

/**
 * The associated data: n and pn as 4 bytes little-endian, then the ratchet key; 41 bytes. Identities are not in it.
 *
 * @example
 * ```ts
 * associatedData({ key: ratchetKey, n: 0, pn: 0 }) // 41 bytes
 * ```
 */
export function associatedData(header: MessageHeader): Uint8Array {
  const bytes = new Uint8Array(41)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, header.n, true)
  view.setUint32(4, header.pn, true)
  bytes.set(header.key, 8)
  return bytes
}

function wipe(keys: CipherKeys): void {
  keys.encryptionKey.fill(0)
  keys.authenticationKey.fill(0)
}

/**
 * IV‖AES-256-CTR ciphertext‖HMAC-SHA-256(AD‖IV‖ciphertext).
 *
 * @example
 * ```ts
 * const payload = encryptWithKey(messageKey, plaintext, associatedData(header))
 * ```
 */
export function encryptWithKey(messageKey: Uint8Array, plaintext: Uint8Array, ad: Uint8Array): Uint8Array {
  check.bytes('messageKey', messageKey, 32)
  check.bytes('plaintext', plaintext)
  check.bytes('ad', ad)
  const keys = deriveCipherKeys(messageKey)
  const ciphertext = aesCtr(keys.encryptionKey, keys.iv, plaintext)
  const payload = new Uint8Array(ratchetOverhead + ciphertext.length)
  payload.set(keys.iv)
  payload.set(ciphertext, ivLength)
  const sealed = payload.subarray(0, ivLength + ciphertext.length)
  payload.set(hmacSha256(keys.authenticationKey, concatBytes(ad, sealed)), sealed.length)
  wipe(keys)
  return payload
}

/**
 * The plaintext, or `undefined` when the payload is too short or its tag does not fit; nothing is decrypted before.
 *
 * @example
 * ```ts
 * const plaintext = decryptWithKey(messageKey, payload, associatedData(header))
 * if (plaintext === undefined) throw new Error('the tag does not fit')
 * ```
 */
export function decryptWithKey(messageKey: Uint8Array, payload: Uint8Array, ad: Uint8Array): Uint8Array | undefined {
  check.bytes('messageKey', messageKey, 32)
  check.bytes('payload', payload)
  check.bytes('ad', ad)
  if (payload.length < ratchetOverhead) return undefined
  const keys = deriveCipherKeys(messageKey)
  const sealed = payload.subarray(0, payload.length - tagLength)
  const tag = hmacSha256(keys.authenticationKey, concatBytes(ad, sealed))
  // SPEC: the IV of the payload counts, not the derived one; the tag covers it.
  const plaintext = equalBytes(tag, payload.subarray(sealed.length))
    ? aesCtr(keys.encryptionKey, sealed.slice(0, ivLength), sealed.subarray(ivLength))
    : undefined
  wipe(keys)
  return plaintext
}
