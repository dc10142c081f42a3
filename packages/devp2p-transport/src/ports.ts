import type { PeerLink } from '@status-stack/interface'

/** @deprecated the earlier name of Scheduler */
export type Timers = import('@status-stack/interface').Scheduler

export type { Clock, Logger, Packet, PeerLink, Random, Scheduler } from '@status-stack/interface'

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
