const brand: unique symbol = /* @__PURE__ */ Symbol.for('status-stack.error')

/**
 * Who is at fault: `caller` gave a wrong argument, `peer` sent bytes that break a rule, `environment` is the platform, the
 * network or a store, where trying again may help.
 */
export type ErrorOrigin = 'caller' | 'peer' | 'environment'

/** What an error carries beside its code and message. */
export interface StackErrorOptions {
  /** Who is at fault; decides whether a caller corrects the call, drops the peer or tries again. */
  readonly origin: ErrorOrigin
  /** Numbers and short identifiers; never keys, plaintext or a peer's raw bytes. */
  readonly details?: Readonly<Record<string, string | number>> | undefined
  /** What the person can do about it; what it names may come from others, so it is escaped where it is shown. @default none */
  readonly hint?: string | undefined
  /** The error that led to this one. */
  readonly cause?: unknown
}

/**
 * The base of every error that a package of the stack throws. Each package has one subclass with a literal union of codes;
 * codes are part of its API and are only ever added.
 *
 * A message names the thing, what was expected and what came, and never holds key material or content.
 *
 * @example
 * ```ts
 * export class EchoError extends StackError<'invalid-argument' | 'link-closed'> {
 *   override readonly name = 'EchoError'
 *   static is(value: unknown): value is EchoError {
 *     return isStackError(value, 'EchoError')
 *   }
 * }
 * throw new EchoError('invalid-argument', 'topic: expected 4 bytes, got 5', { origin: 'caller', details: { got: 5 } })
 * ```
 */
export class StackError<Code extends string = string> extends Error {
  readonly [brand] = true
  /** What went wrong: one of the closed list of its package. */
  readonly code: Code
  /** Who is at fault. */
  readonly origin: ErrorOrigin
  /** Numbers and short identifiers; never keys, plaintext or a peer's raw bytes. */
  readonly details: Readonly<Record<string, string | number>>
  /** What the person can do about it, in words; of errors that a person meets. */
  readonly hint: string | undefined

  constructor(code: Code, message: string, options: StackErrorOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.origin = options.origin
    this.details = options.details ?? {}
    this.hint = options.hint
  }
}

/**
 * Whether a value is an error of the stack, and of the class `name` if one is given. Works across duplicate installs and
 * realms, where `instanceof` does not.
 *
 * @example
 * ```ts
 * if (isStackError(error) && error.origin === 'environment') retry()
 * ```
 */
export function isStackError(value: unknown, name?: string): value is StackError {
  if (typeof value !== 'object' || value === null || !(brand in value)) return false
  return name === undefined || (value as { readonly name?: unknown }).name === name
}
