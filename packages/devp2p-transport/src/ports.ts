export type { Clock, Logger, PeerLink, Random, Scheduler } from '@status-stack/interface'
export type { Capability } from '@status-stack/rlpx'

/** Cancels a timer; calling it late or twice is harmless. */
export type CancelTimer = () => void

/** A bound UDP socket. */
export interface DatagramSocket {
  /** What it is bound to. */
  readonly address: string
  /** What it is bound to: the port that was given for 0. */
  readonly port: number
  /** Best effort; never throws. */
  readonly send: (bytes: Uint8Array, to: { readonly address: string; readonly port: number }) => void
  /** Called once; datagrams before that are lost. */
  readonly receive: (
    handler: (bytes: Uint8Array, from: { readonly address: string; readonly port: number }) => void
  ) => void
  /** Frees the port; nothing is received afterwards. */
  readonly close: () => Promise<void>
}

/** How datagrams travel: UDP by default, in memory for tests. */
export interface DatagramCarrier {
  /** A socket at this address, port 0 for any. Rejects when it cannot be bound. */
  readonly bind: (at: { readonly host: string; readonly port: number }) => Promise<DatagramSocket>
}

/** Looks up TXT records: the strings of each record, not yet joined. */
export interface TxtResolver {
  /** The records of a domain name; rejects when there are none or no server answers. */
  readonly txt: (name: string, options: { readonly signal: AbortSignal }) => Promise<readonly (readonly string[])[]>
}
