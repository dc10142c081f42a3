import type { IdentityKey } from './ports.ts'
import type { Arrival, Guarantee } from './status/destination.ts'

export type { ReceivedMessage } from '@status-stack/interface'

/** How hard to work on an envelope. */
export interface PowOptions {
  /** PoW to reach, EIP-627 units; 0 = none; negative = work for the whole time and keep the best. */
  readonly target: number
  /** Whole seconds after which the search gives up. */
  readonly timeSeconds: number
}

/** The key that closes an envelope. */
export type RouteKey =
  /** 32 bytes. */
  | { readonly kind: 'symmetric'; readonly key: Uint8Array }
  /** 65 bytes, 0x04‖X‖Y. */
  | { readonly kind: 'asymmetric'; readonly publicKey: Uint8Array }

/** Where and how to post. Opaque to the layers above: made by `planRoute`, or by hand for other profiles than Status's. */
export interface Route {
  /** 4 bytes. */
  readonly topic: Uint8Array
  /** Closes the envelope: who has it can read, and find, what is posted here. */
  readonly key: RouteKey
  /** What the key means for readers; the layer above compares it with its policy. */
  readonly guarantee: Guarantee
  /** Lifetime when the message names none, seconds. @default the node's */
  readonly ttlSeconds?: number | undefined
  /** Proof of work when the message names none, by the payload's length. @default the node's */
  readonly pow?: ((payloadLength: number) => PowOptions) | undefined
}

/** The key that opens an envelope. */
export type InterestKey =
  /** 32 bytes. */
  | { readonly kind: 'symmetric'; readonly key: Uint8Array }
  | { readonly kind: 'asymmetric'; readonly identity: Pick<IdentityKey, 'publicKey' | 'ecdhX'> }

/** What to listen for, with what decrypts it. Opaque to the layers above: made by `planInterest`. */
export interface Interest {
  /** 4 bytes each; at least one. */
  readonly topics: readonly Uint8Array[]
  /** Opens envelopes of these topics; those that it does not open are not ours. */
  readonly key: InterestKey
  /** Handed on with each delivery: where it was heard. */
  readonly arrival: Arrival
  /** Handed on with each delivery: who could read it. */
  readonly guarantee: Guarantee
  /** 65 bytes: deliveries signed by another key, or not at all, are dropped. */
  readonly signer?: Uint8Array | undefined
}
