// The wire format by itself, for conformance runs and tools; a host needs none of it.
export { type NegotiatedCapability, negotiate } from './capability.ts'
export { type ClockProbe, type ClockProbeOptions, probeClock } from './discovery/clock-probe.ts'
export type { Discovery, DiscoveryDeps, DiscoveryOptions, DiscoveryStats } from './discovery/discovery-types.ts'
export { createDiscovery } from './discovery/discv4.ts'
export { createDnsList, type DnsList, type DnsListDeps, type DnsListOptions } from './discovery/dns-list.ts'
export {
  createLocalRecord,
  createRecord,
  decodeRecord,
  formatRecord,
  type LocalRecord,
  type NodeRecord,
  parseRecord,
  type RecordContent,
  recordEndpoint
} from './discovery/enr.ts'
export {
  createPeerPool,
  type PeerPool,
  type PeerPoolDeps,
  type PeerPoolOptions,
  type PeerPoolStatus,
  type PeerSource,
  type PeerStore,
  type RememberedPeer
} from './discovery/peer-pool.ts'
export {
  type CompleteEnode,
  type Enode,
  formatEnode,
  nodeIdOf,
  parseCompleteEnode,
  parseEnode,
  peerIdOf
} from './enode.ts'
export { TransportError, type TransportErrorCode } from './errors.ts'
export { createFrameSealer, type FrameSealer } from './frame/frame.ts'
export { createFrameReader, type FrameReader, type Message } from './frame/reader.ts'
export { type Ack, decodeAck, encodeAck } from './handshake/ack.ts'
export { type Auth, decodeAuth, encodeAuth, signAuth } from './handshake/auth.ts'
export {
  createHandshakeReader,
  type HandshakeForm,
  type HandshakeReader,
  type OpenedHandshake,
  sealHandshake
} from './handshake/packet.ts'
export {
  type Answer,
  answerAuth,
  createInitiator,
  drawHandshakeRandomness,
  type HandshakeRandomness,
  type Initiator
} from './handshake/roles.ts'
export { deriveSecrets, type HandshakeTranscript, type SessionSecrets } from './handshake/secrets.ts'
export { createHost } from './host.ts'
export type {
  Ending,
  Host,
  HostDeps,
  HostEventName,
  HostEvents,
  PeerInfo,
  RefusalReason
} from './host-types.ts'
export { limits } from './limits.ts'
export { type CounterSnapshot, prometheusText } from './metrics.ts'
export { findGateway, type Gateway } from './nat/gateway.ts'
export { createNat } from './nat/nat.ts'
export { type NatSpec, parseNat } from './nat/spec.ts'
export type { FindMappers, Mapping, Nat, NatDeps, NatOptions, PortMapper } from './nat/types.ts'
export type { HostOptions } from './options.ts'
export {
  baseMessage,
  decodeDisconnect,
  decodeHello,
  encodeDisconnect,
  encodeHello,
  type Hello
} from './p2p/messages.ts'
export { type DisconnectReason, disconnectReasons, reasonName } from './p2p/reasons.ts'
export { compressed as compressSnappy, decompress as decompressSnappy } from './p2p/snappy.ts'
export { isLan, isLoopback, isSpecial } from './peers/address.ts'
export { type NetRestrict, parseNetRestrict } from './peers/net-restrict.ts'
export type {
  ByteStream,
  Capability,
  Carrier,
  Clock,
  DatagramCarrier,
  DatagramSocket,
  Logger,
  Packet,
  PeerLink,
  Random,
  Scheduler,
  StreamListener,
  Timers,
  TxtResolver
} from './ports.ts'
