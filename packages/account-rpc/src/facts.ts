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
  readonly publicKey: KeyHex
  /** `zQ3sh…` */
  readonly text: string
  readonly installationId: string
  /** Of the program that serves the account. */
  readonly version: string
  /** Mailservers that are asked for history. */
  readonly mailservers: number
}

/** A stored message. Its file comes with `attachment`. */
export type MessageFact = {
  readonly event: 'message'
  readonly messageId: string
  readonly chat: ChatJson
  readonly author: KeyHex
  readonly outgoing: boolean
  readonly kind: 'text' | 'image' | 'audio' | 'sticker' | 'system' | 'command' | 'unsupported'
  readonly text: string
  readonly clock: number
  readonly protection: ShownProtection
  readonly source: MessageSource
  /** The author's own time, milliseconds. */
  readonly timestampMs: number
  readonly seen: boolean
  readonly deleted: boolean
  /** People named in the text. */
  readonly mentions: readonly KeyHex[]
  readonly reactions: readonly { readonly emoji: Emoji; readonly author: KeyHex }[]
  readonly editedMs?: number
  readonly replyTo?: string
  /** Written well before it was sent. */
  readonly old?: true
  readonly attachment?: {
    readonly kind: 'image' | 'audio'
    readonly type: string
    readonly bytes: number
    readonly durationMs?: number
  }
  readonly sticker?: { readonly hash: string; readonly pack: number }
}

/** A message that was stored and queued; `delivery` facts and the ledger say when it is posted and confirmed. */
export type SentFact = {
  readonly event: 'sent'
  /** `queued`: it waits here, and nothing is known yet of its having left. */
  readonly state: 'queued'
  readonly messageId: string
  readonly clock: number
  readonly protection: ShownProtection
}

/** A change of a message that is on its way; `change` is the id of what was sent for it. */
export type ChangedFact = {
  readonly event: 'reacted' | 'edited' | 'deleted'
  readonly messageId: string
  readonly change: string
  readonly protection: ShownProtection
  readonly emoji?: Emoji
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
  readonly messageId: string
  readonly kind: 'image' | 'audio'
  readonly type: string
  readonly bytes: number
  readonly base64: string
}

/** A conversation with its counters. */
export type ChatFact = {
  readonly event: 'chat' | 'group'
  readonly chat: ChatJson
  readonly id: string
  readonly active: boolean
  readonly request: boolean
  readonly unread: number
  readonly unreadMentions: number
  /** Clock of the latest message: orders conversations. */
  readonly lastClock: number
  /** No notices of it are wanted. */
  readonly muted: boolean
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
  readonly publicKey: KeyHex
  readonly safetyText: string
}

/** A device of ours or of a contact. */
export type DeviceFact = { readonly event: 'device' } & Plain<DeviceInfo> & {
    readonly change?: ClientEvents['device']['change']
  }

/** A step of something that was sent. */
export type DeliveryFact = {
  readonly event: 'delivery'
  readonly messageId: string
  readonly chat: ChatJson
  readonly state: DeliveryState
  readonly recipient?: KeyHex
  readonly reason?: HeldReason
  readonly protection?: ShownProtection
  readonly by?: string
}

/** What became of one message, recipient by recipient. */
export type LedgerFact = {
  readonly event: 'ledger'
  readonly messageId: string
  readonly chat: ChatJson
  readonly queuedMs: number
  readonly complete: boolean
  readonly mark: DeliveryMark
  readonly legs: readonly (Omit<LedgerLeg, 'recipient'> & { readonly recipient?: KeyHex })[]
}

/** Something arrived and is not shown. */
export type RefusedFact = {
  readonly event: 'refused'
  readonly layer: ClientEvents['refused']['layer']
  readonly reason: string
  readonly final: boolean
  readonly expected: boolean
  readonly author?: KeyHex
}

/** A stored message was changed. */
export type ChangeFact = {
  readonly event: 'change'
  readonly change: ClientEvents['change']['change']
  readonly message: MessageFact
}

/** A peer came or went. */
export type PeerFact = {
  readonly event: 'peer'
  readonly state: 'connected' | 'disconnected'
  readonly peerId: string
  readonly address?: string
  readonly reason?: string
}

/** A request to a mailserver on its way. */
export type HistoryFact = {
  readonly event: 'history'
  readonly state: ClientEvents['history']['state']
  readonly mailserver: string
  readonly places: number
  readonly pages: number
  readonly envelopes: number
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly reason?: string
}

/** What a request to a mailserver brought. */
export type FetchedFact = { readonly mailserver: string; readonly pages: number; readonly envelopes: number }

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
