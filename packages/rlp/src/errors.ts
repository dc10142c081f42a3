import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type RlpErrorCode =
  | 'invalid-argument'
  | 'truncated'
  | 'trailing-bytes'
  | 'not-canonical'
  | 'too-deep'
  | 'too-many-items'
  | 'wrong-type'
  | 'out-of-range'

/**
 * The one error class of this package.
 *
 * @example
 * ```ts
 * const needsMore = (error: unknown): boolean => RlpError.is(error) && error.code === 'truncated'
 * ```
 */
export class RlpError extends StackError<RlpErrorCode> {
  override readonly name = 'RlpError'

  constructor(
    code: RlpErrorCode,
    message: string,
    origin: 'caller' | 'peer' = 'peer',
    details: Readonly<Record<string, string | number>> = {}
  ) {
    super(code, message, { origin, details })
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is RlpError {
    return isStackError(value, 'RlpError')
  }
}
