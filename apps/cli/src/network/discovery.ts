import {
  createDiscovery,
  createPeerPool,
  type DiscoveryStats,
  type Host,
  type PeerStore,
  TransportError
} from '@status-stack/devp2p-transport'
import { capability } from '@status-stack/whisper'
import { CliError } from '../errors.ts'
import type { Output } from '../output.ts'
import { resolveBootnodes } from './bootnodes.ts'

export interface DiscoveryWish {
  readonly bootnodes: readonly string[]
  /** Where to bind; a port that is only a wish may become another one. */
  readonly listen: { readonly host: string; readonly port: number; readonly fixed: boolean }
  /** What others are told; 0 when no one can connect to us. */
  readonly tcpPort: () => number
  /** Peers to look for. */
  readonly wanted: number
  readonly netRestrict?: string | undefined
  readonly store?: PeerStore | undefined
  /** Told when others agree on our address. */
  readonly onOwnAddress?: ((address: string) => void) | undefined
}

export interface RunningDiscovery {
  readonly endpoint: { readonly address: string; readonly port: number }
  readonly stats: () => DiscoveryStats
  readonly searching: () => boolean
  readonly stop: () => Promise<void>
}

/** Looks for peers of a running host until it is stopped. @throws CliError `enode`, `discovery-port` */
export async function startDiscovery(
  host: Host,
  privateKey: Uint8Array,
  wish: DiscoveryWish,
  output: Output
): Promise<RunningDiscovery> {
  const bootnodes = await resolveBootnodes(wish.bootnodes, url =>
    output.note(
      { event: 'bootnode', state: 'unresolved', enode: url },
      `· the name of bootnode ${url.slice(8, 16)}… cannot be resolved`
    )
  )
  const make = (port: number) =>
    createDiscovery(
      { privateKey, onOwnAddress: wish.onOwnAddress },
      { listen: { host: wish.listen.host, port }, tcpPort: wish.tcpPort, bootnodes, netRestrict: wish.netRestrict }
    )
  let discovery = make(wish.listen.port)
  try {
    await discovery.start()
  } catch (error) {
    if (!TransportError.is(error) || error.code !== 'network') throw error
    if (wish.listen.fixed)
      throw new CliError(
        'failed',
        'discovery-port',
        `UDP port ${wish.listen.port} cannot be used for discovery (${error.message.split(' ').at(-1)})`,
        'another program has it, or it is not allowed: choose another --discovery-port'
      )
    discovery = make(0)
    await discovery.start()
  }
  const endpoint = discovery.endpoint() ?? { address: wish.listen.host, port: 0 }
  const { name, version } = capability
  const pool = createPeerPool(
    {
      host,
      store: wish.store,
      sources: [{ name: 'discovery', find: options => discovery.randomNodes(options) }]
    },
    { targets: [{ name, version, count: wish.wanted }] }
  )
  await pool.start()
  output.note(
    { event: 'discovery', address: endpoint.address, port: endpoint.port, bootnodes: bootnodes.length },
    `· looking for peers from ${bootnodes.length} bootnode${bootnodes.length === 1 ? '' : 's'} on; UDP port ${endpoint.port}`
  )
  return {
    endpoint,
    stats: () => discovery.stats(),
    searching: () => pool.status().searching,
    stop: async () => {
      await Promise.all([pool.stop(), discovery.stop()])
    }
  }
}
