import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses its caller. Part of the API: codes are only ever added. */
export type MailserverErrorCode =
  | 'invalid-argument'
  | 'invalid-sync-request'
  | 'not-running'
  | 'store-failed'
  | 'peer-too-slow'
  | 'sync-failed'
  | 'sync-timeout'

/**
 * The one error class of this package. Messages name the thing, what was expected and what came; never key material. Origin `caller`: a
 * wrong argument; `peer`: what came from outside; `environment`: what may work later.
 *
 * @example
 * ```ts
 * const mayWorkLater = (error: unknown): boolean => MailserverError.is(error) && error.origin === 'environment'
 * ```
 */
export class MailserverError extends StackError<MailserverErrorCode> {
  override readonly name = 'MailserverError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is MailserverError {
    return isStackError(value, 'MailserverError')
  }
}

/** A wrong value given to this package by its own caller. */
export function invalidOption(argument: string, expectation: string): MailserverError {
  return new MailserverError('invalid-argument', `${argument}: ${expectation}`, {
    origin: 'caller',
    details: { argument }
  })
}
