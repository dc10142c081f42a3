import type { Packet, PeerLink } from '@status-stack/interface'
import { type ArgumentChecks, createArgumentChecks } from '@status-stack/utils'
import { MessagePortError } from './errors.ts'
import { limits } from './limits.ts'
import { createWindow } from './window.ts'

/** What is used of a `MessagePort`; those of browsers and of Node fit. */
export interface PortLike extends Pick<MessagePort, 'postMessage' | 'close' | 'onmessage'> {
  /** Tells of `close` and `messageerror`, where the port has such events. */
  readonly addEventListener?: ((type: string, listener: () => void) => void) | undefined
}

/** Who is at the other end, and what the link carries. */
export interface MessagePortLinkOptions {
  /** 64 lower-case hex digits: what this end calls the other. */
  readonly peerId: string
  /** What the link says of itself in `flags.static`. @default false */
  readonly static?: boolean | undefined
  /** What the link says of itself in `flags.trusted`. @default false */
  readonly trusted?: boolean | undefined
  /** Message ids of the protocol that runs on the link; `send` refuses others. @default 128 */
  readonly codes?: number | undefined
}

/** What crosses the port: a packet, how many bytes the reader has taken, or a goodbye. */
type PortMessage = Packet | { readonly taken: number } | { readonly bye: true }

const check: ArgumentChecks = /* @__PURE__ */ createArgumentChecks(
  (message, details) => new MessagePortError('invalid-argument', message, { origin: 'caller', details })
)

/** Bytes that a packet holds, for the bound: a short view of a long buffer holds the buffer. */
const costOf = ({ payload }: Packet): number => payload.buffer.byteLength + limits.packetOverheadBytes

function isPacket(data: object): data is Packet {
  const { code, payload } = data as Partial<Packet>
  return (
    Number.isInteger(code) &&
    payload instanceof Uint8Array &&
    payload.buffer instanceof ArrayBuffer &&
    payload.buffer.byteLength <= limits.payloadBytes
  )
}

/**
 * A peer link over a `MessagePort`: between two tabs, a page and its worker, or two threads. Both ends call this, each with the id
 * that the other end goes by; the port belongs to the link from then on. `send` waits while the other end reads nothing: at most
 * `limits.windowBytes` and one packet are on their way.
 *
 * An end that vanishes is noticed where ports have a `close` event (Node, Chromium 122); elsewhere by the timeouts of the protocol
 * on the link.
 *
 * @throws MessagePortError `invalid-argument`; from `send` also `too-large` and `link-closed`
 * @example
 * ```ts
 * const { port1, port2 } = new MessageChannel()
 * const link = messagePortLink(port1, { peerId: 'b'.repeat(64) })
 * await link.send(1, Uint8Array.of(42))
 * ```
 */
export function messagePortLink(port: PortLike, options: MessagePortLinkOptions): PeerLink {
  check.object('port', port)
  check.function('port.postMessage', port.postMessage)
  check.object('options', options)
  const { peerId, static: isStatic = false, trusted = false, codes = 128 } = options
  check.text('options.peerId', peerId)
  check.integer('options.codes', codes, 1, 1 << 16)

  // BOUNDED: windowBytes and one packet, then the other end broke the rule and the link ends
  const waiting: Packet[] = []
  let waitingBytes = 0
  const outgoing = createWindow(limits.windowBytes)
  let ended = false
  let wake: () => void = () => undefined

  const end = (): void => {
    if (ended) return
    ended = true
    port.onmessage = null
    port.close()
    outgoing.end()
    wake()
  }
  const tell = (message: PortMessage, transfer: Transferable[] = []): void => port.postMessage(message, transfer)

  const receive = (data: unknown): void => {
    if (typeof data === 'object' && data !== null && 'taken' in data) {
      if (typeof data.taken !== 'number' || !outgoing.release(data.taken)) end()
    } else if (typeof data === 'object' && data !== null && isPacket(data) && waitingBytes <= limits.windowBytes) {
      waitingBytes += costOf(data)
      waiting.push({ code: data.code, payload: data.payload })
      wake()
    } else end()
  }
  port.onmessage = ({ data }: { readonly data: unknown }) => receive(data)
  for (const event of ['close', 'messageerror']) port.addEventListener?.(event, end)

  return {
    peerId,
    flags: { static: isStatic, trusted },
    packets: async function* () {
      for (;;) {
        const packet = waiting.shift()
        if (packet !== undefined) {
          const cost = costOf(packet)
          waitingBytes -= cost
          if (!ended) tell({ taken: cost })
          yield packet
        } else if (ended) return
        else {
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
      }
    },
    send: async (code, payload, { signal } = {}) => {
      check.integer('code', code, 0, codes - 1)
      check.bytes('payload', payload)
      if (payload.length > limits.payloadBytes) {
        throw new MessagePortError(
          'too-large',
          `payload: expected at most ${limits.payloadBytes} bytes, got ${payload.length}`,
          { origin: 'caller' }
        )
      }
      signal?.throwIfAborted()
      // A copy that the other side owns: nothing is shared across the port, and the caller may reuse its array.
      const packet = { code, payload: Uint8Array.from(payload) }
      await outgoing.acquire(costOf(packet), signal)
      if (ended) throw new MessagePortError('link-closed', 'link: it has ended', { origin: 'environment' })
      tell(packet, [packet.payload.buffer])
    },
    close: async () => {
      if (ended) return
      tell({ bye: true })
      end()
    }
  }
}
