/** An identity's public key: 65 bytes, 0x04‖X‖Y. */
export type PublicKey = Uint8Array

/** What we keep of one person. Times are Lamport clocks of their messages, ms. */
export interface Contact {
  /** We added them: their messages are no requests, and our profile is sent to them. */
  readonly added: boolean
  /** They added us. Never adds them. */
  readonly requestReceived: boolean
  /** The user wants nothing of them: their messages are refused. */
  readonly blocked: boolean
  /** Claimed; to be shown only when verified. */
  readonly ensName: string
  /** Whether a resolver confirmed that the name is this key's. */
  readonly ensVerified: boolean
  /** Clock of the newest message that claimed a name. */
  readonly ensClock: number
  /** Data URI, chosen by them; empty for none, or for one that was too large to be kept. */
  readonly picture: string
  /** Clock of the newest profile applied. */
  readonly profileClock: number
  /** When we last decided about them, here or on another device of ours. No clock of theirs counts for it. @default 0 */
  readonly decidedClock?: number
}

/** What can happen to a contact: by us, or by an effect of an accepted message. */
export type ContactEvent =
  /** `clock`: now. What another device of ours decided before that is overtaken. */
  | { readonly kind: 'added' | 'removed' | 'blocked' | 'unblocked'; readonly clock?: number }
  | {
      readonly kind: 'contact-updated'
      readonly ensName: string
      readonly picture: string
      readonly clock: number
    }
  | { readonly kind: 'contact-synced'; readonly ensName: string; readonly picture: string; readonly clock: number }
  | { readonly kind: 'ens-claimed'; readonly ensName: string; readonly clock: number }
  | { readonly kind: 'ens-checked'; readonly ensName: string; readonly verified: boolean }

/** A sender's account: how many messages they may still send before they have to wait. */
export interface Quota {
  /** Messages that they may still send at once; a fraction is one that is being regained. */
  readonly tokens: number
  /** When `tokens` was right, Unix ms. */
  readonly atMs: number
}

/** What is known about the requests that wait for an answer. */
export interface Requests {
  /** Whether this sender's request waits already. */
  readonly open: boolean
  /** Messages kept in this sender's request. */
  readonly messages: number
}

/** How far a transaction between two people has come. SPEC: status-go 0.56.10, command states 1 … 7. */
export type TransactionState =
  | 'address-requested'
  | 'address-declined'
  | 'address-accepted'
  | 'requested'
  | 'declined'
  | 'pending'
  | 'sent'

/** A transaction as the chat shows it; each later message replaces the line of the one before. */
export interface Transaction {
  /** Message id of the first message. */
  readonly id: string
  /** The 1:1 chat it is in. */
  readonly chatId: string
  /** Who began it. */
  readonly author: PublicKey
  /** How far it has come, by what the two have said; no chain was asked. */
  readonly state: TransactionState
  /** Decimal amount as the first message has it; empty for a payment that was not asked for. */
  readonly value: string
  /** Address of the token's contract; empty for ether. */
  readonly contract: string
  /** Where to pay to; empty until it is known. */
  readonly address: string
  /** As the payer gave it; empty before. */
  readonly transactionHash: string
}
