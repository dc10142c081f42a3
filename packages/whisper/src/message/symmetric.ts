import {
  type AesGcm,
  type AesGcmTrialKey,
  createAesGcm,
  createAesGcmTrialKey,
  equalBytes,
  firstFittingKey,
  pbkdf2Sha256,
  utf8Bytes
} from '@status-stack/crypto'
import { check, checkSymmetricKey } from '../checks.ts'
import { symmetricKeyLength } from './symmetric-key.ts'

const nonceLength = 12
const tagLength = 16
/** Bytes that symmetric encryption adds. */
export const symmetricOverhead = tagLength + nonceLength

/** The derivation count of the whole network; 65356, not 65536. */
const passwordRounds = 65_356

/**
 * 32 bytes: PBKDF2-HMAC-SHA-256 of the UTF-8 password, no salt, 65356 rounds. Slow: cache it. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * const key = await symmetricKeyFromPassword('status-offline-inbox')
 * ```
 */
export async function symmetricKeyFromPassword(password: string): Promise<Uint8Array> {
  check.text('password', password)
  return pbkdf2Sha256(utf8Bytes(password), new Uint8Array(0), passwordRounds, symmetricKeyLength)
}

/** Keys that are prepared, as long as their arrays live. The copy tells whether an array still holds the key. */
const prepared = new WeakMap<Uint8Array, { readonly copy: Uint8Array; readonly aes: AesGcm }>()

/** Places are few and messages many: preparing a key takes as long as sealing a short message with it. */
function preparedOf(key: Uint8Array): AesGcm {
  const found = prepared.get(key)
  if (found !== undefined && equalBytes(found.copy, key)) return found.aes
  found?.aes.wipe()
  const aes = createAesGcm(key)
  prepared.set(key, { copy: key.slice(), aes })
  return aes
}

/** AES-256-GCM without associated data: ciphertext ‖ tag(16) ‖ nonce(12), the nonce at the end. @throws WhisperError `invalid-argument` */
export function sealSymmetric(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  checkSymmetricKey('symmetric key', key)
  check.bytes('nonce', nonce, nonceLength)
  const sealed = preparedOf(key).seal(nonce, plaintext, nonceLength)
  sealed.set(nonce, sealed.length - nonceLength)
  return sealed
}

function openWith(key: Pick<AesGcm, 'tryOpen'>, data: Uint8Array): Uint8Array | undefined {
  if (data.length < symmetricOverhead) return undefined
  const end = data.length - nonceLength
  return key.tryOpen(data.subarray(end), data.subarray(0, end))
}

/** The plaintext, or `undefined` when the key is not the right one: most trials miss, so that is an answer and no error. */
export function openSymmetric(key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  return openWith(preparedOf(key), data)
}

/** A key that is prepared once and tried on many envelopes, until it is wiped. The key is copied. */
export interface SymmetricOpener {
  readonly key: AesGcmTrialKey
  /** As {@link openSymmetric}. */
  readonly open: (data: Uint8Array) => Uint8Array | undefined
}

export function createSymmetricOpener(key: Uint8Array): SymmetricOpener {
  const prepared = createAesGcmTrialKey(key)
  return { key: prepared, open: data => openWith(prepared, data) }
}

/** The place of the first key that opens the data, −1 when none does. */
export function firstOpening(keys: readonly AesGcmTrialKey[], data: Uint8Array): number {
  if (data.length < symmetricOverhead) return -1
  const end = data.length - nonceLength
  return firstFittingKey(keys, data.subarray(end), data.subarray(0, end))
}
