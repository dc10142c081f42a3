/** What every search takes besides its work. */
export interface SearchOptions {
  /** How long it may take. */
  readonly timeMs: number
  /** Ends the search; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Called now and then, at most about 20 times a second. */
  readonly onProgress?: ((progress: { readonly tries: number; readonly expected: number }) => void) | undefined
}

/** The best nonce of a timed search. */
export interface BestFound {
  /** uint64: the smallest of those that reach `bits`. */
  readonly nonce: bigint
  /** Leading zero bits that it reaches. */
  readonly bits: number
}

/** A cost that was measured on this machine, not guessed. */
export interface PowEstimate {
  /** Leading zero bits to reach. */
  readonly bits: number
  /** Average number of nonces until one is found: 2^bits. */
  readonly tries: number
  /** Nonces that this machine tries in a second, with all of its workers. */
  readonly triesPerSecond: number
  /** Average time, milliseconds; one search in twenty takes three times as long. */
  readonly averageMs: number
}

/** Finds proof-of-work nonces. */
export interface PowSearcher {
  /**
   * The smallest nonce, from 0 up, with at least `bits` leading zero bits, whatever the number of workers; `undefined`
   * when the time is over. @throws the signal's reason
   */
  readonly search: (prefix: Uint8Array, bits: number, options: SearchOptions) => Promise<bigint | undefined>
  /** The nonce with the most leading zero bits that the time allows, the smallest of equals. @throws the signal's reason */
  readonly best: (prefix: Uint8Array, options: SearchOptions) => Promise<BestFound>
  /** What an envelope costs: PoW target, `size` = 20 + data bytes, ttl in seconds. Measures the machine on first use. */
  readonly estimate: (target: number, size: number, ttlSeconds: number) => Promise<PowEstimate>
  /** Ends what is being searched and the workers. Idempotent. */
  readonly stop: () => Promise<void>
}
