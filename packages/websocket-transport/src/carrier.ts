import type { Carrier } from '@status-stack/rlpx'
import { check, environmentError } from '@status-stack/rlpx/carrier'
import { openSocket } from '#client'
import { webSocketAddresses } from './addresses.ts'
import { flowProtocol } from './socket.ts'
import { webSocketStream } from './stream.ts'

/** Values of a dialing carrier, all optional. */
export interface WebSocketDialOptions {
  /**
   * Whether to offer flow control, without which a browser cannot make a sender wait. `false` sends bytes and nothing else, as a
   * gateway between WebSocket and TCP expects (websockify in front of a node of another kind). @default true
   */
  readonly flowControl?: boolean | undefined
  /** The origin that a program outside browsers states. A browser sends the page's own. @default none */
  readonly origin?: string | undefined
}

/** The names of {@link WebSocketDialOptions}. */
export const dialOptionNames: readonly (keyof WebSocketDialOptions)[] = ['flowControl', 'origin']

/** @throws TransportError `invalid-argument` */
export function checkDialOptions(options: WebSocketDialOptions): void {
  check.object('options', options)
  if (options.flowControl !== undefined) check.boolean('flowControl', options.flowControl)
  if (options.origin !== undefined) check.text('origin', options.origin)
}

/** Dials over WebSocket. */
export function createDial({ flowControl = true, origin }: WebSocketDialOptions): Carrier['dial'] {
  return async ({ url, host, port }, { signal, admits }) => {
    const target = url ?? `ws://${host.includes(':') ? `[${host}]` : host}:${port}/`
    const protocols = flowControl ? [flowProtocol] : []
    return webSocketStream(await openSocket({ url: target, host, port, protocols, origin, signal, admits }))
  }
}

/**
 * A carrier that dials over WebSocket and does not listen: what a page has. In Node, `./server` has one that listens, too.
 *
 * @throws TransportError `invalid-argument`
 * @example
 * ```ts
 * const host = createHost({ privateKey, capabilities, carrier: webSocketCarrier() }, { listen: false })
 * ```
 */
export function webSocketCarrier(options: WebSocketDialOptions = {}): Carrier {
  check.options('options', options, dialOptionNames)
  checkDialOptions(options)
  return Object.freeze<Carrier>({
    addresses: webSocketAddresses(undefined, '/'),
    dial: createDial(options),
    listen: () => Promise.reject(environmentError('unavailable', 'listen: only the server carrier can listen'))
  })
}
