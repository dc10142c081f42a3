import { type BoundedMap, createBoundedMap, createTokenBucket, type TokenBucket } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import { noRateLimits, type RateLimits } from '../packets/rate-limits.ts'
import type { PeerStatus } from '../packets/status.ts'
import type { Clock, PeerLink } from '../ports.ts'
import { type AnnouncedInterest, interestAdmits, plainInterest } from './announced-interest.ts'
import type { AnswerBudget } from './answer-budget.ts'
import type { LinkMeter } from './bandwidth.ts'
import { createDelayed, type Delayed } from './delayed.ts'
import { isKnown } from './known-peers.ts'
import type { Pool, PoolCursor } from './pool.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'
import type { OwnPacket } from './protocol.ts'

/** A packet of ours whose confirmation we expect. */
export interface PendingBatch {
  readonly ids: readonly string[]
  /** Ids that packet 12 named, once it has come. */
  rejected: ReadonlySet<string> | undefined
}

/** One attached peer after its Status. */
export interface Peer {
  readonly id: string
  readonly link: PeerLink
  light: boolean
  confirmations: boolean
  /** Whether confirmations of ours are of use to it. */
  readonly knowsConfirmations: boolean
  /** Its announced limits; kept for the record: status-go does not throttle sending by them either. */
  rateLimits: RateLimits
  byteLimits: RateLimits
  minPow: number
  interest: AnnouncedInterest
  /** Marked for good by the application, until the link ends. */
  trusted: boolean
  /** History requests under way: trusted as long as there is one. */
  leases: number
  /** Its bit in the envelopes of the pool; −1 once the link has ended. */
  slot: number
  /** Where in the pool it stands: what is behind has been sent to it, or is not wanted. */
  readonly cursor: PoolCursor
  /** Looks at the pool that changed requirements may cost. */
  readonly walks: TokenBucket
  /** A look that waits for its turn. */
  cancelWalk: (() => void) | undefined
  /** Envelopes that wait for their random delay. */
  readonly delayed: Delayed
  sending: boolean
  cancelTimer: (() => void) | undefined
  /** Packets sent whose confirmation we expect, by batch hash. BOUNDED: limits.pendingBatches, limits.pendingEnvelopes. */
  readonly batches: BoundedMap<string, PendingBatch>
  readonly abort: AbortController
  /** Sends in order, one at a time. `isConstant`: nothing changes these bytes again, so links may share what they make of them. */
  readonly send: (code: number, payload: Uint8Array, isConstant?: boolean) => Promise<void>
  /** Sends confirmations, one behind the other, without waiting for them; bounded by the node's budget of answers. */
  readonly answer: (packets: readonly OwnPacket[]) => void
}

export interface PeerParts {
  readonly link: PeerLink
  readonly status: PeerStatus
  readonly meter: LinkMeter
  readonly abort: AbortController
  readonly slot: number
}

/** What peers take from their node. */
interface PeerDeps {
  readonly answers: AnswerBudget
  readonly steady: Clock
  readonly pool: Pool
}

export function createPeer({ answers, steady, pool }: PeerDeps, { link, status, meter, abort, slot }: PeerParts): Peer {
  const nowMs = steady.nowMs()
  const walks = createTokenBucket(limits.rewalkEnvelopesPerSecond, nowMs, limits.rewalkEnvelopesSaved)
  // The first look, which every peer gets.
  walks.charge(nowMs, pool.size())
  const { signal } = abort
  const options = { signal }
  const constant = { signal, isConstant: true }
  // What is being sent now, and behind it what waits for its turn.
  let tail: Promise<void> | undefined
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = tail === undefined ? work() : tail.then(work)
    const over = (): void => {
      if (tail === settled) tail = undefined
    }
    const settled = done.then(over, over)
    tail = settled
    return done
  }
  const sendNow = async (code: number, payload: Uint8Array, isConstant: boolean): Promise<void> => {
    await link.send(code, payload, isConstant ? constant : options)
    meter.sent(code, payload.length)
  }
  const send = (code: number, payload: Uint8Array, isConstant = false): Promise<void> => {
    if (signal.aborted) {
      return Promise.reject(new WhisperError('link-closed', 'peer: its link has ended', { origin: 'environment' }))
    }
    return inTurn(() => sendNow(code, payload, isConstant))
  }
  const waiting = answers.open(abort)
  return {
    id: link.peerId,
    link,
    light: status.light,
    confirmations: status.confirmations,
    knowsConfirmations: status.knowsConfirmations ?? true,
    rateLimits: status.rateLimits,
    byteLimits: status.byteLimits ?? noRateLimits,
    minPow: status.minPow,
    interest: plainInterest(status),
    // Not the transport's trust: that says who may connect, this says whose packet 127 counts.
    trusted: false,
    leases: 0,
    slot,
    cursor: pool.cursor(),
    walks,
    cancelWalk: undefined,
    delayed: createDelayed(),
    sending: false,
    cancelTimer: undefined,
    batches: createBoundedMap({
      maxEntries: limits.pendingBatches,
      maxBytes: limits.pendingEnvelopes,
      sizeOf: ({ ids }) => ids.length
    }),
    abort,
    send,
    answer: packets => {
      if (signal.aborted) return
      for (const { payload } of packets) waiting.add(payload.length)
      const sendAll = async (): Promise<void> => {
        let sent = 0
        try {
          for (const { code, payload } of packets) {
            await link.send(code, payload, constant)
            meter.sent(code, payload.length)
            waiting.remove(payload.length)
            sent += 1
          }
        } catch {
          // The link loop sees the same failure; nothing of this packet waits any more.
          for (const { payload } of packets.slice(sent)) waiting.remove(payload.length)
        }
      }
      void inTurn(sendAll)
    }
  }
}

/** Whether packets 124, 125 and 127 of this peer count. */
export function isTrusted(peer: Peer): boolean {
  return peer.trusted || peer.leases > 0
}

/** Whether this envelope should go to this peer. */
export function peerWants(peer: Peer, entry: PooledEnvelope): boolean {
  return !isKnown(entry, peer.slot) && entry.pow >= peer.minPow && interestAdmits(peer.interest, entry.topic)
}
