import {
  createHost as createHostOver,
  type Host,
  type HostOptions,
  type HostDeps as RlpxHostDeps
} from '@status-stack/rlpx'
import { check } from '@status-stack/rlpx/carrier'
import { tcpCarrier } from './stream/tcp.node.ts'

/** Collaborators of a host. Only the key and the capabilities are needed. */
export interface HostDeps extends Omit<RlpxHostDeps, 'carrier'> {
  /** How connections are made. @default TCP */
  readonly carrier?: RlpxHostDeps['carrier'] | undefined
}

/**
 * A node of a devp2p network: listens and dials over TCP, keeps its peers and runs the capabilities with each of them. Nothing
 * happens before `start`. Nodes are written as enode URLs.
 *
 * @throws TransportError `invalid-argument` for a bad key, capability or option
 * @example
 * ```ts
 * const host = createHost({ privateKey, capabilities: [whisper.capability] }, { listen: { port: 30303 } })
 * await host.start()
 * await host.dial('enode://…@192.0.2.7:30303')
 * ```
 */
export function createHost(deps: HostDeps, options: HostOptions = {}): Host {
  check.object('deps', deps)
  check.object('options', options)
  const { clientName = 'status-stack/devp2p-transport', ...others } = options
  return createHostOver({ ...deps, carrier: deps.carrier ?? tcpCarrier }, { clientName, ...others })
}
