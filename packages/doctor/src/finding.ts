/** What one check found, and what to do about it. */
export interface Finding {
  /** What was looked at: one or two words. */
  readonly check: string
  /** `problem`: something does not work. `note`: worth knowing, or not to be found out. */
  readonly state: 'ok' | 'note' | 'problem'
  /** One sentence for people: what was found. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string | undefined
  /** For programs, and for looking it up. */
  readonly code?: string | undefined
}

/**
 * A finding that needs nothing.
 *
 * @example
 * ```ts
 * ok('disk', '12 GB free')
 * ```
 */
export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message })
/**
 * A finding that a person should know of.
 *
 * @example
 * ```ts
 * note('curve', 'JavaScript', 'the native addon is faster')
 * ```
 */
export const note = (check: string, message: string, hint?: string): Finding => ({
  check,
  state: 'note',
  message,
  hint
})
/**
 * A finding that has to be mended, and how.
 *
 * @example
 * ```ts
 * problem('disk', 'full', 'make room for the archive')
 * ```
 */
export const problem = (check: string, message: string, hint: string, code?: string): Finding => ({
  check,
  state: 'problem',
  message,
  hint,
  ...(code === undefined ? {} : { code })
})
