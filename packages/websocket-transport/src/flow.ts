import { peerError } from '@status-stack/rlpx/carrier'
import { limits } from './limits.ts'

/** First byte of a message under flow control. */
const kind = Object.freeze({ data: 0, credit: 1 })

const creditLength = 5

/** Credit is given back in pieces of this size: often enough that a sender need not stop, seldom enough to cost nothing. */
const creditStepBytes = limits.flowWindowBytes / 4

/** What a received message says: bytes of the stream, or nothing but credit. */
export type Opened = { readonly kind: 'data'; readonly bytes: Uint8Array } | { readonly kind: 'credit' }

/**
 * How far each side may be ahead of the other. A WebSocket of a browser cannot stop reading, so that the receiver of a stream says how
 * much of it has been read: `0 ‖ bytes` carries bytes, `1 ‖ uint32` gives credit for that many more.
 */
export interface Flow {
  /** Bytes that may be sent now. */
  readonly credit: () => number
  /** A message with these bytes; they are within the credit. */
  readonly seal: (bytes: Uint8Array) => Uint8Array
  /** @throws TransportError `malformed`, `too-large` when the sender is ahead of its credit */
  readonly open: (message: Uint8Array) => Opened
  /** These bytes have been read; answers the message to send, if it is time for one. */
  readonly read: (bytes: number) => Uint8Array | undefined
}

/** Flow control by credit; both sides begin with {@link limits.flowWindowBytes}. */
export function createCreditFlow(): Flow {
  let credit: number = limits.flowWindowBytes
  // BOUNDED: what was received and has no credit given back, at most `limits.flowWindowBytes`.
  let received = 0
  let read = 0
  const openData = (message: Uint8Array): Opened => {
    const bytes = message.subarray(1)
    if (bytes.length === 0) throw peerError('malformed', 'WebSocket: a message without bytes')
    received += bytes.length
    if (received > limits.flowWindowBytes) throw peerError('too-large', 'WebSocket: more bytes than the credit allows')
    return { kind: 'data', bytes }
  }
  const openCredit = (message: Uint8Array): Opened => {
    if (message.length !== creditLength) throw peerError('malformed', 'WebSocket: credit of the wrong length')
    const more = new DataView(message.buffer, message.byteOffset, message.length).getUint32(1)
    // Nothing, or more than was sent, is not what a reader would give.
    if (more === 0 || credit + more > limits.flowWindowBytes)
      throw peerError('malformed', 'WebSocket: impossible credit')
    credit += more
    return { kind: 'credit' }
  }
  return {
    credit: () => credit,
    seal: bytes => {
      credit -= bytes.length
      const message = new Uint8Array(1 + bytes.length)
      message.set(bytes, 1)
      return message
    },
    open: message => {
      if (message[0] === kind.data) return openData(message)
      if (message[0] === kind.credit) return openCredit(message)
      throw peerError('malformed', 'WebSocket: a message of an unknown kind')
    },
    read: bytes => {
      read += bytes
      if (read < creditStepBytes) return undefined
      const message = new Uint8Array(creditLength)
      message[0] = kind.credit
      new DataView(message.buffer).setUint32(1, read)
      received -= read
      read = 0
      return message
    }
  }
}

/** Messages are bytes of the stream: what gateways between WebSocket and TCP do. */
export function createPlainFlow(): Flow {
  return {
    credit: () => Number.MAX_SAFE_INTEGER,
    seal: bytes => bytes,
    open: message => {
      if (message.length === 0) throw peerError('malformed', 'WebSocket: a message without bytes')
      return { kind: 'data', bytes: message }
    },
    read: () => undefined
  }
}
