import { TransportError } from '@status-stack/devp2p-transport'
import type { Emitter } from '@status-stack/utils'
import { formatWebSocketUrl } from '@status-stack/websocket-transport'
import { optionError, systemError } from './errors.ts'
import type { RelayEvents } from './events.ts'
import type { WebSocketOptions } from './options.ts'
import type { RelayCarrier } from './protocols.ts'

/** A WebSocket beside the host's own listener: pages connect there, and count as its peers. */
export function webSocketListener(
  { host: address, port, path = '/', origins, trustedProxies, publicUrl }: WebSocketOptions,
  { emit }: Pick<Emitter<RelayEvents>, 'emit'>
): RelayCarrier {
  let close = async (): Promise<void> => {}
  return {
    start: async (_, host) => {
      // Few relays have one.
      const { listenWebSocket } = await import('@status-stack/websocket-transport/server')
      const where = address.includes(':') ? `[${address}]` : address
      try {
        const listener = await listenWebSocket(
          { host: address, port, path, origins, trustedProxies, publicUrl },
          host.accept
        )
        close = listener.close
        const url = formatWebSocketUrl(host.publicKey, publicUrl ?? `ws://${where}:${listener.port}${path}`)
        emit('serving', { what: 'websocket', url })
      } catch (error) {
        if (!TransportError.is(error)) throw error
        if (error.origin === 'caller') throw optionError('websocket', error.message)
        const why = error.message.split(' ').at(-1) ?? ''
        throw systemError('websocket', `cannot listen on ${where}:${port} (${why})`, { cause: error, details: { why } })
      }
    },
    stop: () => close()
  }
}
