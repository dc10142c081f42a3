import { utf8Bytes } from '@status-stack/crypto'
import { checkSecretText } from './checks.ts'
import { AccountsError } from './errors.ts'

/**
 * A password: text, encoded as UTF-8 without normalisation as go-ethereum does, or the bytes themselves.
 *
 * A person whose keyboard composes accents differently types other bytes; programs that want one form normalise before they
 * call.
 */
export type Password = string | Uint8Array

/**
 * The bytes of a password, as a copy that may be cleared.
 * @throws AccountsError `invalid-argument`: a forgotten password must not become the empty one
 */
export function passwordBytes(password: Password): Uint8Array {
  if (password instanceof Uint8Array) return Uint8Array.from(password)
  if (typeof password !== 'string') {
    const got = password === null ? 'null' : password === undefined ? 'nothing' : `a value of type ${typeof password}`
    throw new AccountsError('invalid-argument', `password: expected a string or bytes, got ${got}`, {
      origin: 'caller',
      details: { argument: 'password' }
    })
  }
  checkSecretText('password', password)
  return utf8Bytes(password)
}
