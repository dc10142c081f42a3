import type { Logger as StackLogger } from '@status-stack/interface'

export type { Clock, IdentityKey, Packet, PeerLink, Random, Scheduler } from '@status-stack/interface'

/** What this package logs with. Messages carry ids and sizes, never content or keys, at any level. */
export type Logger = Pick<StackLogger, 'debug' | 'warn' | 'error'>

/** An envelope as an archive stores it. */
export interface Archived {
  /** The envelope's RLP as received. */
  readonly bytes: Uint8Array
  /** 32 bytes: Keccak-256 of `bytes`. */
  readonly hash: Uint8Array
  /** 4 bytes. */
  readonly topic: Uint8Array
  /** expiry − ttl, Unix seconds. */
  readonly sentSeconds: number
  /** Unix seconds. */
  readonly expirySeconds: number
}

/** Where a mailserver keeps envelopes. */
export interface ArchivePort {
  /** Awaited before the confirmation packets 12 and 11 are sent; a rejection is logged and does not stop the relay. */
  readonly accept: (envelopes: readonly Archived[]) => Promise<void>
}
