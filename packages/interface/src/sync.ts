import type { Clock } from './ports.ts'

/**
 * What the layer below did with a payload.
 * - `sent`: it left, or will leave without our help; the attempt counts.
 * - `not-sent`: nothing left; tried again soon, and the attempt does not count.
 * - `held`: refused for now, for example by policy; sleeps until `retry`.
 * - `nobody`: there is no device to send to; everything in the payload is settled as `nobody`.
 */
export type OutputResult = 'sent' | 'not-sent' | 'held' | 'nobody'

/** How a message ended. `sent`: it has left, and a layer that gets no acknowledgements knows no more. */
export type SyncOutcome = 'acknowledged' | 'sent' | 'given-up' | 'too-large' | 'nobody'

/** What `receive` makes of opened bytes. */
export type SyncReceived =
  | { readonly kind: 'not-sync' }
  | {
      readonly kind: 'payload'
      readonly bodies: readonly { readonly id: Uint8Array; readonly body: Uint8Array }[]
    }

/** What the sync layer needs of the composition. */
export interface SyncPorts {
  /** Own identity, 65 bytes. */
  readonly self: Uint8Array
  /** Seals and posts one payload; `contains` names the messages in it. A rejection counts as `not-sent`. */
  readonly output: (
    peer: Uint8Array,
    bytes: Uint8Array,
    about: { readonly contains: readonly string[] }
  ) => Promise<OutputResult>
  /** Told once a message is over, and awaited before its record is deleted; after a crash it may be told again. */
  readonly settled: (fact: {
    readonly peer: Uint8Array
    readonly tracking: string
    readonly outcome: SyncOutcome
    readonly device?: string
  }) => Promise<void>
  /**
   * Gives the body of a pending message back, which the caller of `enqueue` keeps until the message is settled or cancelled. With it a
   * layer needs to store no body. It reads a store, and calls nothing of the layer. @default the layer stores bodies itself
   */
  readonly bodyOf?: ((tracking: string) => Promise<Uint8Array | undefined>) | undefined
  /** Most bytes of one payload for this peer at the moment. */
  readonly maxBytes: (peer: Uint8Array) => Promise<number>
  /** What retries and giving up are timed by. */
  readonly clock: Clock
}

/** The sync layer: what both sides hold. All calls may be made concurrently. */
export interface SyncLayer {
  /** Takes over a message; durable when it resolves. Idempotent by (peer, tracking). */
  readonly enqueue: (item: {
    readonly peer: Uint8Array
    readonly body: Uint8Array
    readonly tracking: string
  }) => Promise<void>
  /** Handles opened bytes from a peer; what is no payload of this layer is the caller's. */
  readonly receive: (
    peer: Uint8Array,
    bytes: Uint8Array,
    via?: { readonly device?: string | undefined }
  ) => Promise<SyncReceived>
  /**
   * Whether opened bytes are a payload that brings nothing new: it holds messages, and all of them were accepted before. Changes nothing
   * and acknowledges nothing, so that it may be asked of bytes that are not to be trusted.
   */
  readonly knows: (peer: Uint8Array, bytes: Uint8Array) => Promise<boolean>
  /** The messages are durably handled, shown, stored or refused for good: only now are they acknowledged. */
  readonly accept: (peer: Uint8Array, ids: readonly Uint8Array[]) => Promise<void>
  /** The peer gave a sign of life: what waits for it may be sent sooner, without the peer being able to have it sent at will. */
  readonly peerActive: (peer: Uint8Array) => Promise<void>
  /** Everything pending for the peer, or for all, is due now; wakes what was held. */
  readonly retry: (peer?: Uint8Array) => Promise<void>
  /** Drops what is pending, for one peer or all, without settling it. */
  readonly cancel: (tracking: string, peer?: Uint8Array) => Promise<void>
  /** Begins to tick by itself. Idempotent. */
  readonly start: () => Promise<void>
  /** Ends the ticks and waits for what is under way; pending messages stay in the store. Idempotent. */
  readonly stop: () => Promise<void>
  /** One round by hand, for tests and simulations. */
  readonly tick: () => Promise<void>
}
