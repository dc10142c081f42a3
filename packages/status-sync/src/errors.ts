import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type SyncErrorCode =
  | 'invalid-argument'
  | 'body-too-large'
  | 'too-many-pending'
  | 'malformed-payload'
  | 'malformed-record'
  | 'store-failed'

/**
 * The error class of this package. Messages name the thing, what was expected and what came; never content.
 *
 * @example
 * ```ts
 * try {
 *   await sync.enqueue({ peer, body, tracking })
 * } catch (error) {
 *   if (SyncError.is(error) && error.code === 'too-many-pending') later()
 * }
 * ```
 */
export class SyncError extends StackError<SyncErrorCode> {
  override readonly name = 'SyncError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is SyncError {
    return isStackError(value, 'SyncError')
  }
}
