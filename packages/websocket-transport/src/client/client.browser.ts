import { environmentError, systemScheduler } from '@status-stack/rlpx/carrier'
import type { CloseFacts, MessageHandlers, MessageSocket } from '../socket.ts'
import type { OpenSocket } from './open.ts'

/** How often a browser's WebSocket is asked how much of its buffer has gone: it tells nobody by itself. */
const lookMs = 20

class BrowserSocket implements MessageSocket {
  readonly protocol: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly #socket: WebSocket
  #handlers: MessageHandlers | undefined
  #cancelLook: (() => void) | undefined

  constructor(socket: WebSocket, host: string, port: number) {
    this.#socket = socket
    this.protocol = socket.protocol
    // A page is not told the address behind a name.
    this.remoteAddress = host
    this.remotePort = port
  }

  start(handlers: MessageHandlers): void {
    this.#handlers = handlers
    const socket = this.#socket
    socket.onmessage = ({ data }) => {
      handlers.message(data instanceof ArrayBuffer ? new Uint8Array(data) : undefined)
    }
    socket.onclose = ({ code, reason }) => {
      this.#over({ code, reason })
    }
    // It broke between opening and here: there will be no event.
    if (socket.readyState === WebSocket.CLOSED) this.#over({ code: 1006, reason: '' })
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#socket.send(bytes as Uint8Array<ArrayBuffer>)
    this.#look()
  }

  bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    // A page cannot cut a connection; the browser gives the closing handshake its own time.
    this.#socket.close()
    this.#cancelLook?.()
  }

  #look(): void {
    if (this.#cancelLook !== undefined || this.#socket.bufferedAmount === 0) return
    const before = this.#socket.bufferedAmount
    this.#cancelLook = systemScheduler.after(lookMs, () => {
      this.#cancelLook = undefined
      if (this.#socket.bufferedAmount < before) this.#handlers?.progress()
      this.#look()
    })
  }

  #over(facts: CloseFacts): void {
    this.#cancelLook?.()
    const handlers = this.#handlers
    this.#handlers = undefined
    handlers?.closed(facts)
  }
}

/** Opens the WebSocket of this page. */
export const openSocket: OpenSocket = ({ url, host, port, protocols, signal }) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols])
    socket.binaryType = 'arraybuffer'
    const leave = (): void => {
      signal.removeEventListener('abort', abort)
      socket.onopen = null
      socket.onclose = null
    }
    const abort = (): void => {
      leave()
      socket.close()
      reject(environmentError('network', 'dial: given up', {}, signal.reason))
    }
    socket.onopen = () => {
      leave()
      resolve(new BrowserSocket(socket, host, port))
    }
    // A page is not told why: an error and a Close without reason are the same to it.
    socket.onclose = ({ code }) => {
      leave()
      reject(environmentError('network', 'dial: the WebSocket could not be opened', { code }))
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
