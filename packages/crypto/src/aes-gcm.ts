import * as platform from '#platform'
import { assertKey, kernelFor } from './aes.ts'
import { concatBytes } from './bytes.ts'
import { assertLength, check } from './checks.ts'
import { decryptionFailed } from './errors.ts'
import type { GcmKernel, GcmSchedule } from './kernel/gcm-kernel.ts'

const nonceLength = 12
const tagLength = 16

function assertGcm(key: Uint8Array, nonce: Uint8Array, input: Uint8Array): void {
  assertKey(key)
  assertLength('AES-GCM nonce', nonce, nonceLength)
  check.bytes('AES-GCM input', input)
}

/** A key for many messages: it is prepared once. AES-GCM without associated data, nonces of 12 bytes. */
export interface AesGcm {
  /** Ciphertext‖tag(16), and behind it `room` zero bytes for what the caller puts there. */
  readonly seal: (nonce: Uint8Array, plaintext: Uint8Array, room?: number) => Uint8Array
  /** The plaintext of ciphertext‖tag(16), or `undefined` where the tag does not fit; it is checked before anything is decrypted. */
  readonly tryOpen: (nonce: Uint8Array, sealed: Uint8Array) => Uint8Array | undefined
  /** Overwrites the key and what was prepared of it; nothing can be sealed or opened any more. */
  readonly wipe: () => void
}

function withRoom(sealed: Uint8Array, room: number): Uint8Array {
  if (room === 0) return sealed
  const wider = new Uint8Array(sealed.length + room)
  wider.set(sealed)
  return wider
}

/**
 * Prepares a key that is used again and again, such as one that every envelope of a topic is tried with; the key is copied.
 *
 * @throws CryptoError `invalid-length`, `invalid-argument`; its functions for nonces and messages
 * @example
 * ```ts
 * const aes = createAesGcm(key)
 * const opened = envelopes.map(({ nonce, sealed }) => aes.tryOpen(nonce, sealed))
 * ```
 */
export function createAesGcm(key: Uint8Array): AesGcm {
  assertKey(key)
  const own = new Uint8Array(key)
  let schedule: GcmSchedule | undefined
  const prepared = (kernel: GcmKernel): GcmSchedule => {
    schedule ??= kernel.expandGcm(own)
    return schedule
  }
  return {
    seal: (nonce, plaintext, room = 0) => {
      assertLength('AES-GCM nonce', nonce, nonceLength)
      check.bytes('AES-GCM input', plaintext)
      const kernel = kernelFor(plaintext.length)
      return kernel === undefined
        ? withRoom(platform.aesGcmSeal(own, nonce, plaintext), room)
        : kernel.seal(prepared(kernel), nonce, plaintext, room)
    },
    tryOpen: (nonce, sealed) => {
      assertLength('AES-GCM nonce', nonce, nonceLength)
      check.bytes('AES-GCM input', sealed)
      if (sealed.length < tagLength) return undefined
      const kernel = kernelFor(sealed.length - tagLength, platform.kernelUpTo.aesTrial)
      return kernel === undefined
        ? platform.aesGcmOpen(own, nonce, sealed)
        : kernel.open(prepared(kernel), nonce, sealed)
    },
    wipe: () => {
      own.fill(0)
      schedule?.bytes.fill(0)
    }
  }
}

/**
 * AES-GCM without associated data: ciphertext‖tag(16); 12-byte nonce. @throws CryptoError `invalid-length`, `invalid-argument`
 *
 * @example
 * ```ts
 * const nonce = randomBytes(12)
 * const sealed = aesGcmSeal(key, nonce, utf8Bytes('hello')) // 5 + 16 bytes
 * ```
 */
export function aesGcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  assertGcm(key, nonce, plaintext)
  const kernel = kernelFor(plaintext.length)
  if (kernel === undefined) return platform.aesGcmSeal(key, nonce, plaintext)
  const schedule = kernel.expandGcm(key)
  const sealed = kernel.seal(schedule, nonce, plaintext, 0)
  schedule.bytes.fill(0)
  return sealed
}

/**
 * Opens ciphertext‖tag(16), or returns `undefined` where the tag does not fit: for those to whom a wrong key is a usual answer. A key that is
 * tried on many messages is better prepared once, with {@link createAesGcm}.
 *
 * @throws CryptoError `invalid-length`, `invalid-argument` for key and nonce
 * @example
 * ```ts
 * for (const key of keys) {
 *   const plaintext = tryAesGcmOpen(key, nonce, sealed)
 *   if (plaintext !== undefined) show(plaintext)
 * }
 * ```
 */
export function tryAesGcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  assertGcm(key, nonce, sealed)
  if (sealed.length < tagLength) return undefined
  const kernel = kernelFor(sealed.length - tagLength)
  if (kernel === undefined) return platform.aesGcmOpen(key, nonce, sealed)
  const schedule = kernel.expandGcm(key)
  const plaintext = kernel.open(schedule, nonce, sealed)
  schedule.bytes.fill(0)
  return plaintext
}

/**
 * Opens ciphertext‖tag(16). @throws CryptoError `decryption-failed`; `invalid-length`, `invalid-argument` for key and nonce
 *
 * @example
 * ```ts
 * const plaintext = aesGcmOpen(key, nonce, sealed)
 * ```
 */
export function aesGcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const plaintext = tryAesGcmOpen(key, nonce, sealed)
  if (plaintext === undefined) throw decryptionFailed()
  return plaintext
}

/**
 * Seals what is kept or sent by itself, with its nonce in front: nonce(12)‖ciphertext‖tag(16). A nonce is never used twice under one key:
 * take 12 random bytes.
 *
 * @throws CryptoError `invalid-length`, `invalid-argument`
 * @example
 * ```ts
 * const stored = aesGcmSealWithNonce(key, randomBytes(12), plaintext)
 * ```
 */
export function aesGcmSealWithNonce(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return concatBytes(nonce, aesGcmSeal(key, nonce, plaintext))
}

/**
 * Opens nonce(12)‖ciphertext‖tag(16), as {@link aesGcmSealWithNonce} makes it.
 *
 * @throws CryptoError `decryption-failed`, for bytes that are too short as well; `invalid-length`, `invalid-argument` for the key
 * @example
 * ```ts
 * const plaintext = aesGcmOpenWithNonce(key, stored)
 * ```
 */
export function aesGcmOpenWithNonce(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  assertKey(key)
  check.bytes('AES-GCM input', sealed)
  if (sealed.length < nonceLength + tagLength) throw decryptionFailed()
  return aesGcmOpen(key, sealed.slice(0, nonceLength), sealed.slice(nonceLength))
}
