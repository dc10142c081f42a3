import { bloomAdmits, isFullNodeBloom } from '../bloom.ts'
import { WhisperError } from '../errors.ts'
import type { PeerStatus } from '../packets/status.ts'
import type { PeerLink } from '../ports.ts'
import type { LinkMeter } from './bandwidth.ts'
import type { PooledEnvelope } from './pool.ts'

/** Packets that wait behind a slow peer besides envelopes: confirmations and requirement changes. */
export const maxControlPackets = 1024

/** One attached peer after its Status. */
export interface Peer {
  readonly id: string
  readonly link: PeerLink
  readonly light: boolean
  readonly confirmations: boolean
  /** Its announced limits; kept for the record: nobody throttles sending by them. */
  rateLimits: PeerStatus['rateLimits']
  minPow: number
  /** Absent: everything. */
  bloom: Uint8Array | undefined
  /** Marked for good by the application, until the link ends. */
  trusted: boolean
  /** History requests under way: trusted as long as there is one. */
  leases: number
  /** Envelopes to send: id → not before, milliseconds. BOUNDED: ids of the pool only, taken out when they leave it. */
  readonly queue: Map<string, number>
  pumping: boolean
  cancelTimer: (() => void) | undefined
  /** Packets sent whose confirmation we expect: batch hash → envelope ids. BOUNDED: hardLimits.pendingBatches. */
  readonly batches: Map<string, readonly string[]>
  /** Ids that packet 12 named for a batch. */
  readonly rejected: Map<string, ReadonlySet<string>>
  /** Packets 11 and 12 that our own batches asked for: no limit counts those. */
  owedAnswers: number
  readonly gone: AbortController
  /** Sends in order, one at a time. */
  readonly send: (code: number, payload: Uint8Array) => Promise<void>
}

export function createPeer(link: PeerLink, status: PeerStatus, meter: LinkMeter, gone: AbortController): Peer {
  let tail: Promise<void> = Promise.resolve()
  let waiting = 0
  const send = (code: number, payload: Uint8Array): Promise<void> => {
    // BOUNDED: maxControlPackets; a peer that lets so many answers pile up is closed.
    if (waiting >= maxControlPackets) {
      gone.abort(new WhisperError('link-closed', 'peer: too slow to take its confirmations', { origin: 'environment' }))
    }
    if (gone.signal.aborted) {
      return Promise.reject(new WhisperError('link-closed', 'peer: its link has ended', { origin: 'environment' }))
    }
    waiting += 1
    const sent = tail.then(async () => {
      try {
        await link.send(code, payload, { signal: gone.signal })
        meter.sent(code, payload.length)
      } finally {
        waiting -= 1
      }
    })
    tail = sent.catch(() => undefined)
    return sent
  }
  return {
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
    queue: new Map(),
    pumping: false,
    cancelTimer: undefined,
    batches: new Map(),
    rejected: new Map(),
    owedAnswers: 0,
    gone,
    send
  }
}

/** Whether packets 124, 125 and 127 of this peer count. */
export function isTrusted(peer: Peer): boolean {
  return peer.trusted || peer.leases > 0
}

/** Whether this envelope should go to this peer. */
export function peerWants(peer: Peer, entry: PooledEnvelope): boolean {
  return entry.pow >= peer.minPow && !entry.knownTo.has(peer) && bloomAdmits(peer.bloom, entry.bloom)
}
