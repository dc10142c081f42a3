import { concatBytes, ecdhX, keccak256 } from '@status-stack/crypto'
import type { KeyPair } from '../keys.ts'

/** A private key as far as X3DH needs one: an identity key may live elsewhere. */
export interface DhKey {
  /** X coordinate of the point shared with a public key of 33 or 65 bytes; 32 bytes, left-padded. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

/**
 * SK = Keccak-256(DH1 ‖ DH2 ‖ DH3), 32 bytes.
 *
 * @example
 * ```ts
 * const secret = agreedSecret(dh1, dh2, dh3) // the three are cleared
 * ```
 */
export function agreedSecret(dh1: Uint8Array, dh2: Uint8Array, dh3: Uint8Array): Uint8Array {
  const joined = concatBytes(dh1, dh2, dh3)
  const secret = keccak256(joined)
  for (const bytes of [joined, dh1, dh2, dh3]) bytes.fill(0)
  return secret
}

/**
 * The initiator's side: secret between us and the owner of `prekey`, 32 bytes.
 * SPEC: 5/SECURE-TRANSPORT, "Initial key exchange flow (X3DH)"; no one-time prekeys.
 * @throws CryptoError `invalid-public-key`
 *
 * @example
 * ```ts
 * const ephemeral = generateKeyPair(random)
 * const secret = initiateX3dh(alice, ephemeral, { identity: bobsIdentity, prekey: bobsPrekey })
 * ```
 */
export function initiateX3dh(
  identity: DhKey,
  ephemeral: KeyPair,
  remote: { readonly identity: Uint8Array; readonly prekey: Uint8Array }
): Uint8Array {
  return agreedSecret(
    identity.ecdhX(remote.prekey),
    ecdhX(ephemeral.privateKey, remote.identity),
    ecdhX(ephemeral.privateKey, remote.prekey)
  )
}

/**
 * The responder's side: the same 32 bytes from our prekey pair and the initiator's keys.
 *
 * @example
 * ```ts
 * const secret = respondX3dh(bob, prekey, { identity: alicesIdentity, ephemeral: header.key })
 * ```
 */
export function respondX3dh(
  identity: DhKey,
  prekey: KeyPair,
  remote: { readonly identity: Uint8Array; readonly ephemeral: Uint8Array }
): Uint8Array {
  return agreedSecret(
    ecdhX(prekey.privateKey, remote.identity),
    identity.ecdhX(remote.ephemeral),
    ecdhX(prekey.privateKey, remote.ephemeral)
  )
}
