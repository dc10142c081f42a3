/** A key that signs and agrees without showing its private part. Structurally the identity key of every layer. */
export interface IdentityKey {
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  /** 32-byte digest in, 65 bytes r‖s‖v out, v 0 or 1. */
  readonly sign: (digest: Uint8Array) => Uint8Array
  /** 65-byte public key in, 32 bytes out: the X coordinate, left-padded. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

/** Milliseconds since the Unix epoch. Whisper uses whole seconds of it: give it a clock that the network agrees with. */
export interface Clock {
  readonly nowMs: () => number
}

/** Cryptographically secure bytes. Recorded ones reproduce every envelope byte for byte. */
export interface Random {
  readonly bytes: (length: number) => Uint8Array
}

/** Where every wait of this package comes from, so that a virtual clock can drive a whole network. */
export interface Scheduler {
  /** Calls back once after `ms` milliseconds; the answer cancels it. Must not keep a process alive. */
  readonly after: (ms: number, callback: () => void) => () => void
}

/** Messages carry ids and sizes, never content or keys, at any level. */
export interface Logger {
  readonly debug: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly warn: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly error: (message: string, facts?: Readonly<Record<string, string | number>>) => void
}

/** One packet of the `shh` capability; `code` is relative to the capability's offset, `payload` is decompressed. */
export interface Packet {
  readonly code: number
  readonly payload: Uint8Array
}

/** What Whisper needs of a transport: packets to and from one peer, in order. */
export interface PeerLink {
  /** 64 hex digits: Keccak-256 of X‖Y of the peer's node key. */
  readonly peerId: string
  /** Rate limits go by it; a link without one is limited by peer only. */
  readonly remoteAddress?: string
  readonly flags: { readonly static: boolean; readonly trusted: boolean }
  /** Ends when the link does. Read by one reader. */
  readonly packets: () => AsyncIterable<Packet>
  /** Resolves when the transport has taken the packet; waits while the peer is slow. */
  readonly send: (code: number, payload: Uint8Array, options?: { readonly signal?: AbortSignal }) => Promise<void>
  readonly close: (reason: 'done' | 'subprotocol-error') => Promise<void>
}

/** An envelope as an archive stores it. */
export interface Archived {
  /** The envelope's RLP as received. */
  readonly bytes: Uint8Array
  /** 32 bytes: Keccak-256 of `bytes`. */
  readonly hash: Uint8Array
  /** 4 bytes. */
  readonly topic: Uint8Array
  /** expiry − ttl, Unix seconds. */
  readonly sentSeconds: number
  /** Unix seconds. */
  readonly expirySeconds: number
}

/** Where a mailserver keeps envelopes. */
export interface ArchivePort {
  /** Awaited before the confirmation packets 12 and 11 are sent; a rejection is logged and does not stop the relay. */
  readonly accept: (envelopes: readonly Archived[]) => Promise<void>
}
