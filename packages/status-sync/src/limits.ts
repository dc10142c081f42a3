/**
 * Bounds on what callers and remote peers can make a sync node hold or compute; each has a test that overruns it. What is shared by
 * all peers goes to known ones first (`SyncDeps.isKnown`): an identity costs nothing, so a bound per peer bounds no stranger.
 */
export interface SyncLimits {
  /** Messages waiting for one peer; `enqueue` refuses more. */
  readonly maxPendingPerPeer: number
  /** Messages waiting in all; `enqueue` refuses more. */
  readonly maxPending: number
  /** Bytes of one message body; `enqueue` refuses more. */
  readonly maxBodyBytes: number
  /** Offered messages that are requested from one known peer at a time; further offers are ignored until some arrive. */
  readonly maxRequestsPerPeer: number
  /** The same for a stranger. */
  readonly maxRequestsPerStranger: number
  /** Requests to all strangers together; the oldest one is evicted first. */
  readonly maxStrangerRequests: number
  /** Requests in all. A known peer's evicts the oldest of a stranger; without one, further offers are ignored. */
  readonly maxRequests: number
  /** How often one request is sent: bytes that leave are at most this many times the bytes of the offers that came. */
  readonly maxRequestAttempts: number
  /** Acknowledgements waiting for one peer; the oldest is evicted first, for the sender repeats its message. */
  readonly maxAcksPerPeer: number
  /** Peers with acknowledgements waiting; the oldest stranger is evicted first, then the oldest peer. */
  readonly maxAckPeers: number
  /** Entries (acks, requests, offers and messages together) handled of one received payload; the rest comes again. */
  readonly maxEntriesPerPayload: number
  /** Handled message ids remembered per peer to recognise duplicates; the oldest is evicted first. */
  readonly maxSeenPerPeer: number
  /** Peers whose handled ids are remembered; the stranger unheard for longest is forgotten first, then the peer. */
  readonly maxPeers: number
  /** Outcomes remembered for `delivery`, over all peers; the oldest is evicted first. */
  readonly maxOutcomes: number
}

/**
 * The bounds that hold unless `SyncOptions.limits` says otherwise. Counts and bytes; each has a test that overruns it.
 *
 * @example
 * ```ts
 * createSync(deps, { limits: { maxPending: defaultLimits.maxPending / 2 } })
 * ```
 */
export const defaultLimits: SyncLimits = Object.freeze({
  // A week of a busy conversation with a peer that is offline; eight such peers.
  maxPendingPerPeer: 2048,
  maxPending: 16_384,
  // The largest Whisper envelope.
  maxBodyBytes: 10 * 1024 * 1024,
  // A known peer's backlog is requested in a few rounds; a stranger's in more.
  maxRequestsPerPeer: 256,
  maxRequestsPerStranger: 64,
  maxStrangerRequests: 1024,
  maxRequests: 8192,
  // Within eight minutes; a message that comes later needs no request.
  maxRequestAttempts: 4,
  maxAcksPerPeer: 1024,
  maxAckPeers: 512,
  // As many messages of 64 bytes as fit into the largest envelope that is usual, 1 MiB.
  maxEntriesPerPayload: 16_384,
  maxSeenPerPeer: 8192,
  maxPeers: 2048,
  maxOutcomes: 4096
})

/** A payload budget below this is taken for "cannot send now": one identifier does not even fit. */
export const minPayloadBytes = 64

/** Items of a long list that are handled before others may have their turn: about half a millisecond of work. */
export const sliceItems = 64

/** Store reads made at once for one payload; between two such batches others get their turn. */
export const readBatch = 256

/** Messages that are appended in one write: what a page of a client's outbox holds; more of them wait for the next. */
export const appendedAtOnce = 64

/** What is appended in one go leaves in one payload: the wait of the first message of it, milliseconds. */
export const gatherMs = 2

/**
 * How long what is appended is gathered after a payload, milliseconds: a payload costs its sealing, signing, proof of work and several writes
 * on both sides, whatever it holds, and this is shorter than what a person notices.
 */
export const restMs = 20

/**
 * How long it may stay in memory alone that something was sent, or that a peer was heard, milliseconds: most messages are acknowledged before,
 * and need not be stored again to be deleted. A crash forgets it, and what was not acknowledged is sent once more.
 */
export const unwrittenMs = 3000
