/**
 * Finding nodes: discovery v4, DNS node lists, node records, and the pool that keeps enough peers of each capability.
 *
 * @packageDocumentation
 */
export type { DatagramCarrier, DatagramSocket, TxtResolver } from '../ports.ts'
export { type ClockProbe, type ClockProbeOptions, probeClock } from './clock-probe.ts'
export type { Discovery, DiscoveryDeps, DiscoveryOptions, DiscoveryStats } from './discovery-types.ts'
export { createDiscovery } from './discv4.ts'
export { createDnsList, type DnsList, type DnsListDeps, type DnsListOptions } from './dns-list.ts'
export { decodeRecord, formatRecord, type NodeRecord, parseRecord, recordEndpoint } from './enr.ts'
export {
  createPeerPool,
  type PeerPool,
  type PeerPoolDeps,
  type PeerPoolOptions,
  type PeerPoolStatus,
  type PeerSource,
  type PeerStore,
  type RememberedPeer
} from './peer-pool.ts'
export { createLocalRecord, createRecord, type LocalRecord, type RecordContent } from './signed-record.ts'
