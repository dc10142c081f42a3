import { isStackError, StackError, type StackErrorOptions } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type RelayErrorCode =
  /** Not an enode URL, or not a complete one. */
  | 'enode'
  /** The peer is the node itself. */
  | 'self'
  | 'nat'
  | 'net-restrict'
  /** The address cannot be listened on. */
  | 'listen'
  | 'discovery-port'
  | 'metrics'
  | 'rpc'
  /** The archive cannot be opened. */
  | 'archive'
  /** No protocol of that name, or what it cannot be combined with. */
  | 'privacy'
  /** An option of the WebSocket, or its address cannot be listened on. */
  | 'websocket'

/**
 * The one error class of this package. A message never holds a password or the rest of a URL that may hold one.
 *
 * @example
 * ```ts
 * const isTaken = (error: unknown): boolean => RelayError.is(error) && error.code === 'listen'
 * ```
 */
export class RelayError extends StackError<RelayErrorCode> {
  override readonly name = 'RelayError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is RelayError {
    return isStackError(value, 'RelayError')
  }
}

/** A wrong option. */
export const optionError = (
  code: RelayErrorCode,
  message: string,
  details: StackErrorOptions['details'] = {}
): RelayError => new RelayError(code, message, { origin: 'caller', details })

/** What the machine does not allow, or another program prevents. */
export const systemError = (
  code: RelayErrorCode,
  message: string,
  options: Omit<StackErrorOptions, 'origin'> = {}
): RelayError => new RelayError(code, message, { ...options, origin: 'environment' })
