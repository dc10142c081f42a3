import type { AudioFormat, Emoji, ImageFormat, TransactionState } from '@status-stack/interface'

export type { Emoji }

/** A Status identity: 65 bytes, 0x04‖X‖Y. */
export type PublicKey = Uint8Array

/** `0x` and 64 hex digits: keccak256(author ‖ wrapper), the same on every device and for every recipient. SPEC: 6/PAYLOADS. */
export type MessageId = string

/** Which conversation. A group's `id` is `<uuid>-0x<creator's key>`. */
export type ChatRef =
  | { readonly kind: 'one-to-one'; readonly publicKey: PublicKey }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'group'; readonly id: string }

/** What was observed, as people see it: the bytes' own protection times the transport's guarantee (ARCHITECTURE.md, "Protection"). */
export type ShownProtection = 'forward-secret' | 'static-key' | 'transport-only' | 'public'

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

/** How a search is narrowed and ended. */
export interface SearchQuery {
  /** Only messages that sort before this one. */
  readonly before?: MessageId | undefined
  /** Ends it between two messages: nothing more is read, and what was found since the last step is given. */
  readonly signal?: AbortSignal | undefined
}

/** A part of a search. */
export interface SearchStep {
  /** Messages that were read since the step before. */
  readonly read: number
  /** Those of them that fit, newest first. */
  readonly messages: readonly Message[]
  /** The last one that was read: with it as `before` a later search goes on here. */
  readonly upTo: MessageId
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

/** A member of a group. */
export interface GroupMember {
  /** Who it is. */
  readonly publicKey: PublicKey
  /** May add, remove and rename. */
  readonly admin: boolean
  /** Has confirmed, and may talk. */
  readonly joined: boolean
}

/** What is known of a group. */
export interface GroupInfo {
  /** As an admin gave it. */
  readonly name: string
  /** Everyone who was added and is still in, joined or not. */
  readonly members: readonly GroupMember[]
  /** We are a member and have confirmed it. */
  readonly joined: boolean
  /** We are a member at all; false after leaving or being removed. */
  readonly member: boolean
}

/** A conversation and what is known of it. */
export interface Chat {
  /** What methods take. */
  readonly chat: ChatRef
  /** Chat id of the protocol: `0x…` key, channel name or group id. */
  readonly id: string
  /** We listen there, and it is to be shown. */
  readonly active: boolean
  /** A first message of a person who is not a contact: shown apart until accepted. */
  readonly request: boolean
  /** Messages of others that were not marked as seen. */
  readonly unread: number
  /** Of these, the ones that name us. */
  readonly unreadMentions: number
  /** Lamport clock of the newest thing in it, milliseconds: orders a list of chats. */
  readonly lastClock: number
  /** The user wants no notice of what arrives here; it is counted all the same. On this device only. */
  readonly muted: boolean
  /** Of a group only. */
  readonly group?: GroupInfo | undefined
}

/** A person and how we stand to each other. */
export interface Contact {
  /** Who it is. */
  readonly publicKey: PublicKey
  /** We added them. */
  readonly added: boolean
  /** They added us. */
  readonly requestReceived: boolean
  /** Nothing of theirs is shown, and nothing can be sent to them alone; in groups they still get what all get. */
  readonly blocked: boolean
  /** What we call them, `''` for nothing. On this device only: no other person learns of it. */
  readonly name: string
  /** Claimed name; shown as theirs only when `ensVerified`. */
  readonly ensName: string
  /** A resolver confirmed that the name is this key's; never without `names`. */
  readonly ensVerified: boolean
  /** Data URI, chosen by them; empty for none. */
  readonly picture: string
  /** Least protection accepted and sent; see `PolicyLevel`. */
  readonly minimum: PolicyLevel
  /** `off` sends to this contact without pfs: transport encryption only. */
  readonly pfs: 'on' | 'off'
  /** Numbers both people can read to each other; equal on both sides. */
  readonly safetyText: string
}

/**
 * Least protection for a person. `auto`: sends static-key or better, and accepts nothing weaker than the strongest seen from
 * that device. `any`: whatever reaches the addressee only, downgrades included.
 */
export type PolicyLevel = 'auto' | 'forward-secret' | 'static-key' | 'any'

/** A device of an identity, with the name that it has given itself. */
export interface DeviceInfo {
  /** The device's own name for itself. */
  readonly installationId: string
  /** Whether it is a device of our identity. */
  readonly own: boolean
  /** Gets copies: own devices once they are paired, those of others from the start. */
  readonly enabled: boolean
  /** Chosen on that device; empty while it was never told. Of our own devices only. */
  readonly name: string
  /** As that device says, such as `desktop`; empty while it was never told. */
  readonly deviceType: string
}

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

/** A peer that is connected now. */
export interface PeerInfo {
  /** 64 lower-case hex digits: Keccak-256 of the peer's node key. */
  readonly peerId: string
  /** IP address of the link; absent where the transport knows none. */
  readonly remoteAddress?: string | undefined
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

/** Facts, never content. `details` are numbers and short names. */
export interface TraceFact {
  /** Which layer acted; `route` and `whisper` are the privacy layer's, whatever it is. */
  readonly layer: 'data' | 'sync' | 'pfs' | 'route' | 'whisper' | 'store'
  /** On the way out, or in. */
  readonly direction: 'out' | 'in'
  /** One plain sentence: what the layer did. */
  readonly did: string
  /** Messages that it is about, as far as the layer knows them. */
  readonly messageIds: readonly MessageId[]
  /** What the layer was given. */
  readonly bytesIn: number
  /** What it made of it. */
  readonly bytesOut: number
  /** As the layer calls it; only where it decides about it. */
  readonly protection?: string | undefined
  /** How long it took. */
  readonly ms: number
}
