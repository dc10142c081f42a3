/**
 * Bounds that no option lifts. Those with a choice are in the options.
 * Each has a test that overruns it.
 */
export const limits = Object.freeze({
  /** Largest settable packet, bytes. SPEC: go-ethereum's MaxMessageSize cap. */
  maxMessageSize: 10 * 1024 * 1024,
  /** Largest Messages packet of several envelopes, bytes: every node takes 1 MiB, whatever its own setting. */
  maxBatchBytes: 1024 * 1024,
  /** Envelopes of one Messages packet that we send: as many as a packet 12 of ours could name, so that a peer of our kind can answer for each. */
  batchEnvelopes: 8192,
  /** Payload bytes of a message: its size field has at most 3 bytes. */
  maxPayload: 2 ** 24 - 1,
  /** Envelopes of a history page. SPEC: 4/WHISPER-MAILSERVER. */
  maxHistoryLimit: 1000,
  /** Hashes of evicted envelopes that are remembered so that they are not delivered twice: about 2 MB. */
  evictedHashes: 16_384,
  /**
   * Hashes of envelopes that expired here, kept while a slow peer may still send them: a repeat is no refusal. As many as a busy
   * network brings in the 20 s in which a late one is tolerated; beyond that a repeat is only reported as expired.
   */
  expiredHashes: 16_384,
  /** Seconds after their expiry for which they are remembered: six times the 20 s, for links that are behind. */
  expiredSeconds: 120,
  /** Packets sent to one peer whose confirmation we still expect: some seconds of a busy link. */
  pendingBatches: 256,
  /** Envelopes of those packets, over all of them: about 1.5 MB of hashes for a peer that never confirms. */
  pendingEnvelopes: 16_384,
  /** Error entries that we put into one packet 12: about 600 KB. */
  sentErrors: 8192,
  /** Error entries of one packet 12 that are looked at. */
  responseErrors: 16_384,
  /** Characters of a peer's text that an event carries: as long as any sentence of the reference implementations. */
  peerText: 200,
  /** Bad packets of one link that are written to the log, where the protocol keeps the link; the others are only counted. */
  loggedBadPackets: 16,
  /** Bytes of confirmations that wait behind one slow peer: one answer with every error entry, and hundreds of ordinary ones. */
  waitingAnswerBytes: 1024 * 1024,
  /** Confirmations that wait behind one slow peer. */
  waitingAnswers: 1024,
  /** Bytes of confirmations that wait behind all peers together; beyond it the peer is closed behind which many have waited for longest. */
  totalWaitingAnswerBytes: 16 * 1024 * 1024,
  /** What a waiting packet holds beside its payload: its promise and its place in the queue, bytes. */
  waitingPacketBytes: 512,
  /**
   * Pooled envelopes looked at again each second because one peer changed its requirements, and how many may be saved up: a full pool once
   * at once, then about one look a second. Changes in between are merged.
   */
  rewalkEnvelopesPerSecond: 16_384,
  rewalkEnvelopesSaved: 32_768,
  /** Envelopes of one peer that wait for their random delay; the next ones wait in the pool. */
  delayedEnvelopes: 8192,
  /** Derived symmetric keys that are cached. */
  cachedKeys: 4096,
  /** Addresses whose token buckets are kept. */
  trackedAddresses: 8192,
  /** Topics whose token buckets are kept for one peer. */
  trackedTopics: 1024,
  /**
   * What packets cost go-ethereum 1.9.5 on one core, microseconds, measured as 15 500 packets of one envelope and 285 packets of a hundred a
   * second; its hashes take some 8 ns a byte. `rateLimitWorkPerPeer` counts in these, so that no honest peer is slower here than there.
   */
  packetCostUs: 25,
  envelopeCostUs: 30,
  byteCostUs: 0.008,
  /** Packets of one peer whose envelopes are on their way into the archive before the next one is read: some milliseconds of writing. */
  storingPackets: 64,
  /** Bytes of those packets: what is stored of many peers at once is theirs, not ours. */
  storingBytes: 256 * 1024,
  /**
   * Envelopes of another network that are on their way into the archive before the next one is taken, and their bytes: what a busy network brings
   * while a database has a bad second or two.
   */
  storingOffers: 4096,
  storingOfferBytes: 4 * 1024 * 1024,
  /**
   * Bytes of envelopes that an archive could not store and is asked again to store: ten seconds of a busy network, some minutes of an
   * ordinary one. Beyond it one of the addresses that brought most, to a factor of two, loses its oldest.
   */
  unarchivedBytes: 16 * 1024 * 1024,
  /** What each of them holds beside its bytes, bytes. */
  unarchivedEntryBytes: 512,
  /** Bytes of them in one attempt, and the most of them: what one insert of several links comes to. */
  unarchivedBatchBytes: 256 * 1024,
  unarchivedBatch: 256,
  /** Milliseconds before the first further attempt, and the longest pause between two. */
  unarchivedFirstPauseMs: 1000,
  unarchivedLongestPauseMs: 60_000,
  /** Pauses, in milliseconds, after which an envelope is given up: a database that is restarted or failed over is back by then. */
  unarchivedWaitMs: 900_000,
  /**
   * Bytes of the messages that wait in all filters and subscriptions of a node, each counted for every one that it waits in; beyond it the one that
   * holds most loses its oldest. As much as the pool holds of envelopes: a node whose readers are all away holds no more of what it has opened.
   */
  waitingMessageBytes: 64 * 1024 * 1024,
  /** What a waiting message holds beside its plaintext, bytes: its record, its place in the list and the buffer's own objects. */
  waitingMessageOverhead: 512,
  /** Bytes that wait in a subscription when it calls itself full: eight messages of the largest size, or `maxQueuedMessages` of ordinary ones. */
  fullQueueBytes: 8 * 1024 * 1024,
  /** How long an overdue answer of a mailserver is still listened for, milliseconds. */
  lateAnswerMs: 60_000,
  /** How long a link waits for the slow reader of a delivery that it brought, milliseconds; then the oldest are dropped. */
  slowReaderMs: 5000,
  /**
   * Longest time for which open history ranges hold the live messages of a subscription back, milliseconds. Holding keeps the order in which
   * a ratchet likes its messages; an honest page takes a second.
   */
  holdMs: 30_000,
  /** Share of the time without a hold that is given back to the next one: a server cannot hold messages more than a tenth of the time. */
  holdRecovery: 0.1,
  /** Items of a request payload, topics included. */
  requestItems: 4096,
  /** Bytes of a packet 126: a request with the most topics, padded and sealed, has half of that. */
  requestBytes: 64 * 1024,
  /** Mailserver requests of one kind, pages of history and others, whose answer is still expected, or would be reported as late. */
  openRequests: 256,
  /** History ranges whose progress is remembered between two pages, and for how long, milliseconds. */
  openRanges: 64,
  rangeIdleMs: 600_000,
  /** Envelopes and cursors of a range that are remembered to tell progress from repetition: about 8 MB. */
  rangeEnvelopes: 65_536,
  rangeCursors: 4096,
  /**
   * Pages of one range that may have a cursor although they bring less than half of what was asked for. Servers give a cursor with a full page
   * only, so honest ranges need none of them.
   */
  thinPages: 256,
  /** What the list of a page holds for each envelope beside its bytes: its hash and the entry for it, bytes. */
  collectedEnvelopeBytes: 256
})
