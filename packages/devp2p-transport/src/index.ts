/**
 * RLPx sessions over TCP for any subprotocol: a host that listens, dials and keeps peers of a devp2p network.
 *
 * @packageDocumentation
 */
export {
  type CompleteEnode,
  type CounterSnapshot,
  type DisconnectReason,
  type Ending,
  type Enode,
  formatEnode,
  type Host,
  type HostEventName,
  type HostEvents,
  type HostOptions,
  type PeerInfo,
  parseCompleteEnode,
  parseEnode,
  peerIdOf,
  prometheusText,
  type RefusalReason,
  TransportError,
  type TransportErrorCode
} from '@status-stack/rlpx'
export { isLan, isLoopback, isSpecial, parseNetRestrict } from '@status-stack/rlpx/carrier'
export { createHost, type HostDeps } from './host.ts'
export type { Capability, PeerLink } from './ports.ts'
export { tcpCarrier } from './stream/tcp.node.ts'
