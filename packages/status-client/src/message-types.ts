import type { AudioFormat, Emoji, ImageFormat, TransactionState } from '@status-stack/interface'
import type { ChatRef, MessageId, PublicKey, ShownProtection } from './types.ts'

export type { Emoji }

/** Where a message came from: this device, a peer just now, or the archive of a mailserver (its peer id). */
export type MessageSource = 'local' | 'live' | { readonly mailserver: string }

/** The format of an image that messages carry. */
export type ImageType = ImageFormat
/** The format of a sound that messages carry. */
export type AudioType = AudioFormat

/** What `send` takes. The variant is determined by which field is present. */
export type OutgoingContent =
  | {
      readonly text: string
      readonly replyTo?: MessageId | undefined
      readonly style?: 'plain' | 'status' | 'emoji' | undefined
    }
  | { readonly image: Uint8Array; readonly text?: string | undefined; readonly replyTo?: MessageId | undefined }
  | {
      readonly audio: Uint8Array
      readonly durationMs: number
      readonly text?: string | undefined
      readonly replyTo?: MessageId | undefined
    }
  | { readonly sticker: { readonly hash: string; readonly pack: number }; readonly text?: string | undefined }

/** What a stored message holds. `unsupported` keeps a content type of a later release readable by later code. */
export type MessageContent =
  | { readonly kind: 'text'; readonly style: 'plain' | 'status' | 'emoji' }
  | { readonly kind: 'image'; readonly type: ImageType; readonly bytes: Uint8Array }
  | { readonly kind: 'audio'; readonly type: AudioType; readonly bytes: Uint8Array; readonly durationMs: number }
  | { readonly kind: 'sticker'; readonly hash: string; readonly pack: number }
  | { readonly kind: 'system'; readonly event: string }
  /** A request or payment of money, as far as it has come: a later message about it replaces this one. */
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'unsupported'; readonly contentType: number }

/**
 * How far a transaction between two people has come. `address-…`: one person wants to send and asks where to; `requested`, `declined`:
 * one person wants to be sent something. `pending`: paid, as the payer says. No chain is asked here, so nothing becomes `sent` by
 * itself.
 */
export type CommandState = TransactionState

/** A transaction between two people. The fields are what the messages said: nothing was compared with a chain. */
export interface Command {
  /** Message id of the message that began it; answers name it. */
  readonly id: MessageId
  /** As far as the messages have come. */
  readonly state: CommandState
  /** Who sent that first message. */
  readonly startedBy: PublicKey
  /** Decimal amount; empty for a payment that was not asked for. */
  readonly value: string
  /** The token's contract; empty for ether. */
  readonly contract: string
  /** Where to; empty as long as it is not known. */
  readonly address: string
  /** As the payer gave it; empty before. */
  readonly transactionHash: string
  /** `0x` and 40 hex digits: the wallet that signed payer and hash. Absent when there is no payment, or its signature is none. */
  readonly wallet?: string | undefined
}

/** What `sendCommand` takes. `id` is `Command.id` of the transaction that is answered. */
export type OutgoingCommand =
  /** "Where may I send this to?" */
  | { readonly kind: 'request-address'; readonly value: string; readonly contract: string }
  | { readonly kind: 'accept-request-address'; readonly id: MessageId; readonly address: string }
  | { readonly kind: 'decline-request-address'; readonly id: MessageId }
  /** "Send me this." */
  | {
      readonly kind: 'request-transaction'
      readonly value: string
      readonly contract: string
      readonly address: string
    }
  | { readonly kind: 'decline-request-transaction'; readonly id: MessageId }
  /** "I have sent it"; an empty `id` when it was not asked for. The wallet signs our public key and the hash as a personal message. */
  | {
      readonly kind: 'send-transaction'
      readonly id: MessageId
      readonly transactionHash: string
      readonly signature: Uint8Array
    }

/** Who pinned a message, and when. */
export interface Pin {
  /** Who pinned it last. */
  readonly by: PublicKey
  /** Lamport clock of the pin, milliseconds: the latest pin of a chat stands first. */
  readonly clock: number
}

/** An emoji that somebody put on a message. */
export interface Reaction {
  /** One of the six of the protocol. */
  readonly emoji: Emoji
  /** Who put it there. */
  readonly author: PublicKey
}

/** One message as it is stored and shown. */
export interface Message {
  /** The same on every device of everybody. */
  readonly messageId: MessageId
  /** Where it is shown. */
  readonly chat: ChatRef
  /** Who signed it. */
  readonly author: PublicKey
  /** True for messages of our own identity, whichever of our devices wrote them. */
  readonly outgoing: boolean
  /** At most 4096 UTF-8 bytes; empty where there is none. Chosen by its author: nothing in it is safe to render as markup. */
  readonly text: string
  /** What it holds besides its text. */
  readonly content: MessageContent
  /** The message that it answers, which need not be stored here. */
  readonly replyTo?: MessageId | undefined
  /** Lamport clock with a time bid, milliseconds; orders the chat. */
  readonly clock: number
  /** The author's own time, milliseconds; shown, never used for ordering. */
  readonly timestampMs: number
  /** When this device stored it, milliseconds. */
  readonly storedMs: number
  /** Received: the weakest that a copy came with. Sent: the weakest under which it has left for people other than ourselves. */
  readonly protection: ShownProtection
  /** How this copy came. */
  readonly source: MessageSource
  /** The author's device, when the sealed bytes named it. */
  readonly device?: string | undefined
  /** Marked by the user, through `markSeen`; always true of our own. */
  readonly seen: boolean
  /** Identities named as `@0x04…` in the text. */
  readonly mentions: readonly PublicKey[]
  /** When the newest edit was sent, Unix milliseconds; absent while it was never edited. */
  readonly editedMs?: number | undefined
  /** Its author deleted it for everybody: text and content are gone. */
  readonly deleted: boolean
  /** Each person's, one for each emoji. */
  readonly reactions: readonly Reaction[]
  /** Who pinned it to the top of the chat, for everybody in it. */
  readonly pinned?: Pin | undefined
  /**
   * True when it was written more than two minutes before the envelope that brought it was sent (or, for a live one, before it
   * came): kept back by its author's device until we could be reached, or repeated by a person who recorded it.
   */
  readonly old?: boolean | undefined
  /** The message that this one stands for from now on: an earlier state of the same transaction, which is no longer there. */
  readonly replaces?: MessageId | undefined
}

/** A message that was taken: stored, and on its way. */
export interface SendResult {
  /** Names it in the ledger and in `delivery`. */
  readonly messageId: MessageId
  /** The Lamport clock that it was given, milliseconds. */
  readonly clock: number
  /** What it is expected to leave with; each leg of the ledger says what it did leave with. */
  readonly protection: ShownProtection
}

/** How a message is sent; all optional. */
export interface SendOptions {
  /** Ends the call before the message is stored; afterwards `cancel` gives it up. */
  readonly signal?: AbortSignal | undefined
  /** The caller's own id for this message: a repeated call with the same tag sends nothing and answers the first result. At most 64 characters. */
  readonly clientTag?: string | undefined
}
