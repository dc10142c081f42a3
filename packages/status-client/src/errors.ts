import { isStackError, StackError } from '@status-stack/interface'
import { type ArgumentChecks, argumentIn, createArgumentChecks } from '@status-stack/utils'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type ClientErrorCode =
  | 'invalid-argument'
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
  | 'limit'
  | 'backup-invalid'
  | 'history-failed'

/**
 * The one error class of this package. Never key material, never content.
 *
 * @example
 * ```ts
 * try {
 *   await client.send(chat, { text })
 * } catch (error) {
 *   if (ClientError.is(error) && error.code === 'too-large') shorten()
 * }
 * ```
 */
export class ClientError extends StackError<ClientErrorCode> {
  override readonly name = 'ClientError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is ClientError {
    return isStackError(value, 'ClientError')
  }
}

/** @returns an error with origin `caller`. */
export function callerError(
  code: ClientErrorCode,
  message: string,
  details: Readonly<Record<string, string | number>> = code === 'invalid-argument' ? argumentIn(message) : {}
): ClientError {
  return new ClientError(code, message, { origin: 'caller', details })
}

/** Checks of what callers pass: each throws `invalid-argument`. */
export const check: ArgumentChecks = createArgumentChecks((message, details) =>
  callerError('invalid-argument', message, details)
)

/** The code of an error of a layer or of the platform; it names no secret. `undefined` when it has none. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}
