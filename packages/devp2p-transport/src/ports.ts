/** Time as the host sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
}

/** Cancels a timer; calling it late or twice is harmless. */
export type CancelTimer = () => void

/** Waiting, apart from {@link Clock} so that tests can advance both by hand. */
export interface Timers {
  /** Calls `run` once after `delayMs`. Must not keep the process alive. */
  readonly after: (delayMs: number, run: () => void) => CancelTimer
}

/** Cryptographic randomness. */
export interface Random {
  readonly bytes: (length: number) => Uint8Array
}

/** Where log lines go. Messages show ids and sizes, never content or keys. */
export interface Logger {
  readonly debug: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly info: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly warn: (message: string, facts?: Readonly<Record<string, string | number>>) => void
  readonly error: (message: string, facts?: Readonly<Record<string, string | number>>) => void
}

/** One packet of a capability; `code` is relative to the capability, 0 … length − 1. */
export interface Packet {
  readonly code: number
  readonly payload: Uint8Array
}

/** What a capability sees of one peer. Structurally the `PeerLink` that the privacy layer declares. */
export interface PeerLink {
  /** 64 hex digits: Keccak-256 of X‖Y of the node key. */
  readonly peerId: string
  /** The peer's IP address, for rate limits. */
  readonly remoteAddress?: string
  /** Live: a peer can become trusted while it is connected. */
  readonly flags: { readonly static: boolean; readonly trusted: boolean }
  /** Packets in order; ends when the connection ends. One reader; not reading stalls the connection. */
  readonly packets: () => AsyncIterable<Packet>
  /**
   * Resolves when the packet is in the send window; waits while the peer is slow.
   * Rejects with `closed`, `too-large`, `invalid-argument` or `aborted`.
   */
  readonly send: (code: number, payload: Uint8Array, options?: { signal?: AbortSignal }) => Promise<void>
  /** Ends the connection: `done` says goodbye with reason 8, `subprotocol-error` with 16. */
  readonly close: (reason: 'done' | 'subprotocol-error') => Promise<void>
}

/** A subprotocol that rides on a session. */
export interface Capability {
  /** 1–8 ASCII characters; compared with case. */
  readonly name: string
  readonly version: number
  /** How many message ids it takes; the same on both sides, fixed by the subprotocol (128 for `shh/6`). */
  readonly length: number
  /**
   * Runs for one peer. Resolving ends the connection with reason 8, rejecting with 16; an error whose `code` is
   * `invalid-message` or `invalid-message-code` ends it with 2.
   */
  readonly run: (link: PeerLink) => Promise<void>
}

/** An ordered, reliable byte connection: TCP, or anything that behaves like it. */
export interface ByteStream {
  readonly remoteAddress: string
  readonly remotePort: number
  /** Starts delivery; called once. `closed` comes exactly once, last. */
  readonly start: (handlers: {
    readonly data: (chunk: Uint8Array) => void
    readonly drain: () => void
    readonly closed: (error?: unknown) => void
  }) => void
  /** Takes the bytes over. `false`: the buffer is full, `drain` will come. */
  readonly write: (bytes: Uint8Array) => boolean
  /** Bytes taken by `write` and not yet handed to the network. */
  readonly pendingBytes: () => number
  readonly pause: () => void
  readonly resume: () => void
  /** Sends what is pending, then closes our side. */
  readonly end: () => void
  /** Closes at once, both sides. */
  readonly destroy: () => void
}

/** A listening endpoint. */
export interface StreamListener {
  readonly address: string
  readonly port: number
  readonly close: () => Promise<void>
}

/** How connections are made: TCP by default, in memory for tests. */
export interface Carrier {
  readonly dial: (
    to: { readonly host: string; readonly port: number },
    options: {
      readonly signal: AbortSignal
      /** Of a name, addresses that this refuses are not connected to. The host checks IP addresses itself. */
      readonly admits?: ((address: string) => boolean) | undefined
    }
  ) => Promise<ByteStream>
  readonly listen: (
    at: { readonly host: string; readonly port: number },
    accept: (stream: ByteStream) => void
  ) => Promise<StreamListener>
}

/** A bound UDP socket. */
export interface DatagramSocket {
  readonly address: string
  readonly port: number
  /** Best effort; never throws. */
  readonly send: (bytes: Uint8Array, to: { readonly address: string; readonly port: number }) => void
  /** Called once; datagrams before that are lost. */
  readonly receive: (
    handler: (bytes: Uint8Array, from: { readonly address: string; readonly port: number }) => void
  ) => void
  readonly close: () => Promise<void>
}

/** How datagrams travel: UDP by default, in memory for tests. */
export interface DatagramCarrier {
  readonly bind: (at: { readonly host: string; readonly port: number }) => Promise<DatagramSocket>
}

/** Looks up TXT records: the strings of each record, not yet joined. */
export interface TxtResolver {
  readonly txt: (name: string, options: { readonly signal: AbortSignal }) => Promise<readonly (readonly string[])[]>
}
