import { isStackError, StackError, type StackErrorOptions } from '@status-stack/interface'
import { argumentIn } from '@status-stack/utils'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type WhisperErrorCode =
  | 'invalid-argument'
  | 'invalid-envelope'
  | 'invalid-packet'
  | 'packet-too-large'
  | 'handshake-failed'
  | 'handshake-timeout'
  | 'bad-envelope'
  | 'rate-limit-exceeded'
  | 'link-closed'
  | 'not-running'
  | 'unknown-peer'
  | 'duplicate-peer'
  | 'too-many-peers'
  | 'too-many-filters'
  | 'payload-too-large'
  | 'message-too-large'
  | 'no-key'
  | 'not-supported'
  | 'pow-not-reached'
  | 'pow-too-low'
  | 'pool-full'
  | 'request-refused'
  | 'request-timeout'
  | 'request-too-soon'
  | 'response-too-large'
  | 'response-without-progress'

/** What an error of this package carries beside code and message. */
export type WhisperErrorOptions = StackErrorOptions

/**
 * The error class of this package. Messages name the thing, what was expected and what came; never key material.
 *
 * @example
 * ```ts
 * const isFull = (error: unknown): boolean => WhisperError.is(error) && error.code === 'pool-full'
 * ```
 */
export class WhisperError extends StackError<WhisperErrorCode> {
  override readonly name = 'WhisperError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is WhisperError {
    return isStackError(value, 'WhisperError')
  }
}

/**
 * A peer's packet that breaks the protocol: the link ends.
 *
 * @example
 * ```ts
 * throw invalidPacket('status: expected a list')
 * ```
 */
export function invalidPacket(message: string, cause?: unknown): WhisperError {
  return new WhisperError('invalid-packet', message, { origin: 'peer', cause })
}

/**
 * A wrong argument of the application.
 *
 * @example
 * ```ts
 * throw invalidArgument('topics: expected at least one')
 * ```
 */
export function invalidArgument(message: string): WhisperError {
  return new WhisperError('invalid-argument', message, { origin: 'caller', details: argumentIn(message) })
}
