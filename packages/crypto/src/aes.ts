import * as platform from '#platform'
import { assertLength, CryptoError, decryptionFailed } from './errors.ts'
import type { BlockCipher, StreamCipher } from './platform.ts'

function assertKey(key: Uint8Array): void {
  if (key.length !== 16 && key.length !== 32) {
    throw new CryptoError('invalid-length', `AES key: expected 16 or 32 bytes, got ${key.length}`, { origin: 'caller' })
  }
}

/** AES-CTR with a running key stream; 16- or 32-byte key, 16-byte IV. Encrypting and decrypting are the same. */
export function createAesCtr(key: Uint8Array, iv: Uint8Array): StreamCipher {
  assertKey(key)
  assertLength('AES-CTR IV', iv, 16)
  return platform.aesCtr(key, iv)
}

/** AES-CTR of one whole message. */
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

/** AES-GCM without associated data: ciphertext‖tag(16); 12-byte nonce. */
export function aesGcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  assertKey(key)
  assertLength('AES-GCM nonce', nonce, 12)
  return platform.aesGcmSeal(key, nonce, plaintext)
}

/** Opens ciphertext‖tag(16). @throws CryptoError `decryption-failed` */
export function aesGcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  assertKey(key)
  assertLength('AES-GCM nonce', nonce, 12)
  const plaintext = platform.aesGcmOpen(key, nonce, sealed)
  if (plaintext === undefined) throw decryptionFailed()
  return plaintext
}
