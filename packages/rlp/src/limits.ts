/** What one decoding may build; a caller that knows its shape passes tighter ones. */
export interface RlpLimits {
  /** Deepest nesting of lists; a bare string has depth 0. */
  readonly maxDepth: number
  /** Most items in all, lists and strings. */
  readonly maxItems: number
}

/** Enough for the largest packet of the stack (a Messages packet of 1 MiB), linear in the bytes in any case. */
export const defaultRlpLimits: RlpLimits = Object.freeze({ maxDepth: 8, maxItems: 1 << 20 })

/** Deepest nesting that is encoded; nothing on the network comes near, and the engine's call stack stays out of it. */
export const maxEncodeDepth = 1024
