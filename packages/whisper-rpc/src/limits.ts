/** Bounds on one JSON text, checked before it is parsed. */
export interface JsonLimits {
  /** Containers inside one another: a criteria object in a batch has 5. */
  readonly maxDepth: number
  /** Values in all, counted by commas and brackets: a full batch of posts has 15 000. */
  readonly maxItems: number
}

/** `JSON.parse` takes a few milliseconds for this much, and seconds for five megabytes of brackets. */
export const jsonLimits: JsonLimits = Object.freeze({ maxDepth: 32, maxItems: 100_000 })

/** Bounds on what RPC clients can make the node hold or compute; each has a test that overruns it. */
export interface RpcLimits {
  /** Calls in one batch; a longer one is refused whole. */
  readonly maxBatch: number
  /** Key pairs, and as many symmetric keys; further ones are refused. */
  readonly maxKeys: number
  /** Filters for polling; further ones are refused. */
  readonly maxFilters: number
  /** Topics of one filter, subscription or history request; one with more is refused. */
  readonly maxTopics: number
  /** Topics of all filters and subscriptions, of one client at most as many as are free for others; further ones are refused. */
  readonly maxAllTopics: number
  /** Subscriptions of one connection; further ones are refused. */
  readonly maxSubscriptions: number
  /** Messages being sealed at a time, of one client at most as many as are free for others; further posts are refused. */
  readonly maxPosts: number
  /** Seconds of work that a post may ask for. */
  readonly maxPowSeconds: number
  /** Requests to mailservers that wait for their answer, shared in the same way; further ones are refused. */
  readonly maxRequests: number
  /** Further tries of one `shhext_requestMessagesSync`, whatever its `MaxRetries` says. */
  readonly maxRetries: number
  /** Mailservers kept by `shhext_updateMailservers`. */
  readonly maxMailservers: number
  /** Calls of one connection running at a time; the connection is not read meanwhile. */
  readonly maxCalls: number
  /** Containers inside one another in a JSON text; a deeper one is refused before it is parsed. */
  readonly maxDepth: number
  /** Values in a JSON text; one with more is refused before it is parsed. */
  readonly maxItems: number
}

/** The bounds of the API that hold unless the options say otherwise. */
export const defaultLimits: RpcLimits = {
  // As many as clients collect in a second; each is a turn of its own.
  maxBatch: 1000,
  // 320 kB each way; no known client holds more than a few dozen.
  maxKeys: 10_000,
  // Every filter is tried on every envelope of its topics.
  maxFilters: 1000,
  // Registering that many takes some milliseconds and two megabytes; a client has one filter for each chat.
  maxTopics: 4096,
  // Some 128 MB: as many filters with `maxTopics` as there may be would take two gigabytes, and as many subscriptions fifty.
  maxAllTopics: 262_144,
  // The same, and each of 256 connections may have them.
  maxSubscriptions: 100,
  // Each occupies a worker for up to maxPowSeconds.
  maxPosts: 16,
  // Ten minutes: far above what the network asks for.
  maxPowSeconds: 600,
  // Half of what a node follows: it would give up the oldest without an answer.
  maxRequests: 128,
  // status-go tries as often as it is told. Clients ask for a handful; a request that each mailserver refuses at once would else go on for ever.
  maxRetries: 32,
  maxMailservers: 100,
  // Enough to hide the latency of slow calls; each may hold a body.
  maxCalls: 32,
  ...jsonLimits
}

/** Bounds of the servers that no option lifts. */
export const serverLimits = Object.freeze({
  /**
   * How long an HTTP client that ended its direction may wait for its answer, milliseconds. Its end says "no more" or "gone", which
   * look alike: work for a client that is gone must not go on for the ten minutes that a post may ask for.
   */
  halfClosedMs: 5000,
  /** Bytes of notifications that wait until the id of their subscription was answered; further ones are dropped. */
  earlyBytes: 8 * 1024 * 1024,
  /** Notifications that wait so; an empty one costs memory too. */
  earlyMessages: 1024,
  /** Bytes of HTTP bodies that are held over all connections while they arrive; beyond it the one gets 503 that has held much for longest. */
  heldBodyBytes: 64 * 1024 * 1024,
  /**
   * Bytes of the texts of running calls, over all connections of a server: each waits for up to ten minutes with everything that came with it. Beyond
   * it the one is given up that has held much for longest: a request over HTTP gets 503, another connection is closed.
   */
  heldCallBytes: 64 * 1024 * 1024,
  /** What a running call counts for beside its text: its promises, its signal, its place in the lists. */
  callOverhead: 4096,
  /**
   * Bytes of answers and notifications that clients have not read, over all connections of a server: twice the largest there is, all that may wait
   * in filters, in hex. Beyond it the connection is closed that has held much for longest.
   */
  heldAnswerBytes: 320 * 1024 * 1024,
  /** What an answer counts for beside its body: its head and the objects around it. */
  answerOverhead: 1024,
  /** Bytes a second that an HTTP client has to read of an answer, on average: poor links have more. */
  answerBytesPerSecond: 128 * 1024
})
