import type { Random } from '../ports.ts'
import type { Chat } from './chat.ts'
import type { AudioFormat, Content, ImageFormat, TransactionContent } from './content.ts'
import type { Group, GroupEvent, GroupMerge, SystemMessage } from './group.ts'
import type { Admitted, Known, KnownChat } from './known.ts'
import type { Accepted, Outgoing, OutgoingContext, ReceiveContext } from './message.ts'
import type { Contact, ContactEvent, PublicKey, Quota } from './state.ts'

/** Why a message is not shown. */
export interface Refused<Reason extends string = string> {
  /** Tells it from `accepted` and `admitted`. */
  readonly kind: 'refused'
  /** A code of the layer's own closed list; for logs and for telling people, never content. */
  readonly reason: Reason
  /**
   * False: time, the user or more room may lift it. Do not acknowledge the message as handled, so that it comes again and
   * is checked anew.
   */
  readonly final: boolean
  /**
   * Ordinary traffic: our own messages that a public chat sends back, copies, retries, what was overtaken by something newer.
   * Nothing to report to people.
   */
  readonly expected?: true
}

/** Bounds of the layer that a messenger has to keep to. Bytes and counts; times in ms. */
export interface DataLimits {
  /** A picture in a message. */
  readonly imageBytes: number
  /** A sound in a message. */
  readonly audioBytes: number
  /** The picture of a person, as a text: readers leave a larger one out. */
  readonly pictureBytes: number
  /** A name, such as the one that a person claims: readers refuse what has a longer one. */
  readonly nameBytes: number
  /** Members of one group. */
  readonly groupMembers: number
  /** How far the clock of a message may be behind the time it came before it counts as old, ms. */
  readonly oldAfterMs: number
  /** Reactions, pins, edits and deletions that are kept of one message. */
  readonly annotationsPerMessage: number
  /** The same kept in one chat for messages that have not come; and of these, of one person. */
  readonly earlyAnnotations: number
  /** Of `earlyAnnotations`, those of one person. */
  readonly earlyAnnotationsPerAuthor: number
  /** Messages pinned in one chat. */
  readonly pins: number
}

/** Groups as signed events, and what those make of a group. Pure, but for the randomness of a new id. */
export interface GroupRules {
  /** An id that means a group of `creator` and of no one else. */
  readonly createId: (creator: PublicKey, random: Random) => string
  /** Stored events, opened; those that are none are left out. */
  readonly open: (id: string, stored: readonly Uint8Array[]) => readonly GroupEvent[]
  /** The same for lists whose signatures take long to verify: others run in between. */
  readonly openSliced: (id: string, stored: readonly Uint8Array[]) => Promise<readonly GroupEvent[]>
  /** Unites stored events with received ones. The order of arrival makes no difference; one invalid event spoils no other. Others run in between. */
  readonly merge: (
    id: string,
    stored: readonly GroupEvent[],
    received: readonly GroupEvent[],
    now: { readonly self: PublicKey; readonly nowMs: number }
  ) => Promise<GroupMerge>
  /**
   * What stored events make now, and which of them count: without those of ours that carry a clock that no reader accepts.
   */
  readonly reduce: (
    id: string,
    stored: readonly GroupEvent[],
    now: { readonly self: PublicKey; readonly nowMs: number }
  ) => { readonly state: Group; readonly accepted: readonly GroupEvent[] }
  /** The same for long histories: others run in between. */
  readonly reduceSliced: (
    id: string,
    stored: readonly GroupEvent[],
    now: { readonly self: PublicKey; readonly nowMs: number }
  ) => Promise<{ readonly state: Group; readonly accepted: readonly GroupEvent[] }>
  /** The line in the chat for each event, in order; an event that comes twice has one line. */
  readonly lines: (events: readonly GroupEvent[]) => readonly SystemMessage[]
}

/** What is kept of people. */
export interface ContactRules {
  /** The record of a person about whom nothing is known. */
  readonly unknown: Contact
  /** The record after an event; the same object when nothing changed. */
  readonly next: (contact: Contact, event: ContactEvent) => Contact
}

/** Lamport clocks of chats, ms. */
export interface ClockRules {
  /** Whether a clock can come from a message that was accepted before `nowMs`. */
  readonly isPossible: (clock: number, nowMs: number) => boolean
  /** The clock up to which a chat counts as deleted when everything in it is deleted now. */
  readonly deletion: (lastClock: number, nowMs: number) => number
  /** Whether what has this clock was deleted with the chat's messages, by the user or by our own clean-up. */
  readonly isRemoved: (
    clock: number,
    chat: Pick<KnownChat, 'deletedAtClock' | 'trimmedAtClock'>,
    nowMs: number
  ) => boolean
}

/**
 * The data layer: what a message means, whom it is for, and what it may change of what is stored. It holds nothing and waits for
 * nothing: bytes and facts go in, decisions come out, and the messenger stores them. No layer below sees any of its types.
 */
export interface DataLayer {
  /**
   * A message: its bytes, its id, whom it is for, and what we keep of it. The same arguments give the same bytes; make it once and hand
   * the same bytes to every recipient and every retry.
   * @throws StackError origin `caller`, for what readers would refuse; `details.reason` says why
   */
  readonly outgoing: (chat: Chat, content: Content, context: OutgoingContext) => Outgoing
  /**
   * Opens received bytes and checks everything that needs no stored state. Never throws because of the bytes; lets others run where
   * the bytes demand long work. A refusal that is not final comes again, and is checked anew.
   */
  readonly decode: (bytes: Uint8Array, seen: ReceiveContext) => Promise<Accepted | Refused>
  /** Judges an accepted message by what is stored about the things it touches, and answers what to store. */
  readonly admit: (accepted: Accepted, known: Known) => Admitted | Refused
  /** Groups as histories of signed events. */
  readonly groups: GroupRules
  /** How the records of people change. */
  readonly contacts: ContactRules
  /** What clocks of messages may be, and what they say about deletions. */
  readonly clocks: ClockRules
  /** Takes one message from a sender's account, at the rate of such a person; `undefined` when it is empty. */
  readonly spendQuota: (quota: Quota | undefined, nowMs: number, contact: Contact) => Quota | undefined
  /** The people named in a text, each once, in order. */
  readonly mentionedKeys: (text: string) => readonly PublicKey[]
  /** The format of an attachment by its first bytes. */
  readonly sniffImage: (bytes: Uint8Array) => ImageFormat | undefined
  /** The same of a sound. */
  readonly sniffAudio: (bytes: Uint8Array) => AudioFormat | undefined
  /** Whose wallet signed that `author` paid; `undefined` when the signature is none. */
  readonly paymentSigner: (
    author: PublicKey,
    payment: Extract<TransactionContent, { kind: 'send-transaction' }>
  ) => PublicKey | undefined
  /** Bounds that the messenger has to keep to as well. */
  readonly limits: DataLimits
}
