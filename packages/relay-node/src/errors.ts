import { isStackError, StackError, type StackErrorOptions } from '@status-stack/interface'
import { type ArgumentChecks, argumentIn, createArgumentChecks } from '@status-stack/utils'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type RelayErrorCode =
  /** An argument or option of another type or range, or with a name that does not exist; `details.argument` names it. */
  | 'invalid-argument'
  /** The relay was stopped, which ends it for good. */
  | 'stopped'
  /** Not an enode URL, or not a complete one. */
  | 'enode'
  /** The peer is the node itself. */
  | 'self'
  /** A way of opening ports that cannot be read. */
  | 'nat'
  /** Networks that cannot be read, or a peer outside of them. */
  | 'net-restrict'
  /** The address cannot be listened on. */
  | 'listen'
  /** The UDP port of discovery cannot be used. */
  | 'discovery-port'
  /** The address of the metrics cannot be listened on. */
  | 'metrics'
  /** The API cannot be served as it was asked for. */
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
  details: StackErrorOptions['details'] = code === 'invalid-argument' ? argumentIn(message) : {}
): RelayError => new RelayError(code, message, { origin: 'caller', details })

/** Checks of what callers pass: each refuses with `invalid-argument`. */
export const check: ArgumentChecks = createArgumentChecks((message, details) =>
  optionError('invalid-argument', message, details)
)

/** What the machine does not allow, or another program prevents. */
export const systemError = (
  code: RelayErrorCode,
  message: string,
  options: Omit<StackErrorOptions, 'origin'> = {}
): RelayError => new RelayError(code, message, { ...options, origin: 'environment' })
