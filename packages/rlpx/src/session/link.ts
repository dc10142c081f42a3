import { callerError, check, throwIfAborted } from '../errors.ts'
import type { Packet, PeerLink, SendOptions } from '../ports.ts'
import { assertCode } from './send-queue.ts'

/** The session's side of one link. */
export interface LinkControl {
  readonly link: PeerLink
  /** False once the link has ended. */
  readonly deliver: (packet: Packet) => boolean
  /** Ends `packets()` after what is already there. */
  readonly end: () => void
  /** Gives up what has not been read. */
  readonly discard: () => void
}

export interface LinkParts {
  readonly peerId: string
  readonly remoteAddress: string
  readonly flags: PeerLink['flags']
  readonly length: number
  /** @throws TransportError, or rejects with it */
  readonly send: (code: number, payload: Uint8Array, options: SendOptions) => Promise<void>
  readonly close: (reason: 'done' | 'subprotocol-error') => Promise<void>
  /** A packet was taken out of the queue; the session may go on reading. */
  readonly taken: (bytes: number) => void
}

/** Packets already taken from the front of the queue that are cut off together. */
const compactAt = 256

const noOptions: SendOptions = {}
const ended = { done: true, value: undefined } as const

/** Packets in order for one reader; the session pauses the connection when too much is unread. */
export function createLink(parts: LinkParts): LinkControl {
  // BOUNDED: the session stops reading at `limits.unreadBytes`.
  const queue: Packet[] = []
  let head = 0
  let open = true
  let reading = false
  let wake: ((result: IteratorResult<Packet, undefined>) => void) | undefined

  const shift = (): Packet | undefined => {
    const packet = queue[head]
    if (packet === undefined) return undefined
    head++
    if (head === queue.length) {
      queue.length = 0
      head = 0
    }
    parts.taken(packet.payload.length)
    return packet
  }

  const iterator: AsyncIterableIterator<Packet, undefined> = {
    next: () => {
      const packet = shift()
      if (packet !== undefined) return Promise.resolve({ done: false, value: packet })
      if (!open) return Promise.resolve(ended)
      if (wake !== undefined) return Promise.reject(callerError('invalid-argument', 'packets: one reader at a time'))
      return new Promise(resolve => {
        wake = resolve
      })
    },
    // Leaving a `for await` early only stops this reader; another may go on where it left.
    return: () => {
      reading = false
      wake?.(ended)
      wake = undefined
      return Promise.resolve(ended)
    },
    [Symbol.asyncIterator]: () => iterator
  }

  return {
    link: {
      peerId: parts.peerId,
      remoteAddress: parts.remoteAddress,
      flags: parts.flags,
      packets: () => {
        if (reading) throw callerError('invalid-argument', 'packets: one reader at a time')
        reading = true
        return iterator
      },
      // Not async: what fits the window is taken in this turn, and its promise is one that is there already.
      send: (code, payload, options = noOptions) => {
        try {
          assertCode(code, parts.length)
          check.bytes('payload', payload)
          throwIfAborted(options.signal)
          return parts.send(code, payload, options)
        } catch (error) {
          return Promise.reject(error)
        }
      },
      close: parts.close
    },
    deliver: packet => {
      if (!open) return false
      if (wake !== undefined) {
        const resolve = wake
        wake = undefined
        resolve({ done: false, value: packet })
        parts.taken(packet.payload.length)
        return true
      }
      if (head > compactAt) {
        queue.splice(0, head)
        head = 0
      }
      queue.push(packet)
      return true
    },
    end: () => {
      open = false
      wake?.(ended)
      wake = undefined
    },
    discard: () => {
      queue.length = 0
      head = 0
    }
  }
}
