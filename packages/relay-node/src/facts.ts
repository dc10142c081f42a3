import type { CounterSnapshot } from '@status-stack/devp2p-transport'
import type { DiscoveryStats } from '@status-stack/devp2p-transport/discovery'
import type { Mapping } from '@status-stack/devp2p-transport/nat'
import type { BridgeCounters } from '@status-stack/waku'
import type { Whisper, WhisperCounters, WhisperInfo } from '@status-stack/whisper'
import type { MailserverStats } from '@status-stack/whisper-mailserver'

/** Counters of the archive, and of what it could not store. */
export interface ArchiveFacts extends MailserverStats {
  /** Could not be stored and are not tried again, since the start. */
  readonly lostEnvelopes: number
}

/** What a node of one privacy protocol is doing. */
export interface NodeFacts extends WhisperInfo {
  /** Peers of this protocol, connected now. */
  readonly peers: number
  /** Events of the node since its start, and refusals by reason. */
  readonly counters: WhisperCounters
  /** Bytes and packets since its start, by kind. */
  readonly traffic: ReturnType<Whisper['bandwidth']>['total']
  /** Bytes of received envelopes that were already there. */
  readonly duplicateBytes: number
}

/** The facts of a running node. */
export function nodeFacts(node: Whisper): NodeFacts {
  const { total, duplicateBytes } = node.bandwidth()
  return { ...node.info(), peers: node.peers().length, counters: node.counters(), traffic: total, duplicateBytes }
}

/** What a relay is doing, as plain facts: for its reports, its metrics and its health. */
export interface RelayFacts {
  /** `running` once everything that was asked for serves. */
  readonly state: 'starting' | 'running' | 'stopping'
  /** `name/version` of the program. */
  readonly clientName: string
  /** Since the relay was made. */
  readonly uptimeSeconds: number
  /** Counters of connections. */
  readonly host: CounterSnapshot
  /** Absent where the protocol is not spoken. */
  readonly whisper: NodeFacts | undefined
  /** Absent where the protocol is not spoken. */
  readonly waku: NodeFacts | undefined
  /** Of a relay that speaks both. */
  readonly bridge: BridgeCounters | undefined
  /** Peers that were named, and how many of them are connected. */
  readonly named: { readonly wanted: number; readonly connected: number }
  /** Absent where nothing is looked for. */
  readonly discovery: (DiscoveryStats & { readonly searching: boolean; readonly bootnodes: number }) | undefined
  /** Absent where nothing is archived. */
  readonly archive: ArchiveFacts | undefined
  /** What the gateway said; absent where no port mapping was asked for. */
  readonly nat: { readonly address: string | undefined; readonly mappings: readonly Mapping[] } | undefined
}

/**
 * Why the relay should get no traffic now; undefined when it should.
 *
 * @example
 * ```ts
 * const reason = notReady(relay.facts())
 * if (reason !== undefined) console.log(reason)
 * ```
 */
export function notReady({ state, named, host, discovery }: RelayFacts): string | undefined {
  if (state !== 'running') return state
  const peers = host.peersInbound + host.peersOutbound
  // A relay that was told of no peers waits for others: listening is all it can do.
  if (peers === 0 && (named.wanted > 0 || (discovery?.bootnodes ?? 0) > 0)) return 'no peer is connected'
  return undefined
}
