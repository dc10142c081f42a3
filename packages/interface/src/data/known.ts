import type { Group } from './group.ts'
import type { Contact, PublicKey, Quota, Requests, Transaction } from './state.ts'

/** What is stored about the chat of a message. */
export interface KnownChat {
  /** Whether it is open: neither left nor deleted by the user. */
  readonly active: boolean
  /** The user deleted what has this clock or a lower one; see `clocks.deletion`. */
  readonly deletedAtClock: number
  /** Our own clean-up removed what has this clock or a lower one, to keep the chat within bounds. @default 0 */
  readonly trimmedAtClock?: number | undefined
  /** Whether we ever wrote there. */
  readonly answered?: boolean | undefined
}

/** What is stored about the message that another one edits, deletes, pins or reacts to. */
export interface KnownTarget {
  /** Who wrote it: only they may edit or delete it. */
  readonly author: PublicKey
  /** Its Lamport clock, ms. */
  readonly clock: number
  /** `chat.id` of the chat it is in. @default the one that the message names */
  readonly chatId?: string | undefined
  /** Its author has deleted it: an edit, a deletion or a pin of it is stale. */
  readonly deleted?: boolean | undefined
  /** A system line, which no person has written. */
  readonly system?: boolean | undefined
  /** Clock of the newest edit applied. @default 0 */
  readonly editClock?: number | undefined
}

/** How many annotations (reactions, pins, edits, deletions) are kept. */
export interface KnownAnnotations {
  /** Of the message that is named. */
  readonly ofTarget: number
  /** In this chat, for messages that have not come. */
  readonly early: number
  /** Of these, by this author. */
  readonly earlyByAuthor: number
  /** Messages pinned in this chat. */
  readonly pins: number
}

/** What is stored about the things that a message touches. Absent: nothing, or a rule that the caller does not want. */
export interface Known {
  /** Our own public key, 65 bytes. */
  readonly self: PublicKey
  /** Now, ms. Given: a deletion clock that no message can have reached is ignored, and quotas are counted. */
  readonly nowMs?: number | undefined
  /** Whether a message of this id is stored, or came earlier in the same batch. */
  readonly seen?: boolean | undefined
  /** The author's record. */
  readonly contact?: Contact | undefined
  /** The record of the person that a synced contact names. */
  readonly syncedContact?: Contact | undefined
  /** The chat of `accepted.chat`. */
  readonly chat?: KnownChat | undefined
  /** The group of `accepted.chat`, after the events that came along were merged. */
  readonly group?: Group | undefined
  /** Whether that merge changed what is stored: its `changed`. @default true */
  readonly groupChanged?: boolean | undefined
  /** Groups that people who are no contacts have put us in without our having joined: of everybody, and of this author. */
  readonly invitations?: { readonly waiting: number; readonly byAuthor: number } | undefined
  /** Clock of the stored reaction of this author to this message with this emoji. */
  readonly reactionClock?: number | undefined
  /** Clock of the stored pin, or early edit or deletion, of this author for the same message. */
  readonly annotationClock?: number | undefined
  /** The message that is edited, deleted, pinned or reacted to. */
  readonly target?: KnownTarget | undefined
  /** The counts that `limits` are compared with. */
  readonly annotations?: KnownAnnotations | undefined
  /** Whether the device that names itself is known from one of our own bundles. */
  readonly installationKnown?: boolean | undefined
  /** Clock of the name that is stored for it. */
  readonly deviceClock?: number | undefined
  /** Clock of our own profile as it is stored; a newer one of another device of ours takes its place. @default the profile stays as it is */
  readonly ownProfileClock?: number | undefined
  /** The transaction that the content names. */
  readonly transaction?: Transaction | undefined
  /** False: strangers' messages are shown like everyone's. @default true */
  readonly messageRequests?: boolean | undefined
  /** How far the request of this author has filled. */
  readonly requests?: Requests | undefined
  /** Requests that wait for an answer, of everybody. */
  readonly requestsWaiting?: number | undefined
  /** People of whom a record is kept though we have not added them. */
  readonly strangers?: number | undefined
  /**
   * The record of the person who sent it, where that is not its author: it counts against their quota, as anyone can hand on what others said
   * in public. @default the author sent it
   */
  readonly sender?: Contact | undefined
  /** The sender's quota as `admit` returned it last; spent only when `nowMs` is given and `counted` is not false. */
  readonly quota?: Quota | undefined
  /** Whether this message counts against its sender's quota. @default true; false for history, which no sender times */
  readonly counted?: boolean | undefined
}

/** A message to be stored, and what to store with it. */
export interface Admitted {
  /** Tells it from `refused`. */
  readonly kind: 'admitted'
  /** `request`: shown among the message requests. `message` in a 1:1 chat: it is no request, or none any more. */
  readonly as: 'message' | 'request'
  /** The oldest waiting request has to go. */
  readonly evictsRequest: boolean
  /** The oldest group that a stranger has put us in, and that we have not joined, has to go. */
  readonly evictsInvitation?: true
  /** The record of the stranger that was changed longest ago has to go. */
  readonly evictsStranger?: true
  /**
   * It waits for its message, and one that waits has to go: the oldest of this author (`author`), or the oldest of the author who has the most
   * of them in this chat (`chat`).
   */
  readonly evictsEarly?: 'author' | 'chat'
  /** The chat does not exist yet, or is closed: create or open it, shown or not. */
  readonly createsChat?: 'active' | 'inactive'
  /** The author's record as it is now; absent when it did not change. A refused message never has one. */
  readonly contact?: Contact
  /** The record of the person that a synced contact names, as it is now. */
  readonly syncedContact?: Contact
  /** Our own profile as another device of ours has it now: it takes the place of what is stored. */
  readonly ownProfile?: { readonly ensName: string; readonly picture: string; readonly clock: number }
  /** The transaction of which this message is the latest step, as it is now. */
  readonly transaction?: Transaction
  /** The sender's quota as it is now. */
  readonly quota?: Quota
}
