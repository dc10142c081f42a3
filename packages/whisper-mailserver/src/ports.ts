import type { IdentityKey } from '@status-stack/interface'
import type { Archived } from '@status-stack/whisper'

/** An envelope as a store gives it back. */
export interface StoredEnvelope {
  /** 40 bytes: sent(4) ‖ hash(32) ‖ topic(4); 36 without the topic in archives of before May 2019. */
  readonly key: Uint8Array
  /** The envelope's RLP. */
  readonly bytes: Uint8Array
}

/** A page of the archive. */
export interface StoreQuery {
  /** Unix seconds, uint32, inclusive. */
  readonly lower: number
  /** Unix seconds, uint32, inclusive. */
  readonly upper: number
  /** 64 bytes: what the envelopes' blooms must be contained in. */
  readonly bloom: Uint8Array
  /** Most envelopes, at least 1. */
  readonly limit: number
  /** 36 bytes: the first ones of the key of the last envelope of the page before. */
  readonly cursor?: Uint8Array
  /** Aborted when the asker is gone: the walk rejects with the signal's reason before its next step. */
  readonly signal?: AbortSignal
}

/**
 * Where envelopes are kept. Any order of calls between `open` and `close` is allowed, overlapping ones too; every method
 * may reject with an error of the store's own. `envelopeStoreCases` of `./testing` is the contract.
 */
export interface EnvelopeStore {
  /** In which order `query` walks; a cursor goes on in that order. */
  readonly order: 'oldest-first' | 'newest-first'
  /** Makes the store ready; rejects when it cannot be, as when another process holds it. */
  readonly open: () => Promise<void>
  /** Waits for what is under way. Idempotent. */
  readonly close: () => Promise<void>
  /** When it resolves, every envelope survives the end of the process. The same envelope again changes nothing. */
  readonly put: (envelopes: readonly Archived[]) => Promise<void>
  /**
   * Envelopes of the range whose bloom is contained in the query's, in chunks, in the store's order. Nothing is read before
   * the next chunk is asked for, so a slow reader costs no memory. What is stored or deleted meanwhile may or may not show.
   */
  readonly query: (query: StoreQuery) => AsyncIterable<readonly StoredEnvelope[]>
  /**
   * Deletes envelopes sent before `seconds`, about `most` at a time so that others get a turn; answers how many went. Zero
   * means that none is left.
   */
  readonly deleteOlderThan: (seconds: number, most: number) => Promise<number>
  /** Walks what it has to: for people and tests, not for each request. */
  readonly size: () => Promise<StoreSize>
}

/** How much an archive holds. */
export interface StoreSize {
  /** Stored now. */
  readonly envelopes: number
  /** What the archive takes on its medium, as far as the store can tell. */
  readonly bytes: number
}

/** The asymmetric key that requests may be sealed with: the node's own, usually. */
export type RequestIdentity = Pick<IdentityKey, 'publicKey' | 'ecdhX'>
