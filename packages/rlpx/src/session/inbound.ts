import { createTokenBucket, type TimeSlicer } from '@status-stack/utils'
import type { NegotiatedCapability } from '../capability.ts'
import { peerError } from '../errors.ts'
import type { Message } from '../frame/reader.ts'
import { limits } from '../limits.ts'
import { baseMessage, baseProtocolLength, decodeDisconnect } from '../p2p/messages.ts'
import type { Clock } from '../ports.ts'
import type { LinkControl } from './link.ts'
import { openDisconnect, openPayload, openPayloadSliced } from './payload.ts'

/** Messages of an open session, on their way to the base protocol or to a capability. */
export interface Inbound {
  /** @throws TransportError, or rejects with it, for a message that breaks a rule */
  readonly message: (message: Message) => void | Promise<void>
  /** A capability took a packet with a payload of that many bytes. */
  readonly taken: (bytes: number) => void
}

export interface InboundParts {
  readonly clock: Clock
  readonly slicer: TimeSlicer
  readonly snappy: boolean
  readonly maxMessageBytes: number
  readonly negotiated: readonly NegotiatedCapability[]
  readonly links: readonly LinkControl[]
  readonly ping: () => void
  readonly disconnected: (reason: number) => void
  /** Too much is unread: nothing more is to be read until `release`. */
  readonly hold: () => void
  readonly release: () => void
  readonly isHeld: () => boolean
  /** Told how many bytes are unread after each change. */
  readonly unread: (bytes: number) => void
  /** Whether so much of all peers is unread that none is to be read ahead. */
  readonly isScarce: () => boolean
}

export function createInbound(parts: InboundParts): Inbound {
  const { clock, links, negotiated, snappy } = parts
  const rate = createTokenBucket(limits.baseMessagesPerSecond, clock.nowMs(), limits.baseMessageBurst)
  let extraHellos = 0
  // BOUNDED: `limits.unreadBytes`, the cost of each packet beside its payload included; of all sessions `limits.totalUnreadBytes`.
  let unread = 0

  const base = (id: number): void => {
    if (rate.take(clock.nowMs()) > 0) {
      throw peerError('unexpected-message', `more than ${limits.baseMessageBurst} base protocol messages at a time`)
    }
    if (id === baseMessage.ping) parts.ping()
    else if (id === baseMessage.hello && ++extraHellos > limits.extraHellos) {
      // SPEC: a second Hello is ignored; a flood of them is not an accident.
      throw peerError('unexpected-message', `more than ${limits.extraHellos} Hellos`)
    }
  }

  const deliver = (index: number, code: number, payload: Uint8Array): void => {
    const cost = payload.length + limits.packetOverheadBytes
    // Before it is delivered: a reader that waits takes it in this turn.
    unread += cost
    if (links[index]?.deliver({ code, payload }) !== true) unread -= cost
    parts.unread(unread)
    if (unread >= limits.unreadBytes || (unread > 0 && parts.isScarce())) parts.hold()
  }

  return {
    message: ({ id, payload }) => {
      if (id === baseMessage.disconnect) {
        parts.disconnected(decodeDisconnect(openDisconnect(payload, snappy)))
        return
      }
      if (id < baseProtocolLength) {
        // Opened only to check it; Ping, Pong and reserved ids are never decoded.
        openPayload(payload, limits.baseMessageBytes, snappy)
        base(id)
        return
      }
      const index = negotiated.findIndex(({ capability, offset }) => id >= offset && id < offset + capability.length)
      const entry = negotiated[index]
      if (entry === undefined) throw peerError('unexpected-message', 'message id outside every capability', { id })
      const opened = openPayloadSliced(payload, parts.maxMessageBytes, snappy, parts.slicer)
      const code = id - entry.offset
      if (opened instanceof Uint8Array) deliver(index, code, opened)
      else return opened.then(bytes => deliver(index, code, bytes))
    },
    taken: bytes => {
      unread -= bytes + limits.packetOverheadBytes
      parts.unread(unread)
      if (!parts.isHeld()) return
      if (unread === 0 || (unread < limits.unreadBytes / 2 && !parts.isScarce())) parts.release()
    }
  }
}
