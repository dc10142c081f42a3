import { createLink, type LinkControl } from '../link.ts'
import type { Packet, PeerLink } from '../ports.ts'
import { assertCode, closedError } from '../send-queue.ts'

/** Two ends of one connection. */
export interface LinkPair {
  readonly a: PeerLink
  readonly b: PeerLink
  /** Resolves with the reason once either end closed. */
  readonly closed: Promise<'done' | 'subprotocol-error' | 'cut'>
  /** Ends both as a broken connection would. */
  readonly cut: () => void
}

/** Values of a pair; all optional. */
export interface LinkPairOptions {
  /** Message ids of the capability. @default 128 */
  readonly length?: number
  /** Packets one side may have unread before `send` of the other waits. @default 64 */
  readonly window?: number
  /** Peer id that `a` sees (the id of `b`), 64 hex digits. */
  readonly idOfB?: string
  readonly idOfA?: string
  readonly flags?: { readonly static: boolean; readonly trusted: boolean }
}

interface Side {
  readonly control: LinkControl
  readonly unread: { packets: number }
  readonly senders: { wake: () => void; fail: () => void }[]
}

/** An in-memory pair of links with the contract of real ones: order, back-pressure, end of stream, refusal after close. */
export function linkPair(options: LinkPairOptions = {}): LinkPair {
  const { length = 128, window = 64, idOfA = 'aa'.repeat(32), idOfB = 'bb'.repeat(32) } = options
  const flags = options.flags ?? { static: false, trusted: false }
  let open = true
  let settle: (reason: 'done' | 'subprotocol-error' | 'cut') => void = () => undefined
  const closed = new Promise<'done' | 'subprotocol-error' | 'cut'>(resolve => {
    settle = resolve
  })
  const end = (reason: 'done' | 'subprotocol-error' | 'cut'): void => {
    if (!open) return
    open = false
    for (const side of [sideA, sideB]) {
      side.control.end()
      for (const { fail } of side.senders.splice(0)) fail()
    }
    settle(reason)
  }
  const make = (peerId: string, other: () => Side): Side => {
    const unread = { packets: 0 }
    const senders: Side['senders'] = []
    const deliver = (packet: Packet): void => {
      const to = other()
      to.unread.packets++
      to.control.deliver(packet)
    }
    const control = createLink({
      peerId,
      remoteAddress: '127.0.0.1',
      flags,
      length,
      send: (code, payload, signal) => {
        assertCode(code, length)
        if (!open) return Promise.reject(closedError())
        const packet = { code, payload: payload.slice() }
        if (other().unread.packets < window && other().senders.length === 0) {
          deliver(packet)
          return Promise.resolve()
        }
        return new Promise((resolve, reject) => {
          const { senders: queue } = other()
          const entry = {
            wake: () => {
              signal?.removeEventListener('abort', abort)
              deliver(packet)
              resolve()
            },
            fail: () => {
              signal?.removeEventListener('abort', abort)
              reject(closedError())
            }
          }
          const abort = (): void => {
            queue.splice(queue.indexOf(entry), 1)
            reject(signal?.reason)
          }
          signal?.addEventListener('abort', abort, { once: true })
          queue.push(entry)
        })
      },
      close: async reason => {
        end(reason)
      },
      taken: () => {
        unread.packets--
        senders.shift()?.wake()
      }
    })
    return { control, unread, senders }
  }
  const sideA: Side = make(idOfB, () => sideB)
  const sideB: Side = make(idOfA, () => sideA)
  return {
    a: sideA.control.link,
    b: sideB.control.link,
    closed,
    cut: () => {
      end('cut')
    }
  }
}
