import type { DeliveryState, EnvelopeFact, HeldReason } from '../ledger-types.ts'
import type { MessageContent, MessageSource } from '../message-types.ts'
import type { ChatRef, MessageId, PolicyLevel, PublicKey, ShownProtection } from '../types.ts'

/** What lies in the store; the public shapes of `types.ts` are views of these. */

export interface SelfRecord {
  readonly installationId: string
  readonly createdMs: number
  readonly ensName: string
  readonly picture: string
  readonly profileClock: number
  /** Others are still to be told of the profile; absent otherwise. */
  readonly profileUntold?: boolean
  /** What this device was paired as. */
  readonly deviceName: string
  readonly deviceType: string
}

/** When daily work was last finished, so that restarts do not postpone it. */
export interface MaintenanceRecord {
  readonly tidiedMs: number
}

export interface ChatRecord {
  readonly chat: ChatRef
  readonly active: boolean
  readonly request: boolean
  readonly lastClock: number
  /** The user deleted everything up to this clock: what comes with it or an earlier one is refused for good (P-13). */
  readonly deletedAtClock: number
  /** The latest message that our own clean-up deleted: what comes with this clock or an earlier one is not stored now. */
  readonly trimmedAtClock?: number
  readonly unread: number
  readonly unreadMentions: number
  /** When the user left it, ms: what another device of ours said of it before that is overtaken. Of a public chat; absent while it is open. */
  readonly leftMs?: number
  /** The user wants no notices of it. Absent otherwise. */
  readonly muted?: true
  /** Clock of the earliest unseen message; 0 when there is none. */
  readonly unseenFrom: number
  /** Messages stored. */
  readonly count: number
  /** Signed events of a group, in wire form. */
  readonly events?: readonly Uint8Array[]
  /** A group that we are in by this person's doing alone: absent once we have joined. */
  readonly invitedBy?: PublicKey
  /** When a request or an invitation came, ms: the oldest makes room. */
  readonly openedMs?: number
}

export interface ContactRecord {
  readonly publicKey: PublicKey
  readonly added: boolean
  readonly requestReceived: boolean
  readonly blocked: boolean
  readonly ensName: string
  readonly ensClock: number
  readonly ensVerified: boolean
  readonly picture: string
  readonly profileClock: number
  /** When we last added, removed, blocked or unblocked them, on whichever device; absent in records of earlier releases. */
  readonly decidedClock?: number
  /** When their last update came, ms, by our clock: of those we never added the oldest makes room. */
  readonly seenMs?: number
  /** What we call them; absent for nothing. */
  readonly name?: string
  /** They are blocked, and what they wrote is still to be deleted; absent otherwise. */
  readonly purging?: true
  /** `undefined`: the client's own. */
  readonly minimum?: PolicyLevel
  readonly pfs?: 'on' | 'off'
}

/** A message without what is kept beside it (attachment, reactions). */
export interface MessageRecord {
  readonly messageId: MessageId
  readonly chat: ChatRef
  readonly author: PublicKey
  readonly outgoing: boolean
  readonly text: string
  readonly content: Exclude<MessageContent, { bytes: Uint8Array }> | StoredAttachment
  readonly replyTo?: MessageId
  readonly clock: number
  readonly timestampMs: number
  readonly storedMs: number
  readonly protection: ShownProtection
  readonly source: MessageSource
  readonly device?: string
  readonly seen: boolean
  readonly mentions: readonly PublicKey[]
  readonly editedMs?: number
  readonly editClock?: number
  readonly replaces?: MessageId
  readonly deleted: boolean
  /** Its clock is more than the data layer's `limits.oldAfterMs` behind the envelope it came in. */
  readonly old?: boolean
}

export type StoredAttachment =
  | { readonly kind: 'image'; readonly type: 'png' | 'jpeg' | 'webp' | 'gif' }
  | { readonly kind: 'audio'; readonly type: 'aac' | 'amr'; readonly durationMs: number }

/** A reaction, a pin, or an edit or deletion that came before its message. */
export interface NoteRecord {
  readonly kind: 'reaction' | 'edit' | 'delete' | 'pin'
  readonly author: PublicKey
  readonly clock: number
  readonly atMs: number
  readonly emoji?: string
  /** A reaction taken back, a pin taken off. */
  readonly retracted?: boolean
  readonly text?: string
}

/** That a note waits for its message. */
export interface EarlyRecord {
  /** Key of the note; of an entry that an earlier release made it is not known. */
  readonly note?: string
  /** When it was stored, ms, by our clock: the oldest makes room. Absent in entries of earlier releases. */
  readonly storedMs?: number
}

export interface LegRecord {
  readonly recipient?: PublicKey
  readonly state: DeliveryState
  readonly reason?: HeldReason
  readonly attempts: number
  /** The weakest under which it has left. */
  readonly protection?: ShownProtection
  /** It was sealed so and may have left: whether the post succeeded is not noted yet. */
  readonly sealed?: ShownProtection
  /** What it could have been sent with when the policy held it back. */
  readonly held?: ShownProtection
  readonly acknowledgedBy?: string
  readonly envelopes: readonly EnvelopeFact[]
}

export interface LedgerRecord {
  readonly messageId: MessageId
  readonly chat: ChatRef
  readonly queuedMs: number
  readonly legs: readonly LegRecord[]
}

/** The recipients who still need the bytes of a message on its way. */
export interface WaitingRecord {
  readonly peers: readonly PublicKey[]
}

/** A message on its way from the client's store to sync or to the transport; gone once it was handed over. */
export interface OutboxRecord {
  readonly messageId: MessageId
  readonly chat: ChatRef
  /** Of an entry that a release before schema 4 made; since then the bytes are a record of their own. */
  readonly bytes?: Uint8Array
  readonly queuedMs: number
  readonly via:
    | { readonly kind: 'sync'; readonly peers: readonly PublicKey[] }
    | {
        readonly kind: 'once'
        readonly audiences: readonly AudienceRecord[]
        readonly attempts: number
        readonly nextMs: number
      }
}

export type AudienceRecord =
  | { readonly kind: 'identity'; readonly publicKey: PublicKey; readonly reach: 'known-devices' | 'any-device' }
  | { readonly kind: 'own-devices'; readonly reach: 'known-devices' | 'any-device' }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'contact-code'; readonly owner: Uint8Array }

export interface DeviceRecord {
  readonly installationId: string
  readonly name: string
  readonly deviceType: string
  readonly clock: number
}

/** Under the id of each message about a transaction. */
export interface CommandRecord {
  /** Id of the first message. */
  readonly first: MessageId
  /** Under the first id only: the message that shows how far it has come. */
  readonly line?: MessageId
}

/** What was fetched of one place: everything from `fromSeconds` to `toSeconds`. */
export interface HistoryRecord {
  readonly place: string
  readonly fromSeconds: number
  readonly toSeconds: number
}
