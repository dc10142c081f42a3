import type {
  ClientEvents,
  DeliveryState,
  Emoji,
  HeldReason,
  LedgerLeg,
  MessageSource,
  ShownProtection
} from '@status-stack/status-client'
import type { DeliveryMark } from './delivery-mark.ts'
import type { ChatJson, KeyHex } from './facts.ts'

/** A stored message. Its file comes with `attachment`. */
export type MessageFact = {
  readonly event: 'message'
  /** `0x` + 64 hex digits, the same on every device of everybody. */
  readonly messageId: string
  /** Where it is shown. */
  readonly chat: ChatJson
  /** Who signed it. */
  readonly author: KeyHex
  /** Written by this account, on any of its devices. */
  readonly outgoing: boolean
  /** What it holds besides its text; `unsupported` is of a later release. */
  readonly kind: 'text' | 'image' | 'audio' | 'sticker' | 'system' | 'command' | 'unsupported'
  /** As its author wrote it: not made safe for a terminal or a page. */
  readonly text: string
  /** Lamport clock, milliseconds: orders the conversation. */
  readonly clock: number
  /** The weakest that a copy of it came with, or left with. */
  readonly protection: ShownProtection
  /** From this device, from a peer just now, or out of the archive of a mailserver. */
  readonly source: MessageSource
  /** The author's own time, milliseconds. */
  readonly timestampMs: number
  /** Marked with `seen`; always true of our own. */
  readonly seen: boolean
  /** Its author deleted it for everybody: text and file are gone. */
  readonly deleted: boolean
  /** People named in the text. */
  readonly mentions: readonly KeyHex[]
  /** Each person's, one for each emoji. */
  readonly reactions: readonly { readonly emoji: Emoji; readonly author: KeyHex }[]
  /** When the newest edit was sent, Unix milliseconds; absent while it was never edited. */
  readonly editedMs?: number
  /** Id of the message that it answers, which need not be stored here. */
  readonly replyTo?: string
  /** Written well before it was sent. */
  readonly old?: true
  /** What is known of its file; the bytes come with the method `attachment`. */
  readonly attachment?: {
    readonly kind: 'image' | 'audio'
    readonly type: string
    readonly bytes: number
    readonly durationMs?: number
  }
  /** Hash and pack of a sticker. */
  readonly sticker?: { readonly hash: string; readonly pack: number }
}

/** A message that was stored and queued; `delivery` facts and the ledger say when it is posted and confirmed. */
export type SentFact = {
  readonly event: 'sent'
  /** `queued`: it waits here, and nothing is known yet of its having left. */
  readonly state: 'queued'
  /** Names it in the ledger and in `delivery`. */
  readonly messageId: string
  /** The Lamport clock that it was given, milliseconds. */
  readonly clock: number
  /** What it is expected to leave with. */
  readonly protection: ShownProtection
}

/** A change of a message that is on its way; `change` is the id of what was sent for it. */
export type ChangedFact = {
  /** What was done to it. */
  readonly event: 'reacted' | 'edited' | 'deleted'
  /** The message that is changed. */
  readonly messageId: string
  /** Id of what was sent for it: its own in the ledger and in `delivery`. */
  readonly change: string
  /** What it is expected to leave with. */
  readonly protection: ShownProtection
  /** Of `reacted`. */
  readonly emoji?: Emoji
  /** Of `reacted`: false when the reaction was taken back. */
  readonly on?: boolean
}

/** A part of a search. */
export type SearchFact = {
  /** Messages that were looked at. */
  readonly read: number
  /** Newest first. */
  readonly messages: readonly MessageFact[]
  /** As `before` of another search it goes on from there; `null` at the beginning of the conversation. */
  readonly upTo: string | null
}

/** A file inside a message. */
export type AttachmentFact = {
  /** The message that holds it. */
  readonly messageId: string
  /** A picture or a sound. */
  readonly kind: 'image' | 'audio'
  /** Format by its first bytes, such as `png` or `aac`. */
  readonly type: string
  /** Its length. */
  readonly bytes: number
  /** The file itself. */
  readonly base64: string
}

/** A step of something that was sent. */
export type DeliveryFact = {
  readonly event: 'delivery'
  /** The message that it is about; of a reaction or an edit its own id. */
  readonly messageId: string
  /** Where it was sent. */
  readonly chat: ChatJson
  /** What happened. */
  readonly state: DeliveryState
  /** For whom; absent for a public chat. */
  readonly recipient?: KeyHex
  /** Of `held`, `expired` and `given-up`: why. */
  readonly reason?: HeldReason
  /** The weakest under which it has left for this recipient so far. */
  readonly protection?: ShownProtection
  /** Peer, mailserver or device that the fact is about. */
  readonly by?: string
}

/** What became of one message, recipient by recipient. */
export type LedgerFact = {
  readonly event: 'ledger'
  /** The message that it is about. */
  readonly messageId: string
  /** Where it was sent. */
  readonly chat: ChatJson
  /** When it was taken, Unix milliseconds. */
  readonly queuedMs: number
  /** At least one device of every recipient has it; for a public chat: at least one peer took it. */
  readonly complete: boolean
  /** The whole in a sign and a few words. */
  readonly mark: DeliveryMark
  /** One for each recipient; a public chat has one. */
  readonly legs: readonly (Omit<LedgerLeg, 'recipient'> & { readonly recipient?: KeyHex })[]
}

/** Something arrived and is not shown. */
export type RefusedFact = {
  readonly event: 'refused'
  /** Where it was refused. */
  readonly layer: ClientEvents['refused']['layer']
  /** A code of that layer. */
  readonly reason: string
  /** False when it comes again and is checked anew. */
  readonly final: boolean
  /** Ordinary traffic, in which nothing is lost. */
  readonly expected: boolean
  /** The author the transport names; absent for unsigned envelopes. */
  readonly author?: KeyHex
}

/** A stored message was changed. */
export type ChangeFact = {
  readonly event: 'change'
  /** What was done to it. */
  readonly change: ClientEvents['change']['change']
  /** As it is now. */
  readonly message: MessageFact
}
