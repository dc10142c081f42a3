import { isStackError, StackError, type StackErrorOptions } from '@status-stack/interface'
import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'

/** Every way this package refuses. Bytes are never refused: their tree says where reading ended. Codes are only ever added. */
export type InspectorErrorCode =
  /** An argument of another type, or an option with a name that does not exist; `details.argument` names it. */
  | 'invalid-argument'
  /** A text that should hold keys and does not; `hint` says what is expected. */
  | 'not-a-keys-file'
  /** A capture has more blobs than one run takes. */
  | 'too-many-blobs'

/**
 * The one error class of this package. It names lists and places in them, and never a key.
 *
 * @example
 * ```ts
 * const isTooLong = (error: unknown): boolean => InspectorError.is(error) && error.code === 'too-many-blobs'
 * ```
 */
export class InspectorError extends StackError<InspectorErrorCode> {
  override readonly name = 'InspectorError'

  constructor(
    code: InspectorErrorCode,
    message: string,
    { hint, details }: Pick<StackErrorOptions, 'hint' | 'details'> = {}
  ) {
    super(code, message, { origin: 'caller', hint, details })
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is InspectorError {
    return isStackError(value, 'InspectorError')
  }
}

/** Checks of what callers pass: each refuses with `invalid-argument`. */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new InspectorError('invalid-argument', message, { details })
)
