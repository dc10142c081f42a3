import type { PeerLink } from '@status-stack/interface'

export type { Clock, Logger, Packet, PeerLink, Random, Scheduler, SendOptions } from '@status-stack/interface'

/** Cancels a timer; calling it late or twice is harmless. */
export type CancelTimer = () => void

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

/** What a {@link ByteStream} reports to the one who reads it. */
export interface StreamHandlers {
  readonly data: (chunk: Uint8Array) => void
  /** After a `write` that answered `false`: there is room again. */
  readonly drain: () => void
  /** Exactly once, last. */
  readonly closed: (error?: unknown) => void
}

/** An ordered, reliable byte connection: TCP, a WebSocket, or anything that behaves like them. */
export interface ByteStream {
  readonly remoteAddress: string
  readonly remotePort: number
  /** Starts delivery; called once. */
  readonly start: (handlers: StreamHandlers) => void
  /** Takes the bytes over. `false`: the buffer is full, `drain` will come. */
  readonly write: (bytes: Uint8Array) => boolean
  /** Bytes taken by `write` and not yet handed to the network. */
  readonly pendingBytes: () => number
  readonly pause: () => void
  readonly resume: () => void
  /** Sends what is pending, then closes our side. */
  readonly end: () => void
  /** Closes at once, both sides. `why` is a short code that some carriers can show to the other side; TCP cannot. */
  readonly destroy: (why?: string) => void
}

/** A listening endpoint. */
export interface StreamListener {
  readonly address: string
  readonly port: number
  readonly close: () => Promise<void>
}

/** A node and where a carrier finds it. */
export interface NodeAddress {
  /** 65 bytes, 0x04‖X‖Y: whom the handshake has to meet there. */
  readonly publicKey: Uint8Array
  /** IP address without brackets, or a DNS name: what bans, `netRestrict` and the delay of the next dial go by. */
  readonly host: string
  readonly port: number
  /** What a carrier needs beyond host and port, such as the URL of a WebSocket. */
  readonly url?: string | undefined
}

/** Our own endpoint, as others are told to dial it. */
export interface OwnEndpoint {
  readonly publicKey: Uint8Array
  readonly host: string
  readonly port: number
  /** Where discovery listens, if that is another port. */
  readonly udpPort?: number | undefined
}

/** How the nodes of a carrier are written. */
export interface AddressFormat {
  /** @throws TransportError `invalid-text` */
  readonly parse: (text: string) => NodeAddress
  readonly format: (own: OwnEndpoint) => string
}

/** How connections are made: over TCP, over WebSocket, in memory for tests. */
export interface Carrier {
  /** @default enode URLs */
  readonly addresses?: AddressFormat | undefined
  readonly dial: (
    to: Pick<NodeAddress, 'host' | 'port' | 'url'>,
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
