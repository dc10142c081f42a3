/**
 * An identity that signs and agrees on secrets without handing out its private key: it may live in memory, in a keystore or
 * in a device. SPEC: 2/ACCOUNT.
 */
export interface IdentityKey {
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
  /** 32-byte digest in, 65 bytes r‖s‖v out, v 0 or 1. */
  readonly sign: (digest: Uint8Array) => Uint8Array
  /** 65-byte public key in, 32 bytes out: the X coordinate of the shared point, left-padded. */
  readonly ecdhX: (publicKey: Uint8Array) => Uint8Array
}

/** Wall-clock time. Injected, so that recorded exchanges replay and simulations choose their own time. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number
}

/** Cryptographically secure random bytes. Injected, so that every recorded byte can be reproduced. */
export interface Random {
  /** A fresh array of `length` bytes. */
  readonly bytes: (length: number) => Uint8Array
}

/** Timers, apart from {@link Clock}, so that a virtual clock can drive a whole network. */
export interface Scheduler {
  /** Runs `callback` once after `ms` milliseconds; returns its cancellation. Must not keep a process alive. */
  readonly after: (ms: number, callback: () => void) => () => void
}

/** Numbers and short identifiers of a log line. */
export type LogFacts = Readonly<Record<string, string | number>>

/** Where log lines go. Messages show ids and sizes, never content or keys, at any level. */
export interface Logger {
  /** For those who look into one thing. */
  readonly debug: (message: string, facts?: LogFacts) => void
  /** What a person who runs the program wants to know. */
  readonly info: (message: string, facts?: LogFacts) => void
  /** A peer or the environment misbehaved. */
  readonly warn: (message: string, facts?: LogFacts) => void
  /** A defect of our own. */
  readonly error: (message: string, facts?: LogFacts) => void
}
