export type { Clock, Logger, PeerLink, Random, Scheduler } from '@status-stack/interface'
export type { Capability } from '@status-stack/rlpx'

/** Cancels a timer; calling it late or twice is harmless. */
export type CancelTimer = () => void

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
