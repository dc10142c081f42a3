/** Bounds on what RPC clients can make the node hold or compute; each has a test that overruns it. */
export interface RpcLimits {
  /** Calls in one batch; a longer one is refused whole. */
  readonly maxBatch: number
  /** Key pairs, and as many symmetric keys; further ones are refused. */
  readonly maxKeys: number
  /** Filters for polling; further ones are refused. */
  readonly maxFilters: number
  /** Subscriptions of one connection; further ones are refused. */
  readonly maxSubscriptions: number
  /** Messages being sealed at a time; further posts are refused. */
  readonly maxPosts: number
  /** Seconds of work that a post may ask for. */
  readonly maxPowSeconds: number
  /** Mailservers kept by `shhext_updateMailservers`. */
  readonly maxMailservers: number
  /** Calls of one connection running at a time; the connection is not read meanwhile. */
  readonly maxCalls: number
}

export const defaultLimits: RpcLimits = {
  maxBatch: 1000,
  maxKeys: 10_000,
  maxFilters: 1000,
  maxSubscriptions: 100,
  maxPosts: 16,
  maxPowSeconds: 600,
  maxMailservers: 100,
  maxCalls: 32
}
