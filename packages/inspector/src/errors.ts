import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Bytes are never refused: their tree says where reading ended. Codes are only ever added. */
export type InspectorErrorCode =
  /** A text that should hold keys and does not; `hint` says what is expected. */
  | 'not-a-keys-file'
  /** A capture has more blobs than one run takes. */
  | 'too-many-blobs'

/** The one error class of this package. It names lists and places in them, and never a key. */
export class InspectorError extends StackError<InspectorErrorCode> {
  override readonly name = 'InspectorError'
  /** What the person can do about it. */
  readonly hint: string | undefined

  constructor(code: InspectorErrorCode, message: string, hint?: string) {
    super(code, message, { origin: 'caller' })
    this.hint = hint
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is InspectorError {
    return isStackError(value, 'InspectorError')
  }
}
