import type { TimeSlicer } from '@status-stack/utils'
import type { EventSource } from '../events.ts'
import type { FilterIndex } from '../filters/filter-index.ts'
import type { MailserverPort } from '../mailserver/port.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Clock, Logger, Random, Scheduler } from '../ports.ts'
import type { AnswerBudget } from './answer-budget.ts'
import type { BandwidthMeter } from './bandwidth.ts'
import type { Peer } from './peer.ts'
import type { Pool } from './pool.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'
import type { PostTracker } from './posts.ts'
import type { EnvelopeProtocol } from './protocol.ts'
import type { OwnRequirements } from './requirements.ts'

/** What the parts of one node share. */
export interface NodeContext {
  readonly protocol: EnvelopeProtocol
  readonly options: ResolvedOptions
  /** The time of day: what envelopes and requests are dated by. */
  readonly clock: Clock
  /** For durations: it goes on when the other clock is set back. */
  readonly steady: Clock
  readonly random: Random
  readonly scheduler: Scheduler
  readonly logger: Logger
  /** Divides what a peer can make long, so that others get their turns. */
  readonly slicer: TimeSlicer
  readonly events: EventSource
  readonly requirements: OwnRequirements
  readonly pool: Pool
  readonly index: FilterIndex
  readonly meter: BandwidthMeter
  readonly answers: AnswerBudget
  /** Peers that finished the handshake. BOUNDED: maxPeers. */
  readonly peers: Map<string, Peer>
  /** Own envelopes that are still live, by id. BOUNDED: those of the pool. */
  readonly trackers: Map<string, PostTracker>
  /** Asked to take new envelopes of this network into another one. BOUNDED: bridges of the owner. */
  readonly exchanges: Set<(entry: PooledEnvelope) => void>
  /** The mailserver that is plugged in. */
  mailserver: MailserverPort | undefined
}

export function nowSeconds(context: Pick<NodeContext, 'clock'>): number {
  return Math.floor(context.clock.nowMs() / 1000)
}
