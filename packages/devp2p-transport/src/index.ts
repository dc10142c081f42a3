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
export type { CounterSnapshot } from './metrics.ts'
export type { HostOptions } from './options.ts'
export { type DisconnectReason, disconnectReasons, reasonName } from './p2p/reasons.ts'
export type {
  ByteStream,
  Capability,
  Carrier,
  Clock,
  Logger,
  Packet,
  PeerLink,
  Random,
  StreamListener,
  Timers
} from './ports.ts'
