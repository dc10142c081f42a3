/**
 * RLPx sessions for any subprotocol: authenticated, framed, multiplexed bytes between two nodes of a devp2p network.
 *
 * @packageDocumentation
 */

// Names that moved to `./discovery`, `./nat` and `./wire`; they stay here until the dependents have followed.
export * from './discovery/index.ts'
export {
  type CompleteEnode,
  type Enode,
  formatEnode,
  parseCompleteEnode,
  parseEnode,
  peerIdOf
} from './enode.ts'
export { TransportError, type TransportErrorCode } from './errors.ts'
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
export * from './nat/index.ts'
export type { HostOptions } from './options.ts'
export type { DisconnectReason } from './p2p/reasons.ts'
export { isLan, isLoopback, isSpecial } from './peers/address.ts'
export { type NetRestrict, parseNetRestrict } from './peers/net-restrict.ts'
export type {
  ByteStream,
  Capability,
  Carrier,
  Clock,
  Logger,
  Packet,
  PeerLink,
  Random,
  Scheduler,
  StreamListener,
  Timers
} from './ports.ts'
export * from './wire.ts'
