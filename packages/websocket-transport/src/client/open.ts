import type { MessageSocket } from '../socket.ts'

/** What is opened. */
export interface OpenOptions {
  /** Without the node's key. */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Subprotocols offered; none for a plain stream of bytes. */
  readonly protocols: readonly string[]
  /** What a program that is no page says about where it comes from; a browser sends its own. */
  readonly origin: string | undefined
  readonly signal: AbortSignal
  /** Of a name, addresses that this refuses are not connected to; a page cannot tell, its browser connects. */
  readonly admits?: ((address: string) => boolean) | undefined
}

/** Opens a WebSocket with what the platform has. Rejects with a TransportError `network`. */
export type OpenSocket = (options: OpenOptions) => Promise<MessageSocket>
