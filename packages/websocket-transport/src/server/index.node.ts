/**
 * The listening side, for Node: a carrier that listens, a listener beside a host on another carrier, or a handler for an HTTP
 * server of your own.
 *
 * @packageDocumentation
 */
import type { ByteStream, Carrier, StreamListener } from '@status-stack/rlpx'
import { check } from '@status-stack/rlpx/carrier'
import { webSocketAddresses } from '../addresses.ts'
import { checkDialOptions, createDial, dialOptionNames, type WebSocketDialOptions } from '../carrier.ts'
import { listen } from './listen.node.ts'
import { resolveServerOptions, type WebSocketServerOptions } from './options.ts'
import { createUpgrade, type UpgradeHandler } from './upgrade.node.ts'

export type { WebSocketServerOptions } from './options.ts'
export type { UpgradeHandler } from './upgrade.node.ts'

/** Where a listener of its own is bound, and its {@link WebSocketServerOptions}. */
export interface ListenOptions extends WebSocketServerOptions {
  /** An address of this machine. @default '127.0.0.1' */
  readonly host?: string | undefined
  /** TCP port. @default 0, a free one */
  readonly port?: number | undefined
}

/**
 * A carrier that listens and dials over WebSocket, for a host that uses nothing else.
 *
 * @throws TransportError `invalid-argument`, `invalid-text`
 * @example
 * ```ts
 * const host = createHost(
 *   { privateKey, capabilities, carrier: webSocketServerCarrier({ origins: ['https://app.example.org'] }) },
 *   { listen: { port: 8546 } }
 * )
 * ```
 */
export function webSocketServerCarrier(options: WebSocketServerOptions & WebSocketDialOptions = {}): Carrier {
  const resolved = resolveServerOptions(options, dialOptionNames)
  checkDialOptions(options)
  return Object.freeze<Carrier>({
    addresses: webSocketAddresses(resolved.publicUrl, resolved.path),
    dial: createDial(options),
    listen: (at, accept) => listen(at, resolved, accept)
  })
}

/**
 * Listens for WebSockets beside a host on another carrier: one node, one set of peers and limits, two ways in. Close it before or after
 * the host is stopped; connections end with the host.
 *
 * @param accept the host's own `accept`
 * @throws TransportError `invalid-argument`, `invalid-text`; rejects with `network`
 * @example
 * ```ts
 * const host = createHost({ privateKey, capabilities }, { listen: { port: 30303 } }) // of devp2p-transport
 * await host.start()
 * const listener = await listenWebSocket({ port: 8546, origins: ['https://app.example.org'] }, host.accept)
 * ```
 */
export async function listenWebSocket(
  options: ListenOptions,
  accept: (stream: ByteStream) => void
): Promise<StreamListener> {
  const resolved = resolveServerOptions(options, ['host', 'port'])
  check.function('accept', accept)
  const { host = '127.0.0.1', port = 0 } = options
  check.text('host', host)
  check.integer('port', port, 0, 65_535)
  return listen({ host, port }, resolved, accept)
}

/**
 * For an HTTP or HTTPS server of your own: `server.on('upgrade', webSocketUpgrade(options, host.accept))`. Its bounds on headers, time and
 * pending connections are yours.
 *
 * @throws TransportError `invalid-argument`, `invalid-text`
 *
 * @example
 * ```ts
 * server.on('upgrade', webSocketUpgrade({ path: '/rlpx', origins: 'any' }, host.accept))
 * ```
 */
export function webSocketUpgrade(
  options: WebSocketServerOptions,
  accept: (stream: ByteStream) => void
): UpgradeHandler {
  const resolved = resolveServerOptions(options)
  check.function('accept', accept)
  return createUpgrade(resolved, accept)
}
