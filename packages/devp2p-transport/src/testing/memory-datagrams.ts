import { environmentError } from '@status-stack/rlpx/carrier'
import type { DatagramCarrier, DatagramSocket } from '../ports.ts'

/** Datagrams in memory between any addresses; lost when nobody is there. */
export interface MemoryDatagrams {
  /** The carrier of a machine at `address`. */
  readonly carrier: (address: string) => DatagramCarrier
  /** Datagrams sent so far. */
  readonly sent: () => number
}

type Handler = Parameters<DatagramSocket['receive']>[0]

/**
 * An empty network.
 *
 * @example
 * ```ts
 * const network = createMemoryDatagrams()
 * const discovery = createDiscovery({ privateKey, datagrams: network.carrier('10.0.0.1') })
 * ```
 */
export function createMemoryDatagrams(): MemoryDatagrams {
  const bound = new Map<string, { handler: Handler | undefined }>()
  let count = 0
  let nextPort = 50_000
  return {
    sent: () => count,
    carrier: address => ({
      bind: async ({ port }) => {
        const own = port === 0 ? nextPort++ : port
        const key = `${address}|${own}`
        if (bound.has(key)) throw environmentError('network', 'discovery: EADDRINUSE', { port })
        const entry: { handler: Handler | undefined } = { handler: undefined }
        bound.set(key, entry)
        return {
          address,
          port: own,
          send: (bytes, to) => {
            count++
            const copy = bytes.slice()
            setImmediate(() => bound.get(`${to.address}|${to.port}`)?.handler?.(copy, { address, port: own }))
          },
          receive: handler => {
            entry.handler = handler
          },
          close: async () => {
            bound.delete(key)
          }
        }
      }
    })
  }
}
