/** Every way this package refuses. Part of the API: codes are only ever added. */
export type PfsErrorCode =
  | 'invalid-option'
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

const brand: unique symbol = Symbol.for('status-stack.status-pfs.error')

/** `origin` says who is at fault: `caller` a wrong argument, `peer` bytes from outside, `environment` the store. */
export interface PfsErrorRest {
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** The one error class of this package. Messages name the thing, what was expected and what came; never key material. */
export class PfsError extends Error {
  override readonly name = 'PfsError'
  readonly [brand] = true
  readonly code: PfsErrorCode
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: PfsErrorCode, message: string, rest: PfsErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is PfsError {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** A peer's bytes were refused. */
export function refused(code: PfsErrorCode, message: string, details?: Record<string, string | number>): PfsError {
  return new PfsError(code, message, details === undefined ? { origin: 'peer' } : { origin: 'peer', details })
}
