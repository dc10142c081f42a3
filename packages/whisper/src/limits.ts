/** Bounds that no option lifts. Those with a choice are in the options. */
export const hardLimits = Object.freeze({
  /** Largest settable packet, bytes. SPEC: go-ethereum's MaxMessageSize cap. */
  maxMessageSize: 10 * 1024 * 1024,
  /** Largest Messages packet of several envelopes, bytes: every node takes 1 MiB, whatever its own setting. */
  maxBatchBytes: 1024 * 1024,
  /** Payload bytes of a message: its size field has at most 3 bytes. */
  maxPayload: 2 ** 24 - 1,
  /** Envelopes of a history page. SPEC: 4/WHISPER-MAILSERVER. */
  maxHistoryLimit: 1000,
  /** Hashes of evicted envelopes that are remembered so that they are not delivered twice. */
  evictedHashes: 16_384,
  /** Packets sent to one peer whose confirmation we still expect. */
  pendingBatches: 256,
  /** Error entries that we put into one packet 12: about 600 KB. */
  sentErrors: 8192,
  /** Error entries of one packet 12 that are looked at. */
  responseErrors: 16_384,
  /** Derived symmetric keys that are cached. */
  cachedKeys: 4096,
  /** Addresses whose token buckets are kept. */
  trackedAddresses: 8192,
  /** Topics whose token buckets are kept for one peer. */
  trackedTopics: 1024,
  /** How long an overdue answer of a mailserver is still listened for, milliseconds. */
  lateAnswerMs: 60_000,
  /** How long a link waits for slow readers of deliveries before it goes on and the oldest are dropped, milliseconds. */
  slowReaderMs: 5000,
  /** Items of a request payload, topics included. */
  requestItems: 4096,
  /** Mailserver requests whose answer is still expected, or would be reported as late. */
  openRequests: 256
})
