/**
 * RLPx sessions over any ordered byte stream: what carriers (TCP, WebSocket) and tools share. Portable: browsers and Node.
 *
 * @packageDocumentation
 */
export {
  type CompleteEnode,
  type Enode,
  formatEnode,
  nodeIdOf,
  parseCompleteEnode,
  parseEnode,
  peerIdOf
} from './enode.ts'
export { TransportError, type TransportErrorCode, type TransportErrorOptions } from './errors.ts'
export { createHost } from './host/host.ts'
export type {
  Ending,
  Host,
  HostDeps,
  HostEventName,
  HostEvents,
  PeerInfo,
  RefusalReason
} from './host/types.ts'
export { limits } from './limits.ts'
export { type CounterSnapshot, prometheusText } from './metrics.ts'
export type { HostOptions } from './options.ts'
export type { DisconnectReason } from './p2p/reasons.ts'
export type {
  AddressFormat,
  ByteStream,
  Capability,
  Carrier,
  NodeAddress,
  OwnEndpoint,
  StreamHandlers,
  StreamListener
} from './ports.ts'
