import { type ExitName, exitCodes } from './exit-codes.ts'

/** An error with a sentence for a person, a stable code for a program, and an exit code. Never holds a secret. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: string
  readonly exit: ExitName
  /** What the person can do about it. */
  readonly hint: string | undefined

  constructor(exit: ExitName, code: string, message: string, hint?: string) {
    super(message)
    this.exit = exit
    this.code = code
    this.hint = hint
  }
}

/** What is known of any thrown value: layers' errors carry a `code`, everything else is `unexpected`. */
export function describeError(error: unknown): {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly exitCode: number
} {
  if (error instanceof CliError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.hint ? { hint: error.hint } : {}),
      exitCode: exitCodes[error.exit]
    }
  }
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unexpected'
  const message = error instanceof Error ? error.message : String(error)
  return { code, message, exitCode: exitCodes.failed }
}
