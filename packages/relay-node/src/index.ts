/**
 * A relay of the Status network as one value: Whisper, Waku or both over devp2p and WebSocket, with discovery, port mapping, an archive for clients that were
 * away, the `shh_*` API and metrics where they are wanted. Node only.
 *
 * @packageDocumentation
 */
export { checkNetworkOptions, readEnode, readNode, resolveBootnodes } from './bootnodes.node.ts'
export { type DiscoveryOptions, type RunningDiscovery, startDiscovery } from './discovery.ts'
export { RelayError, type RelayErrorCode } from './errors.ts'
export {
  type ArchiveEvents,
  type ArchiveSyncEvents,
  type DiscoveryEvents,
  discoveryEventNames,
  type PeerEvents,
  peerEventNames,
  type RelayEvents
} from './events.ts'
export { type ArchiveFacts, type NodeFacts, notReady, type RelayFacts } from './facts.ts'
export { limits } from './limits.ts'
export { metricsText } from './metrics.node.ts'
export { serveMetrics } from './metrics-server.node.ts'
export { createNodeHost, parseNodeAddress } from './node-host.ts'
export {
  type ArchiveOptions,
  type ArchiveSource,
  type ListenAddress,
  type RelayDeps,
  type RelayOptions,
  type RelayRpcOptions,
  type WebSocketOptions,
  wantsDiscovery
} from './options.ts'
export { addPeer, watchPeers } from './peers.ts'
export { type Privacy, type PrivacyNodeDeps, privacyNodes } from './privacy.ts'
export type { RelayCarrier, RelayProtocol } from './protocols.ts'
export { createRelay, type Relay } from './relay.ts'
