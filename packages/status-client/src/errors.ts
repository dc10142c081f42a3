/** Every way this package refuses. Part of the API: codes are only ever added. */
export type ClientErrorCode =
  | 'invalid-option'
  | 'invalid-argument'
  | 'not-started'
  | 'stopped'
  | 'account-in-use'
  | 'wrong-storage-key'
  | 'store-newer'
  | 'store-corrupt'
  | 'store-failed'
  | 'disk-full'
  | 'unknown-chat'
  | 'unknown-message'
  | 'unknown-device'
  | 'not-a-member'
  | 'not-an-admin'
  | 'not-yours'
  | 'blocked'
  | 'too-large'
  | 'policy'
  | 'null-channel'
  | 'limit'
  | 'backup-invalid'
  | 'history-failed'

const brand: unique symbol = Symbol.for('status-stack.client.error')

/** `origin` says who is at fault: `caller` a wrong argument, `peer` bytes from outside, `environment` store or platform. */
export interface ClientErrorRest {
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** The one error class of this package. Never key material, never content. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly [brand] = true
  readonly code: ClientErrorCode
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: ClientErrorCode, message: string, rest: ClientErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is ClientError {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** @returns an error with origin `caller`. */
export function callerError(
  code: ClientErrorCode,
  message: string,
  details?: Readonly<Record<string, string | number>>
): ClientError {
  return new ClientError(code, message, details === undefined ? { origin: 'caller' } : { origin: 'caller', details })
}
