/** One packet of a capability. `code` is relative to the capability's offset, `payload` is decompressed. */
export interface Packet {
  /** 0 up to the number of codes that the capability has announced, exclusive. */
  readonly code: number
  /** What the capability's own encoding made, RLP in Whisper and Waku; may be empty. */
  readonly payload: Uint8Array
}

/** How one packet is sent; all optional. */
export interface SendOptions {
  /** Ends the wait for a slow peer: `send` rejects with the signal's reason, unless the packet is in the window already. */
  readonly signal?: AbortSignal | undefined
  /**
   * Nothing changes these bytes again: a link need not copy them, and links may share what they make of them. For packets that go to many
   * peers. @default false
   */
  readonly isConstant?: boolean | undefined
}

/**
 * What a privacy layer needs of a transport: packets to and from one peer, in order, with back-pressure both ways.
 * `peerLinkCases` of `./testing` say what an implementation has to keep.
 */
export interface PeerLink {
  /** 64 lower-case hex digits: Keccak-256 of X‖Y of the peer's node key. */
  readonly peerId: string
  /** The peer's IP address; rate limits and throttles go by it. A link without one is limited by peer only. */
  readonly remoteAddress?: string
  /** Live: a peer can become trusted while it is connected. */
  readonly flags: { readonly static: boolean; readonly trusted: boolean }
  /** Packets in order; ends when the link does. One reader; not reading stalls the link. */
  readonly packets: () => AsyncIterable<Packet>
  /** Takes the payload as it is at the call. Resolves when the packet is in the send window; waits while the peer is slow. */
  readonly send: (code: number, payload: Uint8Array, options?: SendOptions) => Promise<void>
  /** Ends the link; idempotent. `subprotocol-error` tells the peer that it broke a rule. */
  readonly close: (reason: 'done' | 'subprotocol-error') => Promise<void>
}
