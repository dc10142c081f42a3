/** What is used of the socket that an HTTP server hands over with its `upgrade` event. */
export interface UpgradeSocket {
  /** Listens to the failure of the socket. */
  readonly on: (event: 'error', listener: () => void) => unknown
  /** Listens to the end of what `end` has sent. */
  readonly once: (event: 'finish', listener: () => void) => unknown
  /** Sends a last text and ends this direction. */
  readonly end: (text: string) => unknown
  /** Closes the socket. */
  readonly destroy: () => unknown
}

/**
 * Refuses a request to upgrade an HTTP connection. The HTTP server has let go of the socket and nobody reads it, so it is closed once the
 * answer has left; otherwise it would stay open for as long as the other side wishes.
 *
 * @param status code and reason phrase
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 *
 * createServer().on('upgrade', (request, socket) => refuseUpgrade(socket, '403 Forbidden'))
 * ```
 */
export function refuseUpgrade(socket: UpgradeSocket, status: string): void {
  socket.on('error', () => undefined)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
