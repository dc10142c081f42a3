import type { Host } from '@status-stack/devp2p-transport'
import { createEmitter, type Emitter } from '@status-stack/utils'
import { checkNetworkOptions, readEnode, readNode } from './bootnodes.node.ts'
import { check, optionError } from './errors.ts'
import { type RelayEvents, relayEventNames } from './events.ts'
import { createNodeHost } from './node-host.ts'
import { type RelayDeps, type ResolvedOptions, shareToDial, wantsDiscovery } from './options.ts'
import { addPeer, watchPeers } from './peers.ts'
import { createReachability, type Reachability } from './port-mapping.ts'
import { createPrivacyNodes, type PrivacyNodes } from './privacy.ts'
import { capabilitiesOf, type RelayCarrier, type RelayProtocol } from './protocols.ts'
import { webSocketListener } from './websocket.ts'

/** A peer that does not answer our goodbye holds us up for so long at most. */
const goodbye = { lingerMs: 300, stopTimeoutMs: 700 }

/** What a relay consists of, before any of it runs. */
export interface Parts {
  readonly emitter: Emitter<RelayEvents>
  readonly options: ResolvedOptions
  readonly deps: RelayDeps
  readonly host: Host
  readonly privacy: PrivacyNodes
  readonly protocols: readonly RelayProtocol[]
  readonly carriers: readonly RelayCarrier[]
  readonly reachability: Reachability
  /** Connections that the node makes itself; 0 without discovery. */
  readonly dialed: number
}

/** Checks the options and makes the parts; none of them listens or dials yet. @throws RelayError `enode`, `self`, `nat`, `net-restrict`, `privacy` */
export function partsOf(deps: RelayDeps, options: ResolvedOptions): Parts {
  const { maxPeers, maxPendingInbound, light, peers, trusted, netRestrict, listen, clientName, minPow } = options
  checkNetworkOptions(options.nat, netRestrict)
  for (const url of trusted) readNode(url, 'a trusted peer')
  for (const url of options.bootnodes) readEnode(url, 'a bootnode')
  for (const { enode } of options.archive?.sources ?? []) readNode(enode, 'a source of the archive')
  const dialed = wantsDiscovery(options) ? shareToDial(maxPeers, options.dialRatio) : 0
  const privacy = createPrivacyNodes(options.privacy, {
    minPow,
    light,
    // The host counts peers; what it lets in, the protocols must take.
    maxPeers: Math.min(65_536, maxPeers + peers.length + trusted.length + maxPendingInbound)
  })
  if (privacy.whisper === undefined && (options.archive?.sources ?? []).length > 0)
    throw optionError('privacy', 'mailservers synchronise over Whisper, which this node does not use')
  const protocols = [...privacy.protocols, ...(deps.protocols ?? [])]
  const host = createNodeHost(
    { privateKey: deps.privateKey, capabilities: capabilitiesOf(protocols) },
    {
      listen,
      clientName,
      maxPeers,
      maxInboundPeers: maxPeers - dialed,
      maxPendingInbound: maxPendingInbound,
      netRestrict,
      ...goodbye
    }
  )
  const emitter = createEmitter<RelayEvents>(relayEventNames, check)
  watchPeers(host, emitter)
  host.on('refused', ({ reason, stage, direction, remoteAddress: address, theirs }) =>
    emitter.emit('connectionrefused', {
      reason,
      stage,
      direction,
      address,
      ...(theirs === undefined ? {} : { theirs })
    })
  )
  for (const peer of peers) addPeer(host, peer)
  for (const peer of trusted) host.addTrusted(peer)
  const reachability = createReachability(host, options.nat, listen.host, emitter)
  const { webSocket } = options
  const carriers = [
    ...(webSocket === undefined ? [] : [webSocketListener(webSocket, emitter)]),
    ...(deps.carriers ?? [])
  ]
  return { emitter, options, deps, host, privacy, protocols, carriers, reachability, dialed }
}
