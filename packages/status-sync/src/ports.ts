import type { Clock, Logger, Random } from '@status-stack/interface'
import type { TimeSlicer } from '@status-stack/utils'

export type { Clock, Random }

/**
 * What the layer below did with a payload.
 * - `sent`: it left, or will leave without our help; the attempt counts.
 * - `not-sent`: nothing left (no peers, busy); tried again soon, the attempt does not count.
 * - `held`: refused for now, for example by policy; sleeps until `retry`.
 * - `nobody`: there is no device to send to; everything in the payload is settled as `nobody`.
 */
export type OutputResult = 'sent' | 'not-sent' | 'held' | 'nobody'

/**
 * Seals and posts one serialised payload. `contains` names the tracking ids of the messages in it; it is empty when the
 * payload holds only acknowledgements, offers or requests. May call `peerActive` and `retry`. A rejection counts as `not-sent`.
 */
export type Output = (
  peer: Uint8Array,
  bytes: Uint8Array,
  about: { readonly contains: readonly string[] }
) => Promise<OutputResult>

/**
 * How a message ended. `device` is the installation whose acknowledgement it was, when the caller of `receive` knew it. `sent`: it has
 * left, and no acknowledgement will come, in mode `direct`.
 */
export type Outcome = 'acknowledged' | 'sent' | 'given-up' | 'too-large' | 'nobody'

/** The end of one message towards one peer. */
export type Settlement = {
  /** Whom it was for, 65 bytes. */
  readonly peer: Uint8Array
  /** The caller's name for it. */
  readonly tracking: string
  /** How it ended. */
  readonly outcome: Outcome
  /** Whose acknowledgement it was, where that is known. */
  readonly device?: string
}

/** Told once a message is over and awaited before its record is deleted; after a crash it may be told again. */
export type Settled = (fact: Settlement) => Promise<void>

/** Most bytes of one payload for this peer at the moment, after the overhead of the layers below. */
export type MaxBytes = (peer: Uint8Array) => Promise<number>

/**
 * The tables of a store. Sizes are bounded by `limits`: `record` and `body` by what is pending, `seen` and `slot` by the
 * duplicate memory per peer, `peer` by the number of peers.
 */
export type SyncTable = 'record' | 'body' | 'seen' | 'slot' | 'peer'

/** One change of a store: a value to set, or `undefined` to delete the key. Deleting an absent key is not an error. */
export type SyncChange = {
  /** Where the key is. */
  readonly table: SyncTable
  /** Opaque bytes. */
  readonly key: Uint8Array
  /** Opaque bytes; `undefined` deletes the key. */
  readonly value: Uint8Array | undefined
}

/**
 * Durable memory of a sync node. Keys and values are opaque: an adapter may hash keys and encrypt values, for values hold
 * everything the node needs. Arrays handed in must be copied or written before the promise settles.
 */
export type SyncStore = {
  /** The value under a key, or `undefined`. */
  readonly get: (table: SyncTable, key: Uint8Array) => Promise<Uint8Array | undefined>
  /** All values of a table in any order, without their keys. Called for `record` and `peer`, once per start. */
  readonly list: (table: SyncTable) => Promise<readonly Uint8Array[]>
  /** The values under several keys, in their order. @default one `get` after the other */
  readonly getMany?: (table: SyncTable, keys: readonly Uint8Array[]) => Promise<readonly (Uint8Array | undefined)[]>
  /** All changes or none, durable when it resolves. A later change of the same key in the list wins. */
  readonly write: (changes: readonly SyncChange[]) => Promise<void>
}

/** The collaborators of a sync node. */
export type SyncDeps = {
  /** Own identity, 65 bytes, 0x04‖X‖Y. */
  readonly self: Uint8Array
  /** Seals and posts. */
  readonly output: Output
  /** Is told of every end. */
  readonly settled: Settled
  /** Says how much fits into one payload. */
  readonly maxBytes: MaxBytes
  /**
   * Gives the body of a pending message back, by its tracking id: the caller of `enqueue` keeps it until the message is settled or cancelled,
   * and it is stored once, however many peers it is for. Reads a store, and must not call the node. A body that is not there is looked
   * for in `store`; when it is in neither, the message is given up. @default bodies are kept in `store`, one for each peer
   */
  readonly bodyOf?: ((tracking: string) => Promise<Uint8Array | undefined>) | undefined
  /** Durable memory; no other node may use it at the same time. */
  readonly store: SyncStore
  /** Wall-clock time; downtime counts, so a monotonic clock will not do. */
  readonly clock: Clock
  /**
   * The time by which what is too old is given up. It may stay behind `clock` for as long as a jump of that may be a mistake.
   * @default `clock`
   */
  readonly expiryClock?: Clock | undefined
  /**
   * Whether the user knows this peer, a contact for example. Known peers get what all peers share before strangers do. Asked
   * often, so it answers from memory; the answer may change at any time. @default no peer is known
   */
  readonly isKnown?: ((peer: Uint8Array) => boolean) | undefined
  /** Bytes for the jitter of the retry schedule; nothing here is secret. @default the platform's random bytes */
  readonly random?: Random | undefined
  /** Warnings about a failing port. @default silent */
  readonly logger?: Pick<Logger, 'warn'> | undefined
  /** Divides long work. @default the one that the whole process shares */
  readonly slicer?: TimeSlicer | undefined
}
