/** A public key: 65 bytes, 0x04‖X‖Y. */
export type PublicKey = Uint8Array

/** Who signs. No raw private key is handed round. */
export interface IdentityKey {
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  /** 65 bytes r‖s‖v, v 0 or 1, over a 32-byte digest. */
  readonly sign: (digest: Uint8Array) => Uint8Array
  /** 32 bytes: X of the Diffie-Hellman product, left-padded. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

/** Secure random bytes; needed only where something new is named (a group's UUID). */
export interface Random {
  readonly bytes: (length: number) => Uint8Array
}

/** How a delivery reached us: what the transport knows without knowing payloads. */
export type Arrival =
  | { readonly kind: 'identity' }
  | { readonly kind: 'public-chat'; readonly name: string }
  | { readonly kind: 'rendezvous'; readonly peer: Uint8Array }
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }

/** Whom bytes are for: what the layers below need to know, and no payload type. */
export type Audience =
  | { readonly kind: 'identity'; readonly publicKey: Uint8Array; readonly reach: 'known-devices' | 'any-device' }
  | { readonly kind: 'own-devices'; readonly reach: 'known-devices' | 'any-device' }
  | { readonly kind: 'public-chat'; readonly name: string }
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }

/**
 * Which judgement is applied: what status-go 0.56.10 does, defects included, or ours, which also closes the holes it
 * leaves open. The message bytes we send are the same under both.
 */
export type Rules = 'status-go-0.56.10' | 'strict'
