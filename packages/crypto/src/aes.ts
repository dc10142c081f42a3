import * as platform from '#platform'
import { assertLength, check } from './checks.ts'
import { CryptoError } from './errors.ts'
import { activeGcmKernel } from './kernel/backend.ts'
import { fitsCounter, type GcmKernel } from './kernel/gcm-kernel.ts'
import type { BlockCipher, StreamCipher } from './platform.ts'

/** @throws CryptoError `invalid-length`, `invalid-argument` */
export function assertKey(key: Uint8Array): void {
  check.bytes('AES key', key)
  if (key.length !== 16 && key.length !== 32) {
    throw new CryptoError('invalid-length', `AES key: expected 16 or 32 bytes, got ${key.length}`, { origin: 'caller' })
  }
}

/**
 * AES-CTR with a running key stream; 16- or 32-byte key, 16-byte IV, both copied: they may be wiped at once. Encrypting and decrypting are the
 * same.
 * @throws CryptoError `invalid-length`, `invalid-argument`
 *
 * @example
 * ```ts
 * const stream = createAesCtr(key, iv)
 * const ciphertext = stream.process(Uint8Array.of(1, 2, 3))
 * ```
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

/** The kernel for messages of this length, where there is one and it is faster. */
export function kernelFor(length: number, most = platform.kernelUpTo.aes): GcmKernel | undefined {
  return length <= most ? activeGcmKernel() : undefined
}

/**
 * AES-CTR of one whole message. @throws CryptoError `invalid-length`, `invalid-argument`
 *
 * @example
 * ```ts
 * const ciphertext = aesCtr(key, iv, utf8Bytes('hello'))
 * const plaintext = aesCtr(key, iv, ciphertext)
 * ```
 */
export function aesCtr(key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array {
  assertKey(key)
  assertLength('AES-CTR IV', iv, 16)
  check.bytes('AES-CTR input', bytes)
  const kernel = kernelFor(bytes.length)
  if (kernel === undefined || !fitsCounter(iv, bytes.length)) return platform.aesCtr(key, iv).process(bytes)
  const schedule = kernel.expand(key)
  const out = kernel.ctr(schedule, iv, bytes)
  schedule.bytes.fill(0)
  return out
}

/** A keyed block permutation, with a form that allocates nothing. */
export interface AesEcb extends BlockCipher {
  /** `encryptBlock` written over its input. */
  readonly encryptInPlace: (block: Uint8Array) => void
}

/**
 * The raw AES permutation, for RLPx frame MACs only; the key is copied. Its functions throw CryptoError `invalid-length` for other than 16 bytes.
 *
 * @example
 * ```ts
 * const mask = createAesEcb(macKey).encryptBlock(digest.subarray(0, 16))
 * ```
 */
export function createAesEcb(key: Uint8Array): AesEcb {
  assertKey(key)
  const kernel = activeGcmKernel()
  const schedule = kernel?.expand(key)
  const platformCipher = kernel === undefined ? platform.aesEcb(key) : undefined
  const encryptInPlace = (block: Uint8Array): void => {
    assertLength('AES block', block, 16)
    if (platformCipher !== undefined) block.set(platformCipher.encryptBlock(block))
    else if (kernel !== undefined && schedule !== undefined) kernel.encryptBlock(schedule, block)
  }
  return {
    encryptBlock: block => {
      assertLength('AES block', block, 16)
      const out = new Uint8Array(block)
      encryptInPlace(out)
      return out
    },
    encryptInPlace
  }
}
