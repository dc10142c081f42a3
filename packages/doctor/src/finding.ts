/** What one check found, and what to do about it. */
export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'note' | 'problem'
  readonly message: string
  readonly hint?: string | undefined
  /** For programs, and for looking it up. */
  readonly code?: string | undefined
}

/** A finding that needs nothing. */
export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message })
/** A finding that a person should know of. */
export const note = (check: string, message: string, hint?: string): Finding => ({
  check,
  state: 'note',
  message,
  hint
})
/** A finding that has to be mended, and how. */
export const problem = (check: string, message: string, hint: string, code?: string): Finding => ({
  check,
  state: 'problem',
  message,
  hint,
  ...(code === undefined ? {} : { code })
})
