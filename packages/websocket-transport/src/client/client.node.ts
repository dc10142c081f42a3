import { TransportError } from '@status-stack/rlpx'
import { environmentError } from '@status-stack/rlpx/carrier'
import { admittedLookup } from '@status-stack/rlpx/node'
import { LibrarySocket, libraryBounds } from '../ws-socket.node.ts'
import type { OpenSocket } from './open.ts'

/** Opens a WebSocket from Node, with the library `ws`. */
export const openSocket: OpenSocket = async ({ url, host, port, protocols, origin, signal, admits }) => {
  // Most who can dial a WebSocket never do.
  const { WebSocket } = await import('ws')
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols], {
      ...libraryBounds,
      followRedirects: false,
      ...(origin === undefined ? {} : { origin }),
      ...(admits === undefined ? {} : { lookup: admittedLookup(admits) })
    })
    let remote = { address: host, port }
    const leave = (): void => {
      signal.removeEventListener('abort', abort)
      socket.removeListener('error', fail)
    }
    const abort = (): void => {
      leave()
      socket.on('error', () => undefined)
      socket.terminate()
      reject(environmentError('network', 'dial: given up', {}, signal.reason))
    }
    const fail = (error: Error): void => {
      leave()
      socket.on('error', () => undefined)
      reject(
        TransportError.is(error)
          ? error
          : environmentError('network', 'dial: the WebSocket could not be opened', { port }, error)
      )
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', fail)
    socket.once('upgrade', ({ socket: { remoteAddress, remotePort } }) => {
      remote = { address: remoteAddress ?? host, port: remotePort ?? port }
    })
    socket.once('open', () => {
      leave()
      resolve(new LibrarySocket(socket, remote))
    })
    if (signal.aborted) abort()
  })
}
