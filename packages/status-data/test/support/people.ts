import { ecdhX, publicKeyOf, signDigest } from '@status-stack/crypto'
import type { IdentityKey } from '@status-stack/interface'

/** An identity whose private key is one byte repeated. */
export function person(byte: number): IdentityKey {
  return identityOf(new Uint8Array(32).fill(byte))
}

export function identityOf(privateKey: Uint8Array): IdentityKey {
  return {
    publicKey: publicKeyOf(privateKey),
    sign: digest => signDigest(digest, privateKey),
    ecdhX: other => ecdhX(privateKey, other)
  }
}

/** Deterministic bytes: a counter. */
export function countingRandom(): { readonly bytes: (length: number) => Uint8Array } {
  let next = 0
  return { bytes: length => Uint8Array.from({ length }, () => next++ & 0xff) }
}
