import { type Host, TransportError } from '@status-stack/devp2p-transport'
import {
  createDiscovery,
  createPeerPool,
  type DiscoveryStats,
  type PeerStore
} from '@status-stack/devp2p-transport/discovery'
import type { Emitter } from '@status-stack/utils'
import { resolveBootnodes } from './bootnodes.node.ts'
import { systemError } from './errors.ts'
import type { DiscoveryEvents } from './events.ts'

/** How a running host looks for peers. */
export interface DiscoveryOptions {
  /** Complete enode URLs. */
  readonly bootnodes: readonly string[]
  /** Where to bind; a port that is not `fixed` may become another one. */
  readonly listen: { readonly host: string; readonly port: number; readonly fixed: boolean }
  /** What others are told; 0 when they cannot connect to us. */
  readonly tcpPort: () => number
  /** Peers to look for. */
  readonly wanted: number
  /** The capabilities of which they must have one. */
  readonly capabilities: readonly { readonly name: string; readonly version: number }[]
  /** CIDR masks with commas between: no other nodes are asked or dialed. @default all */
  readonly netRestrict?: string | undefined
  /** Where good peers are remembered. */
  readonly store?: PeerStore | undefined
  /** Told when others agree on our address. */
  readonly onOwnAddress?: ((address: string) => void) | undefined
}

/** A search that goes on until it is stopped. */
export interface RunningDiscovery {
  /** Where it listens, UDP. */
  readonly endpoint: { readonly address: string; readonly port: number }
  /** Counters of discovery since its start. */
  readonly stats: () => DiscoveryStats
  /** Whether peers are missing, so that candidates are looked for. */
  readonly searching: () => boolean
  /** Stops looking and closes the socket; connections stay. */
  readonly stop: () => Promise<void>
}

/**
 * Looks for peers of a running host. @throws RelayError `enode`, `discovery-port`
 *
 * @example
 * ```ts
 * const discovery = await startDiscovery(host, privateKey, options, emitter)
 * console.log(discovery.endpoint.port)
 * ```
 */
export async function startDiscovery(
  host: Host,
  privateKey: Uint8Array,
  options: DiscoveryOptions,
  { emit }: Pick<Emitter<DiscoveryEvents>, 'emit'>
): Promise<RunningDiscovery> {
  const { listen, tcpPort, netRestrict, onOwnAddress } = options
  const bootnodes = await resolveBootnodes(options.bootnodes, enode => emit('bootnodeunresolved', { enode }))
  const make = (port: number) =>
    createDiscovery(
      { privateKey, onOwnAddress },
      { listen: { host: listen.host, port }, tcpPort, bootnodes, netRestrict }
    )
  let discovery = make(listen.port)
  try {
    await discovery.start()
  } catch (error) {
    if (!TransportError.is(error) || error.code !== 'network') throw error
    if (listen.fixed) {
      const why = error.message.split(' ').at(-1)
      throw systemError('discovery-port', `UDP port ${listen.port} cannot be used for discovery (${why})`, {
        cause: error
      })
    }
    discovery = make(0)
    await discovery.start()
  }
  const endpoint = discovery.endpoint() ?? { address: listen.host, port: 0 }
  // Of two protocols each gets its share: a node that speaks both has to have peers in both networks.
  const count = Math.ceil(options.wanted / Math.max(1, options.capabilities.length))
  const pool = createPeerPool(
    {
      host,
      store: options.store,
      sources: [{ name: 'discovery', find: query => discovery.randomNodes(query) }]
    },
    { targets: options.capabilities.map(({ name, version }) => ({ name, version, count })) }
  )
  await pool.start()
  emit('discoverystarted', { ...endpoint, bootnodes: bootnodes.length })
  return {
    endpoint,
    stats: () => discovery.stats(),
    searching: () => pool.status().searching,
    stop: async () => {
      await Promise.all([pool.stop(), discovery.stop()])
    }
  }
}
