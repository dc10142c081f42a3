import type { WebSocket } from 'ws'
import { limits } from './limits.ts'
import type { MessageHandlers, MessageSocket } from './socket.ts'

/** Bounds that the library keeps by itself, for both sides. */
export const libraryBounds = Object.freeze({
  // What RLPx has encrypted does not compress, and a compressor for each peer costs memory.
  perMessageDeflate: false,
  maxPayload: limits.messageBytes,
  maxFragments: limits.messageFragments,
  maxBufferedChunks: limits.bufferedChunks,
  closeTimeout: limits.closeMs
})

/** A WebSocket of the library `ws`, on either side. */
export class LibrarySocket implements MessageSocket {
  readonly protocol: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly #socket: WebSocket
  #error: unknown
  #progress: () => void = () => undefined

  constructor(socket: WebSocket, remote: { readonly address: string; readonly port: number }) {
    this.#socket = socket
    this.protocol = socket.protocol
    this.remoteAddress = remote.address
    this.remotePort = remote.port
    // Errors are told by the Close that follows them; without a listener they would end the process.
    socket.on('error', error => {
      this.#error = error
    })
  }

  start({ message, progress, closed }: MessageHandlers): void {
    const socket = this.#socket
    socket.binaryType = 'nodebuffer'
    socket.on('message', (data, isBinary) => {
      // A plain view: `slice` of a Buffer would share its bytes.
      const bytes = data as Uint8Array
      message(isBinary ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : undefined)
    })
    this.#progress = progress
    socket.on('close', (code, reason) => {
      closed({ code, reason: reason.toString('latin1'), error: this.#error })
    })
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(bytes, error => {
      if (error === undefined || error === null) this.#progress()
    })
  }

  bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(code: number, reason: string): void {
    // What was not read yet would hide the answer to our Close.
    this.#socket.resume()
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.terminate()
  }
}
