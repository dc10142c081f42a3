import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type MessagePortErrorCode = 'invalid-argument' | 'link-closed' | 'too-large'

/**
 * The error class of this package. Messages name the thing, what was expected and what came; never content.
 *
 * @example
 * ```ts
 * const isGone = (error: unknown): boolean => MessagePortError.is(error) && error.code === 'link-closed'
 * ```
 */
export class MessagePortError extends StackError<MessagePortErrorCode> {
  override readonly name = 'MessagePortError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is MessagePortError {
    return isStackError(value, 'MessagePortError')
  }
}
