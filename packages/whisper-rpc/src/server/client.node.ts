import type { Socket } from 'node:net'
import { quotaAddress } from '@status-stack/utils'

/** Who is one client for what clients share: an address, whatever it has of connections; at home and on private networks each connection. */
export function clientOf(socket: Pick<Socket, 'remoteAddress'>): unknown {
  return quotaAddress(socket.remoteAddress) ?? socket
}
