/** Every way this package refuses. Part of the API: codes are only ever added. */
export type SyncErrorCode =
  | 'invalid-argument'
  | 'invalid-option'
  | 'body-too-large'
  | 'too-many-pending'
  | 'malformed-payload'
  | 'malformed-record'
  | 'store-failed'

const brand: unique symbol = Symbol.for('status-stack.status-sync.error')

/** `origin` says who is at fault: `caller` a wrong argument, `peer` bytes from outside, `environment` the store. */
export interface SyncErrorRest {
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** The one error class of this package. Messages name the thing, what was expected and what came; never content. */
export class SyncError extends Error {
  override readonly name = 'SyncError'
  readonly [brand] = true
  readonly code: SyncErrorCode
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: SyncErrorCode, message: string, rest: SyncErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is SyncError {
    return typeof value === 'object' && value !== null && brand in value
  }
}
