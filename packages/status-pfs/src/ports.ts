/** The holder of the identity key. No raw private key is handed round. */
export interface IdentityKey {
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  /** Recoverable signature of a 32-byte digest: 65 bytes r‖s‖v, v 0 or 1. */
  readonly sign: (digest: Uint8Array) => Uint8Array
  /** X coordinate of the product with a 33- or 65-byte public key: 32 bytes, left-padded. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

export interface Clock {
  /** Unix time in milliseconds. */
  readonly nowMs: () => number
}

export interface Random {
  /** `length` unpredictable bytes. */
  readonly bytes: (length: number) => Uint8Array
}

/** A stored record and the revision that a write must name. */
export interface StoredRecord {
  readonly record: Uint8Array
  /** Positive; changes with every write of this id. */
  readonly revision: number
}

/**
 * Opaque versioned records with compare-and-set. Records hold ratchet state and private prekeys: an implementation that
 * outlives the process encrypts them. Each call is atomic; nothing spans two calls. `sessionStoreCases` in ./testing is
 * the contract.
 */
export interface SessionStore {
  readonly get: (id: Uint8Array) => Promise<StoredRecord | undefined>
  /** Writes only if the stored revision still equals `revision` (0 = absent); answers whether it did. Durable when it answers. */
  readonly put: (id: Uint8Array, record: Uint8Array, revision: number) => Promise<boolean>
  /** Removes only if the stored revision still equals `revision`; answers whether it did. What is absent is not removed. */
  readonly delete: (id: Uint8Array, revision: number) => Promise<boolean>
}

/** What a sealer needs from outside. */
export interface SealerDeps {
  readonly identity: IdentityKey
  readonly store: SessionStore
  readonly clock: Clock
  readonly random: Random
}
