import { type LookupAddress, lookup } from 'node:dns'
import { createConnection, createServer, type LookupFunction, type Socket } from 'node:net'
import { environmentError, TransportError } from '../errors.ts'
import { notAllowed } from '../peers/net-restrict.ts'
import type { ByteStream, Carrier } from '../ports.ts'

/** Bytes handed to the kernel's queue before `write` says wait. */
const windowBytes = 256 * 1024

/** A connected socket as {@link ByteStream}. */
export function tcpStream(socket: Socket): ByteStream {
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

/** Resolves a name to the addresses that may be connected to; none is an error. */
function admittedLookup(admits: (address: string) => boolean): LookupFunction {
  return (name, options, answer) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const allowed: readonly LookupAddress[] = error === null ? found.filter(({ address }) => admits(address)) : []
      const [first] = allowed
      if (error !== null) answer(error, [])
      else if (first === undefined) answer(notAllowed(), [])
      else if (options.all === true) answer(null, [...allowed])
      else answer(null, first.address, first.family)
    })
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
  listen: ({ host, port }, accept) =>
    new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true }, socket => {
        accept(tcpStream(socket))
      })
      const fail = (error: NodeJS.ErrnoException): void => {
        reject(environmentError('network', `listen: ${error.code ?? 'failed'}`, { port }, error))
      }
      server.once('error', fail)
      server.listen({ host, port }, () => {
        server.removeListener('error', fail)
        // An error of the listening socket (too many open files) must not end the process; accepting goes on.
        server.on('error', () => undefined)
        const address = server.address()
        if (address === null || typeof address === 'string') {
          reject(environmentError('network', 'listen: no address', { port }))
          return
        }
        resolve({
          address: address.address,
          port: address.port,
          close: () =>
            new Promise(done => {
              server.close(() => {
                done()
              })
            })
        })
      })
    })
})
