import { aesGcmOpen, aesGcmSeal, CryptoError, concatBytes, pbkdf2Sha256, utf8Bytes } from '@status-stack/crypto'
import { WhisperError } from '../errors.ts'

/** Bytes of a symmetric key. */
export const symmetricKeyLength = 32
const nonceLength = 12
const tagLength = 16
/** Bytes that symmetric encryption adds. */
export const symmetricOverhead = tagLength + nonceLength

/** The derivation count of the whole network; 65356, not 65536. */
const passwordRounds = 65_356

/** Whether 32 bytes are a usable key: not all zero. */
export function isSymmetricKey(key: Uint8Array): boolean {
  return key.length === symmetricKeyLength && key.some(byte => byte !== 0)
}

/** 32 bytes: PBKDF2-HMAC-SHA-256 of the UTF-8 password, no salt, 65356 rounds. Slow: cache it. */
export function symmetricKeyFromPassword(password: string): Promise<Uint8Array> {
  return pbkdf2Sha256(utf8Bytes(password), new Uint8Array(0), passwordRounds, symmetricKeyLength)
}

/** AES-256-GCM without associated data: ciphertext ‖ tag(16) ‖ nonce(12), the nonce at the end. @throws WhisperError `invalid-argument` */
export function sealSymmetric(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  if (!isSymmetricKey(key)) {
    throw new WhisperError('invalid-argument', 'symmetric key: expected 32 bytes, not all zero', { origin: 'caller' })
  }
  return concatBytes(aesGcmSeal(key, nonce, plaintext), nonce)
}

/** The plaintext, or `undefined` whatever the reason. */
export function openSymmetric(key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  if (data.length < symmetricOverhead) return undefined
  const end = data.length - nonceLength
  try {
    return aesGcmOpen(key, data.subarray(end), data.subarray(0, end))
  } catch (error) {
    if (CryptoError.is(error)) return undefined
    throw error
  }
}
