import { CryptoError, keccak256, recoverPublicKey } from '@status-stack/crypto'
import type { IdentityKey } from '../ports.ts'

/** 65 bytes r‖s‖v over Keccak-256 of everything before it. */
export function signPlaintext(signed: Uint8Array, signer: Pick<IdentityKey, 'sign'>): Uint8Array {
  return signer.sign(keccak256(signed))
}

/**
 * The signer's key, 65 bytes; `undefined` when the signature recovers none.
 * DEVIATION: v is 0 or 1 (recovery ids below 4 are read); EIP-627 says 27 and 28, which no implementation sends or takes.
 */
export function recoverSigner(signed: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  try {
    return recoverPublicKey(keccak256(signed), signature)
  } catch (error) {
    if (CryptoError.is(error)) return undefined
    throw error
  }
}
