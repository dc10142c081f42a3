import * as platform from '#platform'
import { assertLength, check } from './checks.ts'
import { CryptoError, decryptionFailed } from './errors.ts'
import type { BlockCipher, StreamCipher } from './platform.ts'

const tagLength = 16

function assertKey(key: Uint8Array): void {
  check.bytes('AES key', key)
  if (key.length !== 16 && key.length !== 32) {
    throw new CryptoError('invalid-length', `AES key: expected 16 or 32 bytes, got ${key.length}`, { origin: 'caller' })
  }
}

/**
 * AES-CTR with a running key stream; 16- or 32-byte key, 16-byte IV. Encrypting and decrypting are the same.
 * @throws CryptoError `invalid-length`, `invalid-argument`
 */
export function createAesCtr(key: Uint8Array, iv: Uint8Array): StreamCipher {
  assertKey(key)
  assertLength('AES-CTR IV', iv, 16)
  const { process } = platform.aesCtr(key, iv)
  return {
    process: bytes => {
      check.bytes('AES-CTR input', bytes)
      return process(bytes)
    }
  }
}

/** AES-CTR of one whole message. @throws CryptoError `invalid-length`, `invalid-argument` */
export function aesCtr(key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array {
  return createAesCtr(key, iv).process(bytes)
}

/** The raw AES permutation, for RLPx frame MACs only. `encryptBlock` throws CryptoError `invalid-length` for other than 16 bytes. */
export function createAesEcb(key: Uint8Array): BlockCipher {
  assertKey(key)
  const { encryptBlock } = platform.aesEcb(key)
  return {
    encryptBlock: block => {
      assertLength('AES block', block, 16)
      return encryptBlock(block)
    }
  }
}

function assertGcm(key: Uint8Array, nonce: Uint8Array, input: Uint8Array): void {
  assertKey(key)
  assertLength('AES-GCM nonce', nonce, 12)
  check.bytes('AES-GCM input', input)
}

/** AES-GCM without associated data: ciphertext‖tag(16); 12-byte nonce. @throws CryptoError `invalid-length`, `invalid-argument` */
export function aesGcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  assertGcm(key, nonce, plaintext)
  return platform.aesGcmSeal(key, nonce, plaintext)
}

/**
 * Opens ciphertext‖tag(16), or returns `undefined` where the tag does not fit: for those who try many keys on one message, to
 * whom a wrong key is the usual answer and an error object would cost more than the attempt.
 *
 * @throws CryptoError `invalid-length`, `invalid-argument` for key and nonce
 * @example
 * ```ts
 * for (const key of keys) {
 *   const plaintext = tryAesGcmOpen(key, nonce, sealed)
 *   if (plaintext !== undefined) return plaintext
 * }
 * ```
 */
export function tryAesGcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  assertGcm(key, nonce, sealed)
  return sealed.length < tagLength ? undefined : platform.aesGcmOpen(key, nonce, sealed)
}

/** Opens ciphertext‖tag(16). @throws CryptoError `decryption-failed`; `invalid-length`, `invalid-argument` for key and nonce */
export function aesGcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const plaintext = tryAesGcmOpen(key, nonce, sealed)
  if (plaintext === undefined) throw decryptionFailed()
  return plaintext
}
