import {
  aesGcmOpenWithNonce,
  aesGcmSealWithNonce,
  bytesToHex,
  hexToBytes,
  hkdfSha256,
  randomBytes,
  utf8Bytes
} from '@status-stack/crypto'
import { check } from '../checks.ts'
import { AccountsError } from '../errors.ts'
import type { Random } from '../ports.ts'
import { invalidAccount } from './record.ts'

export const nonceBytes = 12
const keyBytes = 32
const tagBytes = 16

const sealingKey = (wrappingKey: Uint8Array): Uint8Array =>
  hkdfSha256(wrappingKey, new Uint8Array(32), utf8Bytes('status-stack/storage/1'), 32)

/**
 * Encrypts the 32-byte key of a database for `AccountRecord.storage`: hex of nonce‖AES-256-GCM.
 *
 * @param wrappingKey 32 bytes, of `sealKeystore`, `unlockKeystore` or `unlockAccountRecord`
 * @throws AccountsError `invalid-argument`
 *
 * @example
 * ```ts
 * const sealed = wrapStorageKey(randomBytes(32), wrappingKey)
 * ```
 */
export function wrapStorageKey(
  key: Uint8Array,
  wrappingKey: Uint8Array,
  random: Random = { bytes: randomBytes }
): string {
  check.bytes('key', key, keyBytes)
  check.bytes('wrapping key', wrappingKey, keyBytes)
  return bytesToHex(aesGcmSealWithNonce(sealingKey(wrappingKey), random.bytes(nonceBytes), key))
}

/**
 * The key that `wrapStorageKey` encrypted. The caller clears it.
 *
 * @throws AccountsError `invalid-account` for another length; `wrong-password` when the wrapping key is not the one: the record was
 * given another password since the wrapping key was made
 *
 * @example
 * ```ts
 * const storageKey = unwrapStorageKey(sealed, wrappingKey)
 * ```
 */
export function unwrapStorageKey(sealed: string, wrappingKey: Uint8Array): Uint8Array {
  check.text('sealed', sealed)
  check.bytes('wrapping key', wrappingKey, keyBytes)
  if (!/^[0-9a-f]*$/.test(sealed) || sealed.length !== 2 * (nonceBytes + keyBytes + tagBytes)) throw invalidAccount()
  try {
    return aesGcmOpenWithNonce(sealingKey(wrappingKey), hexToBytes(sealed))
  } catch {
    throw new AccountsError('wrong-password', 'storage key: wrong password', { origin: 'caller' })
  }
}
