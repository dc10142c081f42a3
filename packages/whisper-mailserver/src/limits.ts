/** Bounds that no option lifts; each has a test that overruns it. Those with a choice are in the options. */
export const hardLimits = Object.freeze({
  /** Envelopes of one page. SPEC: 4/WHISPER-MAILSERVER. */
  maxQueryLimit: 1000,
  /** Bytes of an answer packet stay below this: every node takes 1 MiB. SPEC: status-go's MaxMessageSize. */
  maxBundleBytes: 1024 * 1024,
  /** Peers whose last request is remembered for the rate limit; beyond it the oldest is forgotten. */
  trackedPeers: 65_536,
  /** Seconds that a request in the binary form may span. SPEC: status-go. */
  maxBinaryRange: 24 * 3600,
  /** Envelopes that one put may hold; a larger batch is stored in parts. */
  putBatch: 1000,
  /** Bytes of an error text that is sent. */
  errorText: 256
})
