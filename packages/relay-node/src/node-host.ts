import { createHost, type Host, type HostDeps, type HostOptions, tcpCarrier } from '@status-stack/devp2p-transport'
import type { AddressFormat, Carrier, NodeAddress } from '@status-stack/rlpx'
import { enodeAddresses } from '@status-stack/rlpx/carrier'
import { parseWebSocketUrl, webSocketCarrier } from '@status-stack/websocket-transport'

const isWebSocket = (text: string): boolean => /^wss?:/i.test(text)

/** Nodes are written as enode URLs, those behind a WebSocket as `ws://` and `wss://` URLs; our own is an enode URL. */
const nodeAddresses: AddressFormat = {
  ...enodeAddresses,
  parse: text => (isWebSocket(text) ? parseWebSocketUrl(text) : enodeAddresses.parse(text))
}

/** Listens over TCP, dials over TCP or WebSocket, as the address says. */
function nodeCarrier(): Carrier {
  const overWebSocket = webSocketCarrier()
  return {
    ...tcpCarrier,
    addresses: nodeAddresses,
    dial: (to, options) => (to.url === undefined ? tcpCarrier : overWebSocket).dial(to, options)
  }
}

/**
 * Reads how a node is written: `enode://<id>@host:port`, `ws://<id>@host:port/path` or `wss://…`.
 *
 * @throws TransportError `invalid-text`
 * @example
 * ```ts
 * parseNodeAddress(`wss://${id}@node.example.org/rlpx`).port // 443
 * ```
 */
export const parseNodeAddress = (text: string): NodeAddress => nodeAddresses.parse(text)

/**
 * A host of `devp2p-transport` that dials nodes over WebSocket, too, wherever it is given such an address.
 *
 * @throws TransportError `invalid-argument`
 * @example
 * ```ts
 * const host = createNodeHost({ privateKey, capabilities: [whisper.capability] }, { listen: false })
 * host.addStatic(`wss://${id}@node.example.org/rlpx`)
 * ```
 */
export function createNodeHost(deps: Omit<HostDeps, 'carrier'>, options: HostOptions = {}): Host {
  return createHost({ ...deps, carrier: nodeCarrier() }, options)
}
