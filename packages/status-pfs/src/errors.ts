import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type PfsErrorCode =
  | 'invalid-argument'
  | 'invalid-public-key'
  | 'invalid-audience'
  | 'invalid-receipt'
  | 'too-large'
  | 'unknown-device'
  | 'installation-mismatch'
  | 'identity-mismatch'
  | 'record-corrupt'
  | 'record-version'
  | 'store-conflict'
  | 'invalid-bundle'

/**
 * The error class of this package. Messages name the thing, what was expected and what came; never key material.
 *
 * @example
 * ```ts
 * try {
 *   await sealer.seal(bytes, to)
 * } catch (error) {
 *   if (PfsError.is(error) && error.origin === 'environment') retry()
 * }
 * ```
 */
export class PfsError extends StackError<PfsErrorCode> {
  override readonly name = 'PfsError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is PfsError {
    return isStackError(value, 'PfsError')
  }
}

/** The error for bytes of a peer that break a rule. */
export function peerError(code: PfsErrorCode, message: string, details?: Record<string, string | number>): PfsError {
  return new PfsError(code, message, { origin: 'peer', details })
}
