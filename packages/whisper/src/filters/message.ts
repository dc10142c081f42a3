/** A message that a filter opened, with everything `shh_*` tells about it. */
export interface EnvelopeMessage {
  /** What the sender gave, without padding. */
  readonly payload: Uint8Array
  /** As it was sent; random bytes unless the sender chose them. */
  readonly padding: Uint8Array
  /** 65 bytes r‖s‖v; absent when not signed. */
  readonly signature?: Uint8Array
  /** 65 bytes; absent when not signed. */
  readonly signer?: Uint8Array
  /** 65 bytes: the recipient's key; absent for symmetric messages. */
  readonly recipient?: Uint8Array
  /** 32 bytes: Keccak-256 of the symmetric key; absent for asymmetric messages. */
  readonly symmetricKeyHash?: Uint8Array
  /** 4 bytes. */
  readonly topic: Uint8Array
  /** Lifetime of the envelope, seconds. */
  readonly ttl: number
  /** expiry − ttl, Unix seconds. */
  readonly sentSeconds: number
  /** Proof of work of the envelope, EIP-627 units. */
  readonly pow: number
  /** 32 bytes. */
  readonly hash: Uint8Array
  /** It came as a peer-to-peer message (packet 127), outside the pool. */
  readonly p2p: boolean
}
