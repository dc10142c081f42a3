/** Bounds on what callers and remote peers can make a sync node hold or compute; each has a test that overruns it. */
export interface SyncLimits {
  /** Messages waiting for one peer; `enqueue` refuses more. */
  readonly maxPendingPerPeer: number
  /** Messages waiting in all; `enqueue` refuses more. */
  readonly maxPending: number
  /** Bytes of one message body; `enqueue` refuses more. */
  readonly maxBodyBytes: number
  /** Offered messages we ask one peer for at a time; further offers are ignored until some arrive. */
  readonly maxRequestsPerPeer: number
  /** Offered messages we ask for in all; further offers are ignored until some arrive. */
  readonly maxRequests: number
  /** Acknowledgements waiting for one peer; the oldest goes, for the sender repeats its message. */
  readonly maxAcksPerPeer: number
  /** Peers with acknowledgements waiting; the oldest goes. */
  readonly maxAckPeers: number
  /** Entries (acks, requests, offers and messages together) handled of one received payload; the rest comes again. */
  readonly maxEntriesPerPayload: number
  /** Handled message ids remembered per peer to recognise duplicates; the oldest goes. */
  readonly maxSeenPerPeer: number
  /** Peers whose handled ids are remembered; the peer unheard for longest is forgotten. */
  readonly maxPeers: number
  /** Missing message ids remembered per peer; the oldest goes. */
  readonly maxMissingPerPeer: number
  /** Messages handed up and not yet accepted whose metadata is remembered, over all peers; the oldest goes. */
  readonly maxHandedUp: number
  /** Parents read from one message's metadata. */
  readonly maxParents: number
  /** Outcomes remembered for `delivery`, over all peers; the oldest goes. */
  readonly maxOutcomes: number
}

export const defaultLimits: SyncLimits = {
  maxPendingPerPeer: 2048,
  maxPending: 16_384,
  maxBodyBytes: 10 * 1024 * 1024,
  maxRequestsPerPeer: 256,
  maxRequests: 8192,
  maxAcksPerPeer: 1024,
  maxAckPeers: 512,
  maxEntriesPerPayload: 16_384,
  maxSeenPerPeer: 8192,
  maxPeers: 2048,
  maxMissingPerPeer: 256,
  maxHandedUp: 4096,
  maxParents: 32,
  maxOutcomes: 4096
}

/** A payload budget below this is taken for "cannot send now": one identifier does not even fit. */
export const smallestBudget = 64
