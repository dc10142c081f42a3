/**
 * For carriers that run in Node: names resolved within `netRestrict`, and listening sockets.
 *
 * @packageDocumentation
 */
import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction, Server } from 'node:net'
import { environmentError } from './errors.ts'
import { notAllowed } from './peers/net-restrict.ts'
import type { StreamListener } from './ports.ts'

/**
 * A resolver for `net` and `http` that answers only the addresses that may be connected to: a name cannot lead past `netRestrict`. None is
 * an error.
 *
 * @example
 * ```ts
 * const socket = createConnection({ host, port, lookup: admittedLookup(address => address.startsWith('10.')) })
 * ```
 */
export function admittedLookup(admits: (address: string) => boolean): LookupFunction {
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

/**
 * Opens a server's listening socket. Closing it accepts no more and waits for the connections that there are.
 *
 * @throws TransportError `network`
 * @example
 * ```ts
 * const listener = await listenOn(createServer(accept), { host: '127.0.0.1', port: 0 })
 * console.log(listener.port)
 * await listener.close()
 * ```
 */
export function listenOn(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number }
): Promise<StreamListener> {
  return new Promise((resolve, reject) => {
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
}
