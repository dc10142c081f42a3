/** An identity's public key: 65 bytes, 0x04‖X‖Y. */
export type PublicKey = Uint8Array

/** What we keep of one person. Times are Lamport clocks of their messages, ms. */
export interface Contact {
  /** We added them: their messages are no requests, and our profile is sent to them. */
  readonly added: boolean
  /** They added us. Never adds them. */
  readonly requestReceived: boolean
  readonly blocked: boolean
  /** Claimed; to be shown only when verified. */
  readonly ensName: string
  readonly ensVerified: boolean
  readonly ensClock: number
  readonly profileImage: string
  /** Clock of the newest profile applied. */
  readonly lastUpdated: number
}

/** What can happen to a contact: by us, or by an effect of an accepted message. */
export type ContactEvent =
  | { readonly kind: 'added' | 'removed' | 'blocked' | 'unblocked' }
  | {
      readonly kind: 'contact-updated'
      readonly ensName: string
      readonly profileImage: string
      readonly clock: number
    }
  | { readonly kind: 'contact-synced'; readonly ensName: string; readonly profileImage: string; readonly clock: number }
  | { readonly kind: 'ens-claimed'; readonly ensName: string; readonly clock: number }
  | { readonly kind: 'ens-checked'; readonly ensName: string; readonly verified: boolean }

/** A sender's account: how many messages they may still send before they have to wait. */
export interface Quota {
  readonly tokens: number
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
  readonly state: TransactionState
  readonly value: string
  readonly contract: string
  readonly address: string
  readonly transactionHash: string
}
