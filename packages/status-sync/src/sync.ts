import type { Outcome } from './ports.ts'

/** One message of a received payload. */
export type Incoming = {
  /** 32 bytes: the MVDS message id, to be given to `accept`. */
  readonly id: Uint8Array
  /** What the sender gave to `enqueue`. */
  readonly body: Uint8Array
}

/** What `receive` and `unwrap` make of decrypted bytes. */
export type Received =
  | { readonly kind: 'not-sync' }
  | { readonly kind: 'payload'; readonly bodies: readonly Incoming[] }

/** Where one message stands towards one peer. `held` waits for `retry`; `abandoned` is every end but an acknowledgement. */
export type SendStatus = {
  /** 65 bytes: whom it is for. */
  readonly peer: Uint8Array
  /** `pending` until it ends, `held` while it sleeps until `retry`. */
  readonly state: 'pending' | 'held' | 'acknowledged' | 'abandoned'
  /** How often it has been sent (offered, in interactive mode). */
  readonly attempts: number
  /** How it ended; absent while it is pending or held. */
  readonly outcome?: Outcome
}

/** A running sync node; made by `createSync`. All methods may be called concurrently. */
export type Sync = {
  /**
   * Takes over a message for a peer; durable when it resolves, sent at the next tick. Idempotent by (peer, tracking) while
   * the message is pending. SPEC: 2/MVDS "append".
   * @throws SyncError `invalid-argument`, `body-too-large`, `too-many-pending`, `store-failed`
   */
  readonly enqueue: (item: {
    readonly peer: Uint8Array
    readonly body: Uint8Array
    readonly tracking: string
  }) => Promise<void>
  /**
   * Handles decrypted bytes from a peer. Bodies are the messages not accepted so far, in order, each once per call; one that
   * is never accepted comes again. Bytes that are no payload are the caller's (`not-sync`). Resolves after `settled` was told
   * of every message that the payload acknowledges: a lock held around it must not be taken in `settled`.
   * @throws SyncError `invalid-argument`, `store-failed`
   */
  readonly receive: (
    peer: Uint8Array,
    bytes: Uint8Array,
    via?: { readonly device?: string | undefined }
  ) => Promise<Received>
  /**
   * Whether decrypted bytes are a payload that brings nothing new: it holds messages of the group of the peer and ourselves, and all of them
   * were accepted before. Nothing is changed and nothing acknowledged, so that it may be asked of bytes that are not trusted.
   * @throws SyncError `invalid-argument`, `store-failed`
   */
  readonly knows: (peer: Uint8Array, bytes: Uint8Array) => Promise<boolean>
  /** The messages are durably handled: shown, stored or refused for good. Only now they are acknowledged. */
  readonly accept: (peer: Uint8Array, ids: readonly Uint8Array[]) => Promise<void>
  /**
   * The peer gave a sign of life: what waits for it is sent again, no sooner than one base interval after the last attempt. That interval
   * doubles each time it was of use for a message, so that a peer that never acknowledges is not sent everything for each sign of life.
   */
  readonly peerActive: (peer: Uint8Array) => Promise<void>
  /** Everything pending for the peer, or for all, is due now; wakes what was held. */
  readonly retry: (peer?: Uint8Array) => Promise<void>
  /** Drops what is pending under a tracking id, for one peer or all, without settling it. */
  readonly cancel: (tracking: string, peer?: Uint8Array) => Promise<void>
  /** Where a message stands, one entry per peer. Ends are remembered in memory up to `maxOutcomes`; `settled` is durable. */
  readonly delivery: (tracking: string) => Promise<readonly SendStatus[]>
  /** When a tick next has something to do; milliseconds, `undefined` when nothing is pending. */
  readonly nextMs: () => Promise<number | undefined>
  /** Loads the state and ticks by itself. Idempotent. Other methods may be called before. */
  readonly start: () => Promise<void>
  /** Stops ticking and waits for sends under way. Idempotent; pending messages stay in the store. */
  readonly stop: () => Promise<void>
  /** One round by hand, for tests and simulators: sends what is due, one payload per peer. */
  readonly tick: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}
