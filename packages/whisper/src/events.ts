import { createEmitter, type Emitter } from '@status-stack/utils'
import { check } from './checks.ts'
import type { WhisperError } from './errors.ts'
import type { Logger } from './ports.ts'

/** Why an envelope was not taken. The first six are the checks of the protocol, in their order. */
export type RefusalReason =
  | 'from-future'
  | 'very-old'
  | 'too-large'
  | 'low-pow'
  | 'bloom-mismatch'
  | 'topic-mismatch'
  | 'expired'
  | 'topic-rate'
  | 'pool-full'

/**
 * An envelope of a peer that was not taken. Repeats of envelopes that are or were in the pool, our own among them, are no refusals.
 *
 * The reasons `from-future`, `very-old` and `expired` may come from clocks that disagree. They are facts for people: each can be made up by the
 * peer that sent the envelope, so no clock may be corrected by them.
 */
export interface RefusedEnvelope {
  /** 64 hex digits. */
  readonly hash: string
  /** Who sent it. */
  readonly peerId: string
  /** The first check that failed. */
  readonly reason: RefusalReason
  /**
   * For reasons of time only: seconds by which the envelope is outside its life by our clock. Positive, it was sent so long after now; negative,
   * it expired so long ago.
   */
  readonly offBySeconds?: number
}

/** An envelope that we sent and a peer reported as refused. */
export interface RejectedEnvelope {
  /** 64 hex digits. */
  readonly hash: string
  /** Who refused it. */
  readonly peerId: string
  /** As the peer sent it: 37 from status-go and from us, whatever the reason. */
  readonly code: number
  /** The peer's own words, at most 200 characters, control characters replaced. */
  readonly description: string
  /** Whether the entry names a time: from the future, too old. Only the peer knows whether that is true. */
  readonly clock: boolean
  /** Whether we wrote the envelope; otherwise we only passed it on. */
  readonly own: boolean
}

/** Facts about the node, by name. Hashes and ids are lower-case hex without 0x; seconds are Unix seconds. */
export interface WhisperEvents {
  /** A peer finished the handshake. */
  readonly peerconnected: { readonly peerId: string }
  /** The link of a peer that had finished the handshake has ended; `error` is why, absent for a goodbye. */
  readonly peerdisconnected: { readonly peerId: string; readonly error?: WhisperError }
  /** A peer sent it; also for duplicates, which are neither pooled nor refused. */
  readonly envelopereceived: { readonly hash: string; readonly peerId: string }
  /** New and live: pooled and offered to the filters. */
  readonly envelopepooled: { readonly hash: string; readonly topic: string; readonly expiry: number }
  /** The transport of that peer has taken it. */
  readonly envelopesent: { readonly hash: string; readonly peerId: string }
  /** That peer confirmed the packet that it was in. */
  readonly envelopeacknowledged: { readonly hash: string; readonly peerId: string }
  /** That peer reported it as refused, in packet 12. */
  readonly enveloperejected: RejectedEnvelope
  /** Its life is over, by our clock: it is out of the pool. */
  readonly envelopeexpired: { readonly hash: string }
  /** Pushed out of a full pool by envelopes with more proof of work. */
  readonly envelopeevicted: { readonly hash: string }
  /** An envelope of a peer was not taken. */
  readonly enveloperefused: RefusedEnvelope
  /** A peer took a Messages packet of ours; `batch` is the hash of its payload. */
  readonly batchacknowledged: { readonly batch: string; readonly peerId: string }
  /** A packet was over a limit and had to wait; `count` is how often that happened on this link so far. */
  readonly ratelimited: { readonly peerId: string; readonly scope: 'address' | 'peer'; readonly count: number }
  /** A subscription was read too slowly; its oldest message is gone. */
  readonly deliverydropped: { readonly hash: string }
  /** One attempt of the plugged-in archive to store so many envelopes failed; they are relayed, not confirmed, and tried again. */
  readonly archivefailed: { readonly envelopes: number }
  /** So many envelopes are not tried again: for too long without success, over the bound of what waits, or the node stops. */
  readonly archivegivenup: { readonly envelopes: number }
  /** A packet that cannot be read, or says something impossible, on a link that goes on; nothing of the rest of it was applied. */
  readonly packetrefused: { readonly peerId: string; readonly code: number; readonly error: WhisperError }
  /** A request left for a mailserver. */
  readonly mailserverrequestsent: { readonly requestId: string; readonly peerId: string }
  /** The server said that a page is complete, or with `error` that it refuses. */
  readonly mailserverrequestcompleted: {
    readonly requestId: string
    readonly peerId: string
    /** Hex; empty on the last page. */
    readonly cursor: string
    readonly error?: string
    /** It had been reported as expired before. */
    readonly late: boolean
  }
  /** No answer came within the request's time; it may still come. */
  readonly mailserverrequestexpired: { readonly requestId: string; readonly peerId: string }
}

/** The name of an event of a node. */
export type WhisperEventName = keyof WhisperEvents

/** How often each fact happened since the node was made, also without a listener. */
export interface WhisperCounters {
  /** By name of the event. */
  readonly events: Readonly<Record<WhisperEventName, number>>
  /** The refused envelopes, by reason. */
  readonly refused: Readonly<Record<RefusalReason, number>>
}

/** Both ends of the events: the node emits, applications listen. */
export interface EventSource extends Emitter<WhisperEvents> {
  readonly counters: () => WhisperCounters
  /** Counts one that nothing listens to: what does no more than count needs no fact to be made. */
  readonly tally: (name: Exclude<WhisperEventName, 'enveloperefused'>) => void
}

export function createEventSource(logger?: Logger): EventSource {
  const events: Record<WhisperEventName, number> = {
    peerconnected: 0,
    peerdisconnected: 0,
    envelopereceived: 0,
    envelopepooled: 0,
    envelopesent: 0,
    envelopeacknowledged: 0,
    enveloperejected: 0,
    envelopeexpired: 0,
    envelopeevicted: 0,
    enveloperefused: 0,
    batchacknowledged: 0,
    ratelimited: 0,
    deliverydropped: 0,
    archivefailed: 0,
    archivegivenup: 0,
    packetrefused: 0,
    mailserverrequestsent: 0,
    mailserverrequestcompleted: 0,
    mailserverrequestexpired: 0
  }
  const refused: Record<RefusalReason, number> = {
    'from-future': 0,
    'very-old': 0,
    'too-large': 0,
    'low-pow': 0,
    'bloom-mismatch': 0,
    'topic-mismatch': 0,
    expired: 0,
    'topic-rate': 0,
    'pool-full': 0
  }
  const { on, emit, wants } = createEmitter<WhisperEvents>(events, check, (event, error) =>
    logger?.error('a listener failed', { event, error: String(error) })
  )
  return {
    on,
    wants,
    tally: name => {
      events[name] += 1
    },
    counters: () => ({ events: { ...events }, refused: { ...refused } }),
    emit: (name, fact) => {
      events[name] += 1
      if (name === 'enveloperefused') refused[(fact as WhisperEvents['enveloperefused']).reason] += 1
      emit(name, fact)
    }
  }
}
