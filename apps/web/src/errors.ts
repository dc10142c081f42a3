import { isStackError, StackError } from '@status-stack/interface'

/** What the page itself refuses. */
export type PageErrorCode =
  | 'password-short'
  | 'password-differs'
  | 'words-differ'
  | 'account-exists'
  | 'settings-damaged'
  | 'address'
  | 'too-many'
  | 'not-bytes'
  | 'too-large'
  | 'no-camera'
  | 'not-copied'

/** An error of the page: a sentence for a person, a stable code, never a secret. */
export class PageError extends StackError<PageErrorCode> {
  override readonly name = 'PageError'

  constructor(code: PageErrorCode, message: string) {
    super(code, message, { origin: 'caller' })
  }

  static is(value: unknown): value is PageError {
    return isStackError(value, 'PageError')
  }
}
