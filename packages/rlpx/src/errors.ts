import { isStackError, StackError, type StackErrorOptions } from '@status-stack/interface'
import { type ArgumentChecks, argumentIn, createArgumentChecks } from '@status-stack/utils'

/** Every way this package refuses or fails. Part of the API: codes are only ever added. */
export type TransportErrorCode =
  /** An argument or option is out of its range. */
  | 'invalid-argument'
  /** An enode URL, ENR, node list entry or NAT string that cannot be read. */
  | 'invalid-text'
  /** The host is not running. */
  | 'stopped'
  /** The caller's signal was aborted. */
  | 'aborted'
  /** TCP could not connect, or the connection broke. */
  | 'network'
  /** A time limit passed: dial, handshake, silence, a peer that does not read. */
  | 'timeout'
  /** Auth or ack that cannot be read, decrypted or verified. */
  | 'bad-handshake'
  /** Wrong header or body MAC. */
  | 'bad-mac'
  /** A frame, message or packet over its size limit. */
  | 'too-large'
  /** Bytes that are not what the protocol says. */
  | 'malformed'
  /** Snappy that is corrupt or announces too much. */
  | 'bad-compression'
  /** A message id outside every negotiated range, or a message at the wrong time. */
  | 'unexpected-message'
  /** The other side sent Disconnect; `details.reason` is its number. */
  | 'disconnected'
  /** We refused the peer; `details.reason` says why. */
  | 'refused'
  /** The link or session is closed. */
  | 'closed'
  /** Something optional is not installed or not available here. */
  | 'unavailable'

/** What a {@link TransportError} carries beside its code and message. */
export type TransportErrorOptions = StackErrorOptions

/**
 * The one error class of this package. Messages hold sizes and short ids, never keys, secrets, MACs or a peer's raw bytes.
 *
 * @example
 * ```ts
 * const isGone = (error: unknown): boolean => TransportError.is(error) && error.code === 'disconnected'
 * ```
 */
export class TransportError extends StackError<TransportErrorCode> {
  override readonly name = 'TransportError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is TransportError {
    return isStackError(value, 'TransportError')
  }
}

/**
 * An error the other node caused.
 *
 * @example
 * ```ts
 * throw peerError('malformed', 'frame: not a list', { bytes: frame.length })
 * ```
 */
export function peerError(
  code: TransportErrorCode,
  message: string,
  details?: Readonly<Record<string, string | number>>
): TransportError {
  return new TransportError(code, message, { origin: 'peer', details })
}

/**
 * An error the caller caused.
 *
 * @example
 * ```ts
 * throw callerError('invalid-argument', 'path: expected a path such as /rlpx')
 * ```
 */
export function callerError(
  code: TransportErrorCode,
  message: string,
  details: Readonly<Record<string, string | number>> = code === 'invalid-argument' ? argumentIn(message) : {}
): TransportError {
  return new TransportError(code, message, { origin: 'caller', details })
}

/**
 * An error of the network or the platform; trying again may help.
 *
 * @example
 * ```ts
 * throw environmentError('network', 'dial: no route', { port: 30303 })
 * ```
 */
export function environmentError(
  code: TransportErrorCode,
  message: string,
  details?: Readonly<Record<string, string | number>>,
  cause?: unknown
): TransportError {
  return new TransportError(code, message, { origin: 'environment', details, cause })
}

/**
 * Throws when the signal has fired. @throws TransportError `aborted` when the signal already is.
 *
 * @example
 * ```ts
 * throwIfAborted(signal)
 * const stream = await open()
 * ```
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError(signal)
}

/**
 * What an aborted wait rejects with; the signal's own reason is the cause.
 *
 * @example
 * ```ts
 * signal.addEventListener('abort', () => reject(abortedError(signal)), { once: true })
 * ```
 */
export function abortedError(signal: AbortSignal): TransportError {
  return new TransportError('aborted', 'aborted by the caller', { origin: 'caller', cause: signal.reason })
}

/** Checks of what callers pass: refused as `invalid-argument`. */
export const check: ArgumentChecks = createArgumentChecks((message, details) =>
  callerError('invalid-argument', message, details)
)
