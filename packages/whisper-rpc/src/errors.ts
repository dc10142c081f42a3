import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type RpcErrorCode =
  | 'parse-error'
  | 'invalid-request'
  | 'method-not-found'
  | 'invalid-params'
  | 'call-failed'
  | 'invalid-argument'
  | 'address-in-use'
  | 'stopped'

/**
 * The one error class of this package. The message of a refused call is the text that the client gets. Origin `caller`: a wrong
 * option; `peer`: an RPC client; `environment`: what may work later.
 *
 * @example
 * ```ts
 * const isTaken = (error: unknown): boolean => RpcError.is(error) && error.code === 'address-in-use'
 * ```
 */
export class RpcError extends StackError<RpcErrorCode> {
  override readonly name = 'RpcError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is RpcError {
    return isStackError(value, 'RpcError')
  }
}

/** A method refuses: answered with -32000 and this text. */
export function failed(message: string): RpcError {
  return new RpcError('call-failed', message, { origin: 'peer' })
}

/** The arguments are wrong: answered with -32602 and this text. */
export function invalidParams(message: string): RpcError {
  return new RpcError('invalid-params', message, { origin: 'peer' })
}

/** A wrong value given to this package by its own caller. */
export function invalidOption(argument: string, expectation: string): RpcError {
  return new RpcError('invalid-argument', `${argument}: ${expectation}`, { origin: 'caller', details: { argument } })
}

const numbers: Partial<Record<RpcErrorCode, number>> = {
  'parse-error': -32700,
  'invalid-request': -32600,
  'method-not-found': -32601,
  'invalid-params': -32602
}

/** The JSON-RPC number of an error; -32000 for everything that a method raised. */
export function jsonRpcNumber(error: unknown): number {
  return (RpcError.is(error) ? numbers[error.code] : undefined) ?? -32000
}
