import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type CryptoErrorCode =
  | 'invalid-argument'
  | 'invalid-length'
  | 'invalid-private-key'
  | 'invalid-public-key'
  | 'invalid-signature'
  | 'invalid-hex'
  | 'decryption-failed'
  | 'unsupported'
  | 'out-of-range'

/**
 * The one error class of this package. Messages name the thing, what was expected and what came; never key material.
 *
 * @example
 * ```ts
 * const isWrongKey = (error: unknown): boolean => CryptoError.is(error) && error.code === 'decryption-failed'
 * ```
 */
export class CryptoError extends StackError<CryptoErrorCode> {
  override readonly name = 'CryptoError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is CryptoError {
    return isStackError(value, 'CryptoError')
  }
}

/** All failed decryptions look alike: one code, one message. */
export function decryptionFailed(): CryptoError {
  return new CryptoError('decryption-failed', 'decryption failed', { origin: 'peer' })
}
