/** Every way this package refuses. Part of the API: codes are only ever added. */
export type ConformanceErrorCode =
  /** A path that does not exist or cannot be read. */
  | 'unreadable'
  /** A file, a folder or a run that is larger than {@link defaultLimits} allow. */
  | 'too-large'
  /** Not JSON, or JSON that is not a vector file. */
  | 'not-a-vector-file'
  /** An argument of another type or range, an option with a name that does not exist, or a section or case that no file has. */
  | 'invalid-argument'
  /** A process under test that does not start, does not answer, or claims what the protocol does not have. */
  | 'process-failed'

const brand: unique symbol = Symbol.for('status-stack.conformance.error')

/** `origin` says who is at fault: `caller` a wrong argument, `peer` the content of a file, `environment` the platform. */
export interface ConformanceErrorRest {
  /** Who is at fault. */
  readonly origin: 'caller' | 'peer' | 'environment'
  /** Numbers and short names for those who look into it. */
  readonly details?: Readonly<Record<string, string | number>>
  /** The error that led to this one. */
  readonly cause?: unknown
}

/**
 * The one error class of this package: thrown before anything runs, never because a vector failed. Not one of the stack's, whose shape it
 * has: `./runner` judges any implementation and needs none of ours.
 *
 * @example
 * ```ts
 * const isTheirFault = (error: unknown): boolean => error instanceof ConformanceError && error.origin === 'peer'
 * ```
 */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
  readonly [brand] = true
  /** What went wrong: one of a closed list. */
  readonly code: ConformanceErrorCode
  /** Who is at fault. */
  readonly origin: 'caller' | 'peer' | 'environment'
  /** Numbers and short names. */
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: ConformanceErrorCode, message: string, rest: ConformanceErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is ConformanceError {
    return typeof value === 'object' && value !== null && brand in value
  }
}
