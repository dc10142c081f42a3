import type {
  ClientEvents,
  ClockReport,
  Contact,
  DeliveryState,
  DeviceInfo,
  Emoji,
  HeldReason,
  LedgerLeg,
  MessageSource,
  ShownProtection,
  SkewFact
} from '@status-stack/status-client'
import type { DeliveryMark } from './delivery-mark.ts'

/** One fact for a program: `event` names its kind. */
export type JsonEvent = { readonly event: string } & Readonly<Record<string, unknown>>

/** Within one format fields and events are added; none is renamed, removed or given another meaning. */
export const jsonFormat = 1

/**
 * The object as it leaves the program, with its format in front.
 *
 * @example
 * ```ts
 * console.log(JSON.stringify(versioned(fact)))
 * ```
 */
export function versioned(event: JsonEvent): JsonEvent {
  return { format: jsonFormat, ...event }
}

/** The same members as a plain object type. */
type Plain<T> = { readonly [K in keyof T]: T[K] }

/** A public key as `0x04…`: 65 bytes in hex. */
export type KeyHex = string

/** A conversation as JSON. */
export type ChatJson =
  | { readonly kind: 'one-to-one'; readonly publicKey: KeyHex }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'group'; readonly id: string }

/** Who this account is. */
export type IdentityFact = {
  readonly event: 'identity'
  /** The person's identity. */
  readonly publicKey: KeyHex
  /** `zQ3sh…` */
  readonly text: string
  /** This device's name for itself. */
  readonly installationId: string
  /** Of the program that serves the account. */
  readonly version: string
  /** Mailservers that are asked for history. */
  readonly mailservers: number
}

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

/** A conversation with its counters. */
export type ChatFact = {
  /** `group` where a method about groups answers it. */
  readonly event: 'chat' | 'group'
  /** What methods take. */
  readonly chat: ChatJson
  /** As the protocol names it: `0x…` key, name of the channel or id of the group. */
  readonly id: string
  /** We listen there, and it is to be shown. */
  readonly active: boolean
  /** The first message of a person who is no contact, not accepted yet. */
  readonly request: boolean
  /** Messages of others that were not marked as seen. */
  readonly unread: number
  /** Of these, the ones that name us. */
  readonly unreadMentions: number
  /** Clock of the latest message: orders conversations. */
  readonly lastClock: number
  /** No notices of it are wanted. */
  readonly muted: boolean
  /** Of a group only. */
  readonly group?: {
    readonly name: string
    readonly joined: boolean
    readonly member: boolean
    readonly members: readonly { readonly publicKey: KeyHex; readonly admin: boolean; readonly joined: boolean }[]
  }
}

/** A person, and our rules for them. */
export type ContactFact = { readonly event: 'contact'; readonly publicKey: KeyHex; readonly text: string } & Omit<
  Contact,
  'publicKey'
>

/** What two people compare to know that they have each other's key. */
export type VerificationFact = {
  readonly event: 'verification'
  /** The other person. */
  readonly publicKey: KeyHex
  /** Twelve groups of five digits, the same for both. */
  readonly safetyText: string
}

/** A device of ours or of a contact. */
export type DeviceFact = { readonly event: 'device' } & Plain<DeviceInfo> & {
    readonly change?: ClientEvents['device']['change']
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

/** A peer came or went. */
export type PeerFact = {
  readonly event: 'peer'
  /** Whether it came or went. */
  readonly state: 'connected' | 'disconnected'
  /** 64 lower-case hex digits. */
  readonly peerId: string
  /** IP address of the link, where it is known. */
  readonly address?: string
  /** Why it went: a code; absent for a goodbye. */
  readonly reason?: string
}

/** A request to a mailserver on its way. */
export type HistoryFact = {
  readonly event: 'history'
  /** `page`: one more has come; `done`: the range is complete; `failed`: it is asked for again later. */
  readonly state: ClientEvents['history']['state']
  /** Peer id of the one that is asked. */
  readonly mailserver: string
  /** Places that are asked about. */
  readonly places: number
  /** Pages so far. */
  readonly pages: number
  /** Envelopes so far that could be opened. */
  readonly envelopes: number
  /** Begin of the range, Unix seconds. */
  readonly fromSeconds: number
  /** End of the range, Unix seconds. */
  readonly toSeconds: number
  /** Why it failed: a code. */
  readonly reason?: string
}

/** What a request to a mailserver brought. */
export type FetchedFact = {
  /** Peer id of the one that answered. */
  readonly mailserver: string
  /** Pages that it sent. */
  readonly pages: number
  /** Envelopes that could be opened. */
  readonly envelopes: number
}

/** The clock of the machine seems to be wrong, or agrees again. */
export type ClockSkewFact = { readonly event: 'skew' } & Plain<SkewFact>

/** Something that people should know although nothing failed. */
export type NoticeFact = { readonly event: 'notice'; readonly chat: ChatJson } & (
  | { readonly kind: 'clock-fallback'; readonly lastClock: number; readonly clock: number }
  | { readonly kind: 'chat-evicted' }
)

/** What is known about the clock of the machine, and the chats whose clocks are ahead of it. */
export type ClockReportFact = Omit<ClockReport, 'chatsAhead'> & {
  readonly chatsAhead: readonly { readonly chat: ChatJson; readonly lastClock: number; readonly aheadMs: number }[]
}
