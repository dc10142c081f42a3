import { isStackError, StackError } from '@status-stack/interface'
import { type ArgumentChecks, argumentIn, createArgumentChecks } from '@status-stack/utils'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type SimulatorErrorCode =
  /** An argument of another type or range, or an option with a name that does not exist; `details.argument` names it. */
  | 'invalid-argument'
  /** No node has joined under this name. */
  | 'unknown-node'
  /** Another simulation runs in this process. */
  | 'busy'
  /** The run took another way than the one that is replayed. */
  | 'diverged'
  /** Work that goes on while the clock stands still, or what `settled` waited for in vain. */
  | 'endless'
  /** A link was used after its end. */
  | 'link-closed'

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
  new SimulatorError('invalid-argument', message, { origin: 'caller', details: argumentIn(message) })

/** Checks of what callers pass: each refuses with `invalid-argument`. */
export const check: ArgumentChecks = createArgumentChecks(
  (message, details) => new SimulatorError('invalid-argument', message, { origin: 'caller', details })
)
