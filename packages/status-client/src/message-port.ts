import { ClientError, check } from './errors.ts'
import type { PeerLink } from './ports.ts'

/** What we use of a `MessagePort`; Node's and browsers' fit. */
export type PortLike = Pick<MessagePort, 'postMessage' | 'close' | 'onmessage'>

/** Packets that wait to be read; a reader that falls behind loses the link, not the memory. */
const maxWaiting = 4096

/**
 * A peer link over a `MessagePort`: between two tabs, or a page and its worker. Both ends call this, each with the peer id (64 hex
 * digits) that the other end goes by. The port is ours from then on.
 */
export function messagePortLink(
  port: PortLike,
  peer: { readonly peerId: string; readonly static?: boolean; readonly trusted?: boolean }
): PeerLink {
  check.object('port', port)
  check.function('port.postMessage', port.postMessage)
  check.object('peer', peer)
  check.text('peer.peerId', peer.peerId)
  // BOUNDED: maxWaiting, then the link ends
  const waiting: { readonly code: number; readonly payload: Uint8Array }[] = []
  let ended = false
  let wake: () => void = () => {}
  const end = (): void => {
    ended = true
    port.onmessage = null
    port.close()
    wake()
  }
  port.onmessage = ({ data }: { readonly data: unknown }) => {
    if (typeof data !== 'object' || data === null || !('code' in data) || !('payload' in data)) {
      end()
      return
    }
    const { code, payload } = data
    if (typeof code !== 'number' || !(payload instanceof Uint8Array) || waiting.length >= maxWaiting) {
      end()
      return
    }
    waiting.push({ code, payload })
    wake()
  }
  return {
    peerId: peer.peerId,
    flags: { static: peer.static ?? false, trusted: peer.trusted ?? false },
    packets: async function* () {
      for (;;) {
        const packet = waiting.shift()
        if (packet !== undefined) yield packet
        else if (ended) return
        else {
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
      }
    },
    send: async (code, payload) => {
      if (ended) throw new ClientError('stopped', 'link: it has ended', { origin: 'environment' })
      // A copy that the other side owns: nothing is shared across the port.
      const copy = Uint8Array.from(payload)
      port.postMessage({ code, payload: copy }, [copy.buffer])
    },
    close: async () => {
      if (ended) return
      port.postMessage({ bye: true }, [])
      end()
    }
  }
}
