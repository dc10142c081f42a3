import type { PeerLink } from '@status-stack/interface'

export type { Clock, Logger, Packet, PeerLink, Random, Scheduler, SendOptions } from '@status-stack/interface'

/** Cancels a timer; calling it late or twice is harmless. */
export type CancelTimer = () => void

/** A subprotocol that rides on a session. */
export interface Capability {
  /** 1–8 ASCII characters; compared with case. */
  readonly name: string
  /** Part of what has to be the same on both sides: `shh/6` and `shh/5` share nothing. */
  readonly version: number
  /** How many message ids it takes; the same on both sides, fixed by the subprotocol (128 for `shh/6`). */
  readonly length: number
  /**
   * Runs for one peer. Resolving ends the connection with reason 8, rejecting with 16; an error whose `code` is
   * `invalid-message` or `invalid-message-code` ends it with 2.
   */
  readonly run: (link: PeerLink) => Promise<void>
}

/** What a {@link ByteStream} reports to the one who reads it. */
export interface StreamHandlers {
  /** Bytes in order; the array is the handler's from then on. */
  readonly data: (chunk: Uint8Array) => void
  /** After a `write` that answered `false`: there is room again. */
  readonly drain: () => void
  /** Exactly once, last. */
  readonly closed: (error?: unknown) => void
}

/** An ordered, reliable byte connection: TCP, a WebSocket, or anything that behaves like them. */
export interface ByteStream {
  /** IP address of the other end, without brackets; limits by address count it. */
  readonly remoteAddress: string
  /** The other end's port. */
  readonly remotePort: number
  /** Starts delivery; called once. */
  readonly start: (handlers: StreamHandlers) => void
  /** Takes the bytes over. `false`: the buffer is full, `drain` will come. */
  readonly write: (bytes: Uint8Array) => boolean
  /** Bytes taken by `write` and not yet handed to the network. */
  readonly pendingBytes: () => number
  /** Asks for no more data; some may still come. */
  readonly pause: () => void
  /** Asks for data again. */
  readonly resume: () => void
  /** Sends what is pending, then closes our side. */
  readonly end: () => void
  /** Closes at once, both sides. `why` is a short code that some carriers can show to the other side; TCP cannot. */
  readonly destroy: (why?: string) => void
}

/** A listening endpoint. */
export interface StreamListener {
  /** What it is bound to: an IP address, or a name of the carrier's own. */
  readonly address: string
  /** What it is bound to: the port that was given for 0. */
  readonly port: number
  /** Takes no new connections; those that stand stay. */
  readonly close: () => Promise<void>
}

/** A node and where a carrier finds it. */
export interface NodeAddress {
  /** 65 bytes, 0x04‖X‖Y: whom the handshake has to meet there. */
  readonly publicKey: Uint8Array
  /** IP address without brackets, or a DNS name: what bans, `netRestrict` and the delay of the next dial go by. */
  readonly host: string
  /** Where the carrier connects to. */
  readonly port: number
  /** What a carrier needs beyond host and port, such as the URL of a WebSocket. */
  readonly url?: string | undefined
}

/** Our own endpoint, as others are told to dial it. */
export interface OwnEndpoint {
  /** 65 bytes: our node key. */
  readonly publicKey: Uint8Array
  /** IP address without brackets, or what was set as the external one. */
  readonly host: string
  /** Where others dial us; where a router maps it, the mapped one. */
  readonly port: number
  /** Where discovery listens, if that is another port. */
  readonly udpPort?: number | undefined
}

/** How the nodes of a carrier are written. */
export interface AddressFormat {
  /** Reads what people and configurations name a node by. @throws TransportError `invalid-text` */
  readonly parse: (text: string) => NodeAddress
  /** How others are told to dial us. */
  readonly format: (own: OwnEndpoint) => string
}

/** How connections are made: over TCP, over WebSocket, in memory for tests. */
export interface Carrier {
  /** How nodes of this carrier are written. @default enode URLs */
  readonly addresses?: AddressFormat | undefined
  /** Opens a connection; rejects when there is none, or with the signal. The host sets the time limit. */
  readonly dial: (
    to: Pick<NodeAddress, 'host' | 'port' | 'url'>,
    options: {
      readonly signal: AbortSignal
      /** Of a name, addresses that this refuses are not connected to. The host checks IP addresses itself. */
      readonly admits?: ((address: string) => boolean) | undefined
    }
  ) => Promise<ByteStream>
  /** Takes connections until the listener is closed. Rejects when the address cannot be bound. */
  readonly listen: (
    at: { readonly host: string; readonly port: number },
    accept: (stream: ByteStream) => void
  ) => Promise<StreamListener>
}
