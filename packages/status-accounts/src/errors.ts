import { type ErrorOrigin, isStackError, StackError, type StackErrorOptions } from '@status-stack/interface'

/** Every way this package refuses. Part of the API: codes are only ever added. */
export type AccountsErrorCode =
  | 'invalid-argument'
  | 'invalid-mnemonic'
  | 'invalid-path'
  | 'invalid-key'
  | 'invalid-key-text'
  | 'invalid-keystore'
  /** The key derivation cost of a keystore is outside what we are ready to spend. */
  | 'keystore-cost'
  | 'wrong-password'
  /** The password fits, but the key inside is not the address the file names. */
  | 'address-mismatch'
  | 'invalid-word-list'
  /** A stored account that is damaged, or made by a later release. */
  | 'invalid-account'
  | 'invalid-link'
  /** A well-formed Status link that does not lead to a person's key; `details.kind` says what it leads to. */
  | 'unsupported-link'

/** What an error carries beside its code and message; `peer` is text or a file from outside. */
export interface AccountsErrorOptions extends StackErrorOptions {
  readonly origin: Exclude<ErrorOrigin, 'environment'>
}

/**
 * The one error class of this package. Messages name the thing, what was expected and what came; never key material.
 *
 * @example
 * ```ts
 * const leadsElsewhere = (error: unknown): boolean => AccountsError.is(error) && error.code === 'unsupported-link'
 * ```
 */
export class AccountsError extends StackError<AccountsErrorCode> {
  override readonly name = 'AccountsError'

  constructor(code: AccountsErrorCode, message: string, options: AccountsErrorOptions) {
    super(code, message, options)
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is AccountsError {
    return isStackError(value, 'AccountsError')
  }
}
