import type { ChatRef, MessageId, PublicKey, ShownProtection } from './types.ts'

/** Every fact the ledger learns about one message and one recipient. */
export type DeliveryState =
  | 'queued'
  | 'sealed'
  | 'posted'
  | 'confirmed'
  | 'archived'
  | 'acknowledged'
  | 'held'
  | 'retrying'
  | 'expired'
  | 'given-up'

/** Why a message is not on its way. */
export type HeldReason = 'offline' | 'policy' | 'nobody' | 'too-large' | 'age' | 'cancelled' | 'failed'

/** What became of one envelope of a message. */
export interface EnvelopeFact {
  /** 64 hex digits. */
  readonly hash: string
  /** End of its life, Unix seconds: peers forget it then. */
  readonly expiry: number
  /** Peer ids that had taken it when it was posted. */
  readonly sentTo: readonly string[]
  /** Peers that acknowledged the packet. */
  readonly confirmedBy: readonly string[]
  /** Mailservers known to hold the envelope. */
  readonly archivedBy: readonly string[]
}

/** What became of a message for one of its recipients. */
export interface LedgerLeg {
  /** The recipient; absent for a public chat. Our own key for copies to own devices. */
  readonly recipient?: PublicKey | undefined
  /** The latest that is known. */
  readonly state: DeliveryState
  /** Of `held`, `expired` and `given-up`: why. */
  readonly reason?: HeldReason | undefined
  /** How often it was sealed and posted for this recipient. */
  readonly attempts: number
  /** The weakest protection under which the message has left for this recipient, over all attempts; before, what it was held back with. */
  readonly protection?: ShownProtection | undefined
  /** Device whose acknowledgement ended the retries. "Received by a device", never "read". */
  readonly acknowledgedBy?: string | undefined
  /** The latest of them, at most `limits.envelopesPerLeg`. */
  readonly envelopes: readonly EnvelopeFact[]
}

/** What became of a message of ours, for each recipient. */
export interface LedgerEntry {
  /** The message that it is about. */
  readonly messageId: MessageId
  /** Where it was sent. */
  readonly chat: ChatRef
  /** When it was taken, Unix milliseconds. */
  readonly queuedMs: number
  /** One for each recipient; a public chat has one. */
  readonly legs: readonly LedgerLeg[]
  /** Acknowledged by at least one device of every recipient; for a public chat: confirmed by at least one peer. */
  readonly complete: boolean
}
