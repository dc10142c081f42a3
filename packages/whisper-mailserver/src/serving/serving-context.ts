import type { Clock, Scheduler } from '@status-stack/interface'
import type { InterestKey, MailPeer } from '@status-stack/whisper'
import type { MailserverLogger } from '../defaults.ts'
import { MailserverError } from '../errors.ts'
import type { EventSource } from '../events.ts'
import type { ResolvedOptions } from '../options.ts'
import type { EnvelopeStore, StoredEnvelope, StoreQuery } from '../ports.ts'
import type { Asker } from '../request/asker.ts'
import { type CostLimiter, createCostLimiter } from '../request/cost-limiter.ts'
import { createRateLimiter } from '../request/rate-limiter.ts'
import type { Handover } from './handover.ts'
import type { Place, Turns } from './turns.ts'

/** What answering needs. */
export interface ServingContext {
  readonly store: EnvelopeStore
  readonly options: ResolvedOptions
  readonly clock: Clock
  /** For durations: it goes on when the clock is set back. */
  readonly steady: Clock
  readonly scheduler: Scheduler
  readonly logger: MailserverLogger
  readonly events: EventSource
  readonly turns: Turns
  readonly handover: Handover
  /** What opens sealed requests, in the order they are tried. */
  readonly keys: () => readonly InterestKey[]
}

/** What requests of both kinds share. */
export interface Admission {
  readonly costs: CostLimiter
  /** What the store finds for a peer: the walk ends with the link, and its time is paid for. */
  readonly find: (peer: MailPeer, asker: Asker, query: StoreQuery) => AsyncIterable<readonly StoredEnvelope[]>
  /** Whether this peer may ask now; gives its place back when not. */
  readonly limitPassed: (place: Place, peer: MailPeer) => boolean
  /** The answer where the store or the link failed; a peer that is gone gets none. */
  readonly giveUp: (peer: MailPeer, error: unknown, tell: (text: string) => Promise<void>) => Promise<void>
}

/** What a peer is told while all places are taken. */
export const busy = 'server is busy'

export function createAdmission({ store, options, steady, scheduler, logger }: ServingContext): Admission {
  // Shared by history and sync, as at status-go.
  const limiter = createRateLimiter(options.rateLimitSeconds)
  const costs = createCostLimiter(steady, scheduler)
  return {
    costs,
    find: (peer, asker, query) =>
      costs.timed(asker, store.query(peer.signal === undefined ? query : { ...query, signal: peer.signal })),
    limitPassed: (place, { peerId }) => {
      if (limiter.take(peerId, steady.nowMs())) return true
      place.leave()
      return false
    },
    giveUp: async (peer, error, tell) => {
      if (peer.signal?.aborted === true || isPeers(error)) {
        logger.debug('mailserver: a peer left before its answer', { peerId: peer.peerId })
        return
      }
      logger.error('mailserver: answering failed', { peerId: peer.peerId })
      await tell('internal error').catch(() => undefined)
    }
  }
}

function isPeers(error: unknown): boolean {
  return MailserverError.is(error) && error.code !== 'store-failed'
}
