/** Who signs and agrees on secrets. No raw private key is handed round. */
export interface IdentityKey {
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  /** 65 bytes r‖s‖v, v 0 or 1, low s, deterministic, over a 32-byte digest. */
  readonly sign: (digest: Uint8Array) => Uint8Array
  /** 32 bytes: X of the product with a 33- or 65-byte public key, left-padded, not hashed. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

/** Secure random bytes; the platform's generator when none is given. */
export interface Random {
  readonly bytes: (length: number) => Uint8Array
}
