import type { Socket } from 'node:net'
import { quotaAddress } from '@status-stack/utils'

/** What stands for a connection: what it made may outlive it. */
const names = new WeakMap<object, object>()

function nameOf(socket: object): object {
  const known = names.get(socket)
  if (known !== undefined) return known
  const name = {}
  names.set(socket, name)
  return name
}

/** Who is one client for what clients share: an address, whatever it has of connections; at home and on private networks each connection. */
export function clientOf(socket: Pick<Socket, 'remoteAddress'>): unknown {
  return quotaAddress(socket.remoteAddress) ?? nameOf(socket)
}
