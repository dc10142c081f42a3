import { environmentError } from '../errors.ts'
import type { ByteStream, Carrier } from '../ports.ts'

/** A network in memory: any address can be listened at and dialed from. */
export interface MemoryNetwork {
  /** The carrier of a machine at `address`. */
  readonly carrier: (address: string) => Carrier
  /** A raw connection as a stranger at `from` would make it. */
  readonly connect: (from: string, to: { readonly host: string; readonly port: number }) => Promise<ByteStream>
  /** While cut, bytes and connections between the two addresses get lost silently. */
  readonly cut: (a: string, b: string, on: boolean) => void
}

type Handlers = Parameters<ByteStream['start']>[0]

interface End extends ByteStream {
  /** The other end's calls. */
  readonly receive: (bytes: Uint8Array) => void
  readonly remoteEnded: () => void
  readonly isPaused: () => boolean
}

const windowBytes = 64 * 1024

/** Two connected byte streams. Bytes arrive in a later turn, in order, as copies. */
export function streamPair(
  a: { readonly address: string; readonly port: number },
  b: { readonly address: string; readonly port: number },
  lost: () => boolean = () => false
): readonly [ByteStream, ByteStream] {
  const ends: End[] = []
  const make = (index: 0 | 1, remote: { readonly address: string; readonly port: number }): End => {
    let handlers: Handlers | undefined
    let inbox: Uint8Array[] = []
    let inboxBytes = 0
    let paused = false
    let full = false
    let remoteEnded = false
    let ended = false
    let closed = false
    let scheduled = false
    const other = (): End | undefined => ends[1 - index]
    const close = (error?: unknown): void => {
      if (closed) return
      closed = true
      inbox = []
      inboxBytes = 0
      setImmediate(() => handlers?.closed(error))
      if (!lost()) other()?.remoteEnded()
    }
    const deliver = (): void => {
      scheduled = false
      while (handlers !== undefined && !paused && !closed) {
        const chunk = inbox.shift()
        if (chunk === undefined) break
        inboxBytes -= chunk.length
        handlers.data(chunk)
      }
      if (inboxBytes < windowBytes) writers[1 - index]?.()
      if (inbox.length === 0 && remoteEnded && !closed) close()
    }
    const schedule = (): void => {
      if (scheduled) return
      scheduled = true
      setImmediate(deliver)
    }
    const pendingOf = { bytes: 0 }
    writers[index] = () => {
      pendingOf.bytes = 0
      if (!full) return
      full = false
      setImmediate(() => handlers?.drain())
    }
    return {
      remoteAddress: remote.address,
      remotePort: remote.port,
      start: given => {
        handlers = given
        schedule()
      },
      write: bytes => {
        if (closed || ended) return false
        if (lost()) return true
        other()?.receive(bytes.slice())
        pendingOf.bytes = sizes[1 - index]?.() ?? 0
        full = pendingOf.bytes >= windowBytes
        return !full
      },
      pendingBytes: () => Math.max((sizes[1 - index]?.() ?? 0) - windowBytes, 0),
      pause: () => {
        paused = true
      },
      resume: () => {
        paused = false
        schedule()
      },
      end: () => {
        if (ended || closed) return
        ended = true
        if (!lost()) other()?.remoteEnded()
      },
      destroy: () => {
        close()
      },
      receive: bytes => {
        if (closed) return
        inbox.push(bytes)
        inboxBytes += bytes.length
        schedule()
      },
      remoteEnded: () => {
        remoteEnded = true
        schedule()
      },
      isPaused: () => paused,
      ...sizeOf(index, () => inboxBytes)
    }
  }
  const writers: (() => void)[] = []
  const sizes: (() => number)[] = []
  const sizeOf = (index: 0 | 1, size: () => number): Record<never, never> => {
    sizes[index] = size
    return {}
  }
  ends[0] = make(0, b)
  ends[1] = make(1, a)
  return [ends[0], ends[1]]
}

/** An empty network. */
export function createMemoryNetwork(): MemoryNetwork {
  const listeners = new Map<string, (stream: ByteStream) => void>()
  const cuts = new Set<string>()
  let nextPort = 40_000
  const isCut = (a: string, b: string): boolean => cuts.has(`${a}|${b}`) || cuts.has(`${b}|${a}`)
  const connect: MemoryNetwork['connect'] = async (from, { host, port }) => {
    await new Promise<void>(resolve => setImmediate(resolve))
    const accept = listeners.get(`${host}|${port}`)
    if (accept === undefined || isCut(from, host))
      throw environmentError('network', 'dial: nobody listens there', { port })
    const local = { address: from, port: nextPort++ }
    const [mine, theirs] = streamPair(local, { address: host, port }, () => isCut(from, host))
    accept(theirs)
    return mine
  }
  return {
    connect,
    cut: (a, b, on) => {
      if (on) cuts.add(`${a}|${b}`)
      else {
        cuts.delete(`${a}|${b}`)
        cuts.delete(`${b}|${a}`)
      }
    },
    carrier: address => ({
      dial: (to, { signal }) =>
        new Promise((resolve, reject) => {
          const abort = (): void => {
            reject(environmentError('network', 'dial: given up'))
          }
          signal.addEventListener('abort', abort, { once: true })
          // While cut, nothing answers: the dialer's own limit ends it.
          if (isCut(address, to.host)) return
          connect(address, to).then(resolve, reject)
        }),
      listen: async ({ port }, accept) => {
        const key = `${address}|${port === 0 ? nextPort : port}`
        const bound = port === 0 ? nextPort++ : port
        if (listeners.has(key)) throw environmentError('network', 'listen: EADDRINUSE', { port })
        listeners.set(key, accept)
        return {
          address,
          port: bound,
          close: async () => {
            listeners.delete(key)
          }
        }
      }
    })
  }
}
