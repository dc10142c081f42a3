import { CryptoError, decompressPublicKey } from '@status-stack/crypto'
import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { AccountsError } from './errors.ts'

/** Types of arguments at every public function of this package. */
export const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new AccountsError('invalid-argument', message, { origin: 'caller', details })
)

/**
 * The 65-byte form of a public key that was given as an argument.
 * @throws AccountsError `invalid-argument`; CryptoError `invalid-public-key`, both with origin `caller`
 */
export function pointOf(publicKey: Uint8Array): Uint8Array {
  check.bytes('public key', publicKey)
  try {
    return decompressPublicKey(publicKey)
  } catch (error) {
    if (!CryptoError.is(error)) throw error
    const { code, message, details } = error
    throw new CryptoError(code, message, { origin: 'caller', details, cause: error })
  }
}

/** Half of a UTF-16 pair: no UTF-8 can hold it, and encoders turn every one of them into the same replacement character. */
const loneSurrogate = /\p{Surrogate}/u

/** @throws AccountsError `invalid-argument` for what is no text or has a lone surrogate in it */
export function checkSecretText(name: string, value: unknown): asserts value is string {
  check.text(name, value)
  if (loneSurrogate.test(value)) {
    throw new AccountsError('invalid-argument', `${name}: expected well-formed Unicode, got a lone surrogate`, {
      origin: 'caller',
      details: { argument: name }
    })
  }
}
