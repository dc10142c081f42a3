/** Bounds that no option lifts; each has a test that overruns it. Those with a choice are in the options. */
export const limits = Object.freeze({
  /** Envelopes of one page. SPEC: 4/WHISPER-MAILSERVER. */
  maxQueryLimit: 1000,
  /** Bytes of an answer packet stay below this: every node takes 1 MiB. SPEC: status-go's MaxMessageSize. */
  maxBundleBytes: 1024 * 1024,
  /** Peers and addresses whose last requests are remembered; beyond it the least recent is forgotten. About 10 MB. */
  trackedPeers: 65_536,
  /** Seconds that a request in the binary form may span. SPEC: status-go. */
  maxBinaryRange: 24 * 3600,
  /** Envelopes that one put may hold; a larger batch is stored in parts, between which others have their turn. */
  putBatch: 1000,
  /**
   * Topics that the index of an archive knows. A query looks at each of them, some milliseconds in all, and they are some megabytes; with
   * more of them it walks the archive instead, until a pass of the retention leaves fewer: somebody who makes up topics gains nothing but that.
   */
  indexedTopics: 65_536,
  /**
   * Milliseconds that a sync may take: a day brings hundreds of millions of envelopes at the pace of an honest source. One that always has another
   * page would keep it from ever ending.
   */
  longestSyncMs: 24 * 3_600_000,
  /** Bytes of an error text that is sent. */
  errorText: 256,
  /**
   * How far a reader may fall behind `slowReaderRate` before it is given up for a request that has no place, milliseconds. Long
   * enough for a lost segment to be sent again, short enough for the others to wait.
   */
  slowReaderMs: 1000,
  /** Bytes a second that keep a place while others have none: a poor mobile link has more. */
  slowReaderRate: 32 * 1024,
  /**
   * How long an answer keeps its place while others have none, milliseconds, however well its reader keeps up: a page of the largest envelopes would
   * take a reader at `slowReaderRate` nine hours. An ordinary one has less than a megabyte.
   */
  longestAnswerMs: 300_000,
  /** Units of cost that one address, or a peer without one, may spend in a second, and save up: see `costOfRequest`. */
  costPerSecond: 200,
  costSaved: 1000,
  /** Opening a request takes about half a millisecond: a unit, so that a flood takes a tenth of a core at most. */
  costOfRequest: 1,
  /** Bytes of an answer that cost one more unit: 25 MB/s for each address. */
  bytesPerCost: 128 * 1024,
  /**
   * Milliseconds for which the store looks for an answer that cost one more unit: one address keeps it busy half the time at most. A range
   * of which nothing matches is walked to its end and brings no byte to pay for.
   */
  storeMsPerCost: 2.5
})
