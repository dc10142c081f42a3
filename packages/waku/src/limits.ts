/** Bounds that no option lifts. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** Topics of one topic interest, repeats counted. SPEC: status-go's MaxTopicInterest; 6/WAKU1 says the same. */
  topicInterest: 10_000,
  /**
   * Options of one Status or Status update. Seven are known; the rest is room for later versions, and a list of a megabyte of tiny options
   * is none.
   */
  options: 64,
  /** Bytes of a Status, to which the size limit of the protocol does not apply: twenty times the longest that says something. */
  statusBytes: 1024 * 1024,
  /** Bytes of envelopes that wait for one side of a bridge, each counted with `bridgeEntryBytes`; what comes beyond it stays on its side. */
  bridgeBytes: 16 * 1024 * 1024,
  /** What a waiting envelope holds beside its bytes. */
  bridgeEntryBytes: 64
})
