/** What one check found, and what to do about it. */
export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'note' | 'problem'
  readonly message: string
  readonly hint?: string | undefined
}

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message })
export const note = (check: string, message: string, hint?: string): Finding => ({
  check,
  state: 'note',
  message,
  hint
})
export const problem = (check: string, message: string, hint: string): Finding => ({
  check,
  state: 'problem',
  message,
  hint
})
