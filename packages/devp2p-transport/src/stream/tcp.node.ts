import { createConnection, createServer, type Socket } from 'node:net'
import { type ByteStream, type Carrier, TransportError } from '@status-stack/rlpx'
import { environmentError } from '@status-stack/rlpx/carrier'
import { admittedLookup, listenOn } from '@status-stack/rlpx/node'

/** Bytes handed to the kernel's queue before `write` says wait. */
const windowBytes = 256 * 1024

/** A connected socket as {@link ByteStream}. */
function tcpStream(socket: Socket): ByteStream {
  return new TcpStream(socket)
}

class TcpStream implements ByteStream {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly #socket: Socket
  #failure: unknown

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('error', error => {
      this.#failure = error
    })
    // An IPv4 client of a dual-stack listener is shown as IPv4: limits are per address.
    this.remoteAddress = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
    this.remotePort = socket.remotePort ?? 0
  }

  start({ data, drain, closed }: Parameters<ByteStream['start']>[0]): void {
    const socket = this.#socket
    // A plain view: `slice` of a Buffer would share its bytes.
    socket.on('data', (chunk: Uint8Array) => {
      data(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
    })
    socket.on('drain', drain)
    socket.on('close', () => {
      closed(this.#failure)
    })
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#socket.writable) return false
    this.#socket.write(bytes)
    return this.#socket.writableLength < windowBytes
  }

  pendingBytes(): number {
    return this.#socket.writableLength
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }
}

/** Connections over TCP. */
export const tcpCarrier: Carrier = Object.freeze<Carrier>({
  dial: ({ host, port }, { signal, admits }) =>
    new Promise((resolve, reject) => {
      const socket = createConnection({
        host,
        port,
        ...(admits === undefined ? {} : { lookup: admittedLookup(admits) })
      })
      const abort = (): void => {
        socket.destroy()
        reject(environmentError('network', 'dial: given up', {}, signal.reason))
      }
      if (signal.aborted) {
        abort()
        return
      }
      const fail = (error: NodeJS.ErrnoException): void => {
        signal.removeEventListener('abort', abort)
        socket.destroy()
        reject(
          TransportError.is(error)
            ? error
            : environmentError('network', `dial: ${error.code ?? 'failed'}`, { port }, error)
        )
      }
      signal.addEventListener('abort', abort, { once: true })
      socket.once('error', fail)
      socket.once('connect', () => {
        signal.removeEventListener('abort', abort)
        socket.removeListener('error', fail)
        resolve(tcpStream(socket))
      })
    }),
  listen: (at, accept) =>
    listenOn(
      createServer({ noDelay: true }, socket => {
        accept(tcpStream(socket))
      }),
      at
    )
})
