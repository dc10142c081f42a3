import type { HoldingBudget } from '@status-stack/utils'
import type { Counters } from '../metrics.ts'
import type { ResolvedHostOptions } from '../options.ts'
import type { Capability, Clock, Random, Scheduler } from '../ports.ts'

/** What all sessions of a host share. */
export interface SessionParts {
  readonly privateKey: Uint8Array
  readonly capabilities: readonly Capability[]
  /** Our encoded Hello payload. */
  readonly hello: () => Uint8Array
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  readonly options: ResolvedHostOptions
  readonly counters: Counters
  /** Bytes of unfinished frames, of all sessions. */
  readonly unfinished: HoldingBudget
  /** Bytes of packets that capabilities have not read, of all sessions. */
  readonly unread: HoldingBudget
}
