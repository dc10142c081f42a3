import { CryptoError, type EciesRandomness, eciesEncrypt, eciesOverhead, tryEciesDecrypt } from '@status-stack/crypto'
import { WhisperError } from '../errors.ts'
import type { IdentityKey } from '../ports.ts'

/** Bytes that asymmetric encryption adds. */
export const asymmetricOverhead = eciesOverhead

/** ECIES without shared data: 0x04‖R(64) ‖ iv(16) ‖ ciphertext ‖ tag(32). @throws WhisperError `invalid-argument` for a key that is no point */
export function sealAsymmetric(publicKey: Uint8Array, plaintext: Uint8Array, randomness: EciesRandomness): Uint8Array {
  try {
    return eciesEncrypt(publicKey, plaintext, undefined, randomness)
  } catch (cause) {
    if (CryptoError.is(cause) && cause.code === 'invalid-public-key') {
      throw new WhisperError('invalid-argument', 'recipient: not a public key of secp256k1', {
        origin: 'caller',
        cause
      })
    }
    throw cause
  }
}

/**
 * The plaintext, or `undefined` whatever the reason; data of fewer than 113 bytes is never ours. A key that cannot agree at the moment, locked
 * or in a device that is away, opens nothing either: no peer pays for that with its link.
 */
export function openAsymmetric(identity: Pick<IdentityKey, 'ecdhX'>, data: Uint8Array): Uint8Array | undefined {
  if (data.length < asymmetricOverhead) return undefined
  try {
    return tryEciesDecrypt(identity, data)
  } catch {
    return undefined
  }
}
