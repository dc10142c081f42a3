import { isStackError, StackError } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type SimulatorErrorCode = 'invalid-argument' | 'unknown-node' | 'busy' | 'diverged' | 'endless' | 'link-closed'

/**
 * The error class of this package. Messages name the thing, what was expected and what came.
 *
 * @example
 * ```ts
 * const tookAnotherWay = (error: unknown): boolean => SimulatorError.is(error) && error.code === 'diverged'
 * ```
 */
export class SimulatorError extends StackError<SimulatorErrorCode> {
  override readonly name = 'SimulatorError'

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is SimulatorError {
    return isStackError(value, 'SimulatorError')
  }
}

/** What the caller got wrong. */
export const invalidArgument = (message: string): SimulatorError =>
  new SimulatorError('invalid-argument', message, { origin: 'caller' })
