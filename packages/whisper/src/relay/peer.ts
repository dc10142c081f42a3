import { type BoundedMap, createBoundedMap, createTokenBucket, type TokenBucket } from '@status-stack/utils'
import { bloomAdmitsTopic, isFullNodeBloom } from '../bloom.ts'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { PeerStatus } from '../packets/status.ts'
import type { PeerLink } from '../ports.ts'
import type { LinkMeter } from './bandwidth.ts'
import type { NodeContext } from './context.ts'
import { isKnown } from './known-peers.ts'
import type { PoolCursor } from './pool.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

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
  readonly light: boolean
  readonly confirmations: boolean
  /** Its announced limits; kept for the record: status-go does not throttle sending by them either. */
  rateLimits: PeerStatus['rateLimits']
  minPow: number
  /** Absent: everything. */
  bloom: Uint8Array | undefined
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
  /** Envelopes that wait for their random delay: id → not before, milliseconds. BOUNDED: limits.delayedEnvelopes. */
  readonly delayed: Map<string, number>
  sending: boolean
  cancelTimer: (() => void) | undefined
  /** Packets sent whose confirmation we expect, by batch hash. BOUNDED: limits.pendingBatches, limits.pendingEnvelopes. */
  readonly batches: BoundedMap<string, PendingBatch>
  waitingAnswers: number
  waitingAnswerBytes: number
  readonly abort: AbortController
  /** Sends in order, one at a time. */
  readonly send: (code: number, payload: Uint8Array) => Promise<void>
  /** Sends a confirmation without waiting for it; bounded by the node's budget of answers. */
  readonly answer: (code: number, payload: Uint8Array) => void
}

export interface PeerParts {
  readonly link: PeerLink
  readonly status: PeerStatus
  readonly meter: LinkMeter
  readonly abort: AbortController
  readonly slot: number
}

export function createPeer(context: NodeContext, { link, status, meter, abort, slot }: PeerParts): Peer {
  const { answers, clock, pool } = context
  const nowMs = clock.nowMs()
  const walks = createTokenBucket(limits.rewalkEnvelopesPerSecond, nowMs, limits.rewalkEnvelopesSaved)
  // The first look, which every peer gets.
  walks.charge(nowMs, pool.size())
  let tail: Promise<void> = Promise.resolve()
  const send = (code: number, payload: Uint8Array): Promise<void> => {
    if (abort.signal.aborted) {
      return Promise.reject(new WhisperError('link-closed', 'peer: its link has ended', { origin: 'environment' }))
    }
    const sent = tail.then(async () => {
      await link.send(code, payload, { signal: abort.signal })
      meter.sent(code, payload.length)
    })
    tail = sent.catch(() => undefined)
    return sent
  }
  const peer: Peer = {
    id: link.peerId,
    link,
    light: status.light,
    confirmations: status.confirmations,
    rateLimits: status.rateLimits,
    minPow: status.minPow,
    bloom: isFullNodeBloom(status.bloom) ? undefined : status.bloom,
    // Not the transport's trust: that says who may connect, this says whose packet 127 counts.
    trusted: false,
    leases: 0,
    slot,
    cursor: pool.cursor(),
    walks,
    cancelWalk: undefined,
    delayed: new Map(),
    sending: false,
    cancelTimer: undefined,
    batches: createBoundedMap({
      maxEntries: limits.pendingBatches,
      maxBytes: limits.pendingEnvelopes,
      sizeOf: ({ ids }) => ids.length
    }),
    waitingAnswers: 0,
    waitingAnswerBytes: 0,
    abort,
    send,
    answer: (code, payload) => {
      if (abort.signal.aborted) return
      answers.add(peer, payload.length)
      const done = (): void => answers.remove(peer, payload.length)
      send(code, payload).then(done, done)
    }
  }
  return peer
}

/** Whether packets 124, 125 and 127 of this peer count. */
export function isTrusted(peer: Peer): boolean {
  return peer.trusted || peer.leases > 0
}

/** Whether this envelope should go to this peer. */
export function peerWants(peer: Peer, entry: PooledEnvelope): boolean {
  return !isKnown(entry, peer.slot) && entry.pow >= peer.minPow && bloomAdmitsTopic(peer.bloom, entry.topic)
}
