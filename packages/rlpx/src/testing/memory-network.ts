import { nextTurn } from '@status-stack/utils'
import { environmentError } from '../errors.ts'
import type { ByteStream, Carrier } from '../ports.ts'
import { streamPair } from './stream-pair.ts'

/** A network in memory: any address can be listened at and dialed from. */
export interface MemoryNetwork {
  /** The carrier of a machine at `address`. */
  readonly carrier: (address: string) => Carrier
  /** A raw connection as a stranger at `from` would make it. */
  readonly connect: (
    from: string,
    to: { readonly host: string; readonly port: number },
    options?: { readonly halfOpen?: boolean }
  ) => Promise<ByteStream>
  /** While cut, nothing passes between the two addresses, and nobody is told. */
  readonly cut: (a: string, b: string, on: boolean) => void
}

/**
 * An empty network.
 *
 * @example
 * ```ts
 * const network = createMemoryNetwork()
 * const host = createHost({ privateKey, capabilities, carrier: network.carrier('10.0.0.1') })
 * ```
 */
export function createMemoryNetwork(): MemoryNetwork {
  const listeners = new Map<string, (stream: ByteStream) => void>()
  const cuts = new Set<string>()
  const wakes = new Set<() => void>()
  let nextPort = 40_000
  const pair = (a: string, b: string): string => [a, b].sort().join('|')
  const connect: MemoryNetwork['connect'] = async (from, { host, port }, options = {}) => {
    await new Promise<void>(resolve => nextTurn(resolve))
    const accept = listeners.get(`${host}|${port}`)
    if (accept === undefined) throw environmentError('network', 'dial: nobody listens there', { port })
    const local = { address: from, port: nextPort++, halfOpen: options.halfOpen }
    const { a, b, wake } = streamPair(local, { address: host, port }, () => cuts.has(pair(from, host)))
    wakes.add(wake)
    accept(b)
    return a
  }
  return {
    connect,
    cut: (a, b, on) => {
      if (on) cuts.add(pair(a, b))
      else {
        cuts.delete(pair(a, b))
        for (const wake of wakes) wake()
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
          if (cuts.has(pair(address, to.host))) return
          connect(address, to).then(resolve, reject)
        }),
      listen: async ({ port }, accept) => {
        const bound = port === 0 ? nextPort++ : port
        const key = `${address}|${bound}`
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
