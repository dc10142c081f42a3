import { aesGcmSeal, concatBytes, pbkdf2Sha256, tryAesGcmOpen, utf8Bytes } from '@status-stack/crypto'
import { check, checkSymmetricKey } from '../checks.ts'
import { symmetricKeyLength } from './symmetric-key.ts'

const nonceLength = 12
const tagLength = 16
/** Bytes that symmetric encryption adds. */
export const symmetricOverhead = tagLength + nonceLength

/** The derivation count of the whole network; 65356, not 65536. */
const passwordRounds = 65_356

/** 32 bytes: PBKDF2-HMAC-SHA-256 of the UTF-8 password, no salt, 65356 rounds. Slow: cache it. @throws WhisperError `invalid-argument` */
export async function symmetricKeyFromPassword(password: string): Promise<Uint8Array> {
  check.text('password', password)
  return pbkdf2Sha256(utf8Bytes(password), new Uint8Array(0), passwordRounds, symmetricKeyLength)
}

/** AES-256-GCM without associated data: ciphertext ‖ tag(16) ‖ nonce(12), the nonce at the end. @throws WhisperError `invalid-argument` */
export function sealSymmetric(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  checkSymmetricKey('symmetric key', key)
  check.bytes('nonce', nonce, nonceLength)
  return concatBytes(aesGcmSeal(key, nonce, plaintext), nonce)
}

/** The plaintext, or `undefined` when the key is not the right one: most trials miss, so that is an answer and no error. */
export function openSymmetric(key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  if (data.length < symmetricOverhead) return undefined
  const end = data.length - nonceLength
  return tryAesGcmOpen(key, data.subarray(end), data.subarray(0, end))
}
