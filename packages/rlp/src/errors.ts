/** Every way this package refuses. Part of the API: codes are only ever added. */
export type RlpErrorCode =
  | 'truncated'
  | 'trailing-bytes'
  | 'not-canonical'
  | 'too-deep'
  | 'too-many-items'
  | 'wrong-type'
  | 'out-of-range'

const brand: unique symbol = /* @__PURE__ */ Symbol.for('status-stack.rlp.error')

/** The one error class of this package. */
export class RlpError extends Error {
  override readonly name = 'RlpError'
  readonly [brand] = true
  readonly code: RlpErrorCode
  readonly origin: 'caller' | 'peer'
  readonly details: Readonly<Record<string, string | number>>

  constructor(
    code: RlpErrorCode,
    message: string,
    origin: 'caller' | 'peer' = 'peer',
    details: Readonly<Record<string, string | number>> = {}
  ) {
    super(message)
    this.code = code
    this.origin = origin
    this.details = details
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is RlpError {
    return typeof value === 'object' && value !== null && brand in value
  }
}
