import type { Clock, IdentityKey, Random } from '@status-stack/interface'

export type { Clock, IdentityKey, Random }

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
