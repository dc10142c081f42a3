import { aesGcmOpen, aesGcmSeal, concatBytes, ecdhX } from '@status-stack/crypto'
import { check } from './checks.ts'
import type { KeyPair } from './keys.ts'
import type { DhKey } from './x3dh/agreement.ts'

const nonceLength = 12
/** Bytes that static-key sealing adds: tag 16, nonce 12. */
export const staticOverhead = 28

/**
 * Seals for an identity whose devices are unknown: AES-256-GCM under ECDH(ephemeral, identity); ciphertext‖tag‖nonce.
 * No forward secrecy, and anyone can replay it. SPEC: 5/SECURE-TRANSPORT, "DH"; the nonce comes last.
 *
 * @example
 * ```ts
 * const ephemeral = generateKeyPair(random)
 * const sealed = sealStatic(bob.publicKey, ephemeral, random.bytes(12), plaintext)
 * ```
 */
export function sealStatic(
  identity: Uint8Array,
  ephemeral: KeyPair,
  nonce: Uint8Array,
  plaintext: Uint8Array
): Uint8Array {
  check.bytes('identity', identity)
  check.bytes('nonce', nonce, nonceLength)
  check.bytes('plaintext', plaintext)
  const key = ecdhX(ephemeral.privateKey, identity)
  const sealed = concatBytes(aesGcmSeal(key, nonce, plaintext), nonce)
  key.fill(0)
  return sealed
}

/**
 * Opens what {@link sealStatic} made; `undefined` when it is too short or the tag does not fit.
 *
 * @example
 * ```ts
 * const plaintext = openStatic(bob, ephemeralPublicKey, sealed)
 * ```
 */
export function openStatic(identity: DhKey, ephemeral: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  check.bytes('ephemeral', ephemeral)
  check.bytes('sealed', sealed)
  if (sealed.length < staticOverhead) return undefined
  const at = sealed.length - nonceLength
  const key = identity.ecdhX(ephemeral)
  try {
    return aesGcmOpen(key, sealed.slice(at), sealed.subarray(0, at))
  } catch {
    return undefined
  } finally {
    key.fill(0)
  }
}
