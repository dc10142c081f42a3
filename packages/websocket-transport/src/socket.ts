/** Why a WebSocket was closed, as its Close frame says. */
export interface CloseFacts {
  /** 1000 normal, 1006 without a Close frame, 4000 by RLPx; see RFC 6455, 7.4. */
  readonly code: number
  readonly reason: string
  readonly error?: unknown
}

/** What a {@link MessageSocket} reports. */
export interface MessageHandlers {
  /** A whole message; `undefined` for text. */
  readonly message: (bytes: Uint8Array | undefined) => void
  /** Some of the bytes that were sent have gone to the network. */
  readonly progress: () => void
  /** Once, last. */
  readonly closed: (facts: CloseFacts) => void
}

/** An open WebSocket of `ws` or of the platform. */
export interface MessageSocket {
  /** What flow control both sides agreed on: the subprotocol chosen, or an empty text. */
  readonly protocol: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly start: (handlers: MessageHandlers) => void
  readonly send: (bytes: Uint8Array) => void
  /** Bytes of `send` that have not gone to the network. */
  readonly bufferedBytes: () => number
  /** Stops reading from the network. A browser cannot. */
  readonly pause?: (() => void) | undefined
  readonly resume?: (() => void) | undefined
  /** Begins the closing handshake; what was sent before goes first. */
  readonly close: (code: number, reason: string) => void
  /** Closes without a word. */
  readonly terminate: () => void
}

/** The subprotocol of messages with flow control. Without it, a message is bytes of the stream and nothing else. */
export const flowProtocol = 'rlpx.flow.v1'

/** Codes of our Close frames. */
export const closeCodes = Object.freeze({
  normal: 1000,
  textReceived: 1003,
  brokenRule: 1008,
  tooLarge: 1009,
  /** RLPx ended the connection; the reason is its code. */
  session: 4000
})
