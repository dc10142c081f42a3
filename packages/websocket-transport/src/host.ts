import { createHost as createHostOver, type Host, type HostDeps, type HostOptions } from '@status-stack/rlpx'
import { callerError, check } from '@status-stack/rlpx/carrier'
import { type WebSocketDialOptions, webSocketCarrier } from './carrier.ts'

/** Collaborators of a host that dials. Only the key and the capabilities are needed. */
export type WebSocketHostDeps = Omit<HostDeps, 'carrier'>

/** {@link HostOptions} of a host that does not listen, and how it dials. */
export interface WebSocketHostOptions extends Omit<HostOptions, 'listen'>, WebSocketDialOptions {}

/**
 * A node that dials others over WebSocket: in a page or in Node. Nodes are written `wss://<key>@<host>/<path>`.
 *
 * @throws TransportError `invalid-argument` for a bad key, capability or option
 * @example
 * ```ts
 * const host = createWebSocketHost({ privateKey, capabilities: [whisper.capability] })
 * await host.start()
 * await host.dial(`wss://${key}@node.example.org/rlpx`)
 * ```
 */
export function createWebSocketHost(deps: WebSocketHostDeps, options: WebSocketHostOptions = {}): Host {
  check.object('deps', deps)
  check.object('options', options)
  if ('listen' in options)
    throw callerError('invalid-argument', 'options: no option is called listen; this host only dials', {
      argument: 'listen'
    })
  const { flowControl, origin, clientName = 'status-stack/websocket-transport', ...hostOptions } = options
  return createHostOver(
    { ...deps, carrier: webSocketCarrier({ flowControl, origin }) },
    { ...hostOptions, clientName, listen: false }
  )
}
