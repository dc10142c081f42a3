import { isStackError, StackError } from '@status-stack/interface'
import type { RefusalCode } from './refusal.ts'

/** Every way this package throws. Part of the API: codes are only ever added. */
export type DataErrorCode =
  /** A wrapper, payload or event whose bytes do not parse. */
  | 'malformed'
  /** An argument of the wrong type, length or range. */
  | 'invalid-argument'
  /** What is to be sent would be refused by its readers; `details.reason` is their reason. */
  | 'not-sendable'

/**
 * The one error class of this package. Messages name the thing, what was expected and what came; never content.
 *
 * @example
 * ```ts
 * try {
 *   outgoing(chat, content, context)
 * } catch (error) {
 *   if (DataError.is(error) && error.code === 'not-sendable') console.log(error.details['reason'])
 * }
 * ```
 */
export class DataError extends StackError<DataErrorCode> {
  override readonly name = 'DataError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is DataError {
    return isStackError(value, 'DataError')
  }
}

/** Bytes from outside that do not parse as `thing`. */
export function malformed(thing: string, length: number): DataError {
  return new DataError('malformed', `${thing}: ${length} bytes do not parse`, { origin: 'peer', details: { length } })
}

/** What the caller wants to send and every reader would refuse. */
export function notSendable(reason: RefusalCode | string): DataError {
  return new DataError('not-sendable', `message: would be refused by its readers: ${reason}`, {
    origin: 'caller',
    details: { reason }
  })
}
