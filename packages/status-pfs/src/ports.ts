import type { Clock, IdentityKey, Random } from '@status-stack/interface'

export type { Clock, IdentityKey, Random }

/** A stored record and the revision that a write must name. */
export interface StoredRecord {
  /** The bytes as they were put. */
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
  /** The record under an id, or `undefined`. Ids hold identities: what outlives the process hashes them. */
  readonly get: (id: Uint8Array) => Promise<StoredRecord | undefined>
  /** Writes only if the stored revision still equals `revision` (0 = absent); answers whether it did. Durable when it answers. */
  readonly put: (id: Uint8Array, record: Uint8Array, revision: number) => Promise<boolean>
  /** Removes only if the stored revision still equals `revision`; answers whether it did. What is absent is not removed. */
  readonly delete: (id: Uint8Array, revision: number) => Promise<boolean>
}

/** What a sealer needs from outside. */
export interface SealerDeps {
  /** Signs bundles and agrees on secrets; its private key stays with the caller. */
  readonly identity: IdentityKey
  /** Where sessions and prekeys live; `sessionStoreCases` say what it has to keep. */
  readonly store: SessionStore
  /** Dates bundles, rotates prekeys and ends sessions. */
  readonly clock: Clock
  /**
   * The time by which keys, sessions and records are erased for good. It may stay behind `clock` for as long as a jump of that may be a
   * mistake. @default `clock`
   */
  readonly expiryClock?: Clock | undefined
  /** Where ephemeral keys, prekeys and nonces come from. */
  readonly random: Random
  /**
   * Whether the user knows this identity (65 bytes): its record is kept once something is sealed for it. Acknowledgements and
   * advertisements are sealed for strangers too, who can be any number. Asked with each seal, so it answers from memory.
   * @default everyone is known for whom something is sealed
   */
  readonly isKnown?: ((identity: Uint8Array) => boolean) | undefined
}
