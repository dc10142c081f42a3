import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Scheduler } from '@status-stack/interface'
import type { ByteStream } from '@status-stack/rlpx'
import { systemScheduler } from '@status-stack/rlpx/carrier'
import { refuseUpgrade } from '@status-stack/utils'
import { WebSocketServer } from 'ws'
import { flowProtocol } from '../socket.ts'
import { webSocketStream } from '../stream.ts'
import { LibrarySocket, libraryBounds } from '../ws-socket.node.ts'
import { keepAlive } from './liveness.node.ts'
import type { ResolvedServerOptions } from './options.ts'
import { judgeRequest } from './request.ts'

/** Takes over a request to open a WebSocket: what an HTTP server's `upgrade` event calls. */
export type UpgradeHandler = (
  request: IncomingMessage,
  socket: Duplex,
  head: Parameters<WebSocketServer['handleUpgrade']>[2]
) => void

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header

/** An IPv4 client of a dual-stack listener is shown as IPv4: limits are per address. */
const plainAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')

/** @param accept takes each opened WebSocket as a stream of bytes: a host's own `accept` */
export function createUpgrade(
  options: ResolvedServerOptions,
  accept: (stream: ByteStream) => void,
  scheduler: Scheduler = systemScheduler
): UpgradeHandler {
  const server = new WebSocketServer({
    ...libraryBounds,
    noServer: true,
    clientTracking: false,
    handleProtocols: offered => (offered.has(flowProtocol) ? flowProtocol : false)
  })
  return (request, socket, head) => {
    const { headers, socket: connection, url } = request
    const judged = judgeRequest(
      {
        url,
        origin: headers.origin,
        forwardedFor: single(headers['x-forwarded-for']),
        peerAddress: plainAddress(connection.remoteAddress)
      },
      options
    )
    if (judged.kind === 'refuse') {
      refuseUpgrade(socket, `${judged.status} ${STATUS_CODES[judged.status]}`)
      return
    }
    server.handleUpgrade(request, socket, head, opened => {
      const library = new LibrarySocket(opened, { address: judged.address, port: connection.remotePort ?? 0 })
      keepAlive(opened, scheduler, options.pingIntervalMs)
      accept(webSocketStream(library))
    })
  }
}
