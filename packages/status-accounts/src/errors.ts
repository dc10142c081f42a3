/** Every way this package refuses. Part of the API: codes are only ever added. */
export type AccountsErrorCode =
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
  | 'invalid-link'

const brand: unique symbol = Symbol.for('status-stack.status-accounts.error')

export interface AccountsErrorRest {
  /** `caller` a wrong argument, `peer` text or a file from outside. */
  readonly origin: 'caller' | 'peer'
  readonly details?: Readonly<Record<string, string | number>>
  readonly cause?: unknown
}

/** The one error class of this package. Messages name the thing, what was expected and what came; never key material. */
export class AccountsError extends Error {
  override readonly name = 'AccountsError'
  readonly [brand] = true
  readonly code: AccountsErrorCode
  readonly origin: 'caller' | 'peer'
  readonly details: Readonly<Record<string, string | number>>

  constructor(code: AccountsErrorCode, message: string, rest: AccountsErrorRest) {
    super(message, rest.cause === undefined ? {} : { cause: rest.cause })
    this.code = code
    this.origin = rest.origin
    this.details = rest.details ?? {}
  }

  /** Works across duplicate installs and realms. */
  static is(value: unknown): value is AccountsError {
    return typeof value === 'object' && value !== null && brand in value
  }
}
