/** Every way this package refuses its caller. Part of the API: codes are only ever added. */
export type MailserverErrorCode =
  | 'invalid-option'
  | 'invalid-argument'
  | 'invalid-sync-request'
  | 'not-running'
  | 'store-failed'
  | 'peer-too-slow'
  | 'sync-failed'
  | 'sync-timeout'

const brand: unique symbol = Symbol.for('status-stack.whisper-mailserver.error')

/** `origin` says who is at fault: `caller` a wrong argument, `peer` what came from outside, `environment` what may work later. */
export interface MailserverErrorRest {
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** The one error class of this package. Messages name the thing, what was expected and what came; never key material. */
export class MailserverError extends Error {
  override readonly name = 'MailserverError'
  readonly [brand] = true
  readonly code: MailserverErrorCode
  readonly origin: 'caller' | 'peer' | 'environment'
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: MailserverErrorCode, message: string, rest: MailserverErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is MailserverError {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** A wrong value given to this package by its own caller. */
export function invalidOption(message: string): MailserverError {
  return new MailserverError('invalid-option', message, { origin: 'caller' })
}
