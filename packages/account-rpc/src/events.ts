import type {
  ChatFact,
  ClockSkewFact,
  ContactFact,
  DeviceFact,
  HistoryFact,
  NoticeFact,
  PeerFact,
  ProfileFact
} from './facts.ts'
import type { ChangeFact, DeliveryFact, MessageFact, RefusedFact } from './message-facts.ts'

/** Name of an event → what its handlers get. */
export interface EventFacts {
  /** A message was stored. */
  readonly message: MessageFact
  /** A stored message was changed. */
  readonly change: ChangeFact
  /** Something became of what was sent. */
  readonly delivery: DeliveryFact
  /** Something arrived and is not shown. */
  readonly refused: RefusedFact
  /** A conversation appeared or changed. */
  readonly chat: ChatFact
  /** A person appeared or changed. */
  readonly contact: ContactFact
  /** Our own name or picture is another. */
  readonly profile: ProfileFact
  /** A device was found, named, enabled or disabled. */
  readonly device: DeviceFact
  /** A peer came or went. */
  readonly peer: PeerFact
  /** A request to a mailserver went on or ended. */
  readonly history: HistoryFact
  /** The clock of the machine seems to be wrong, or agrees again. */
  readonly skew: ClockSkewFact
  /** Something that people should know although nothing failed. */
  readonly notice: NoticeFact
}

/** What a program may subscribe to. */
export type EventName = keyof EventFacts

/** When each event comes: the table of the documentation is made from it. */
export const events: { readonly [Name in EventName]: string } = {
  message: 'a message was stored: received, or written here or on another device (`outgoing`)',
  change:
    'a stored message was edited, deleted or reacted to: `change` (`edited`, `deleted`, `reaction`) and the whole `message`',
  delivery: 'a step of something sent: `messageId`, `state`, and `recipient`, `reason`, `by`',
  refused:
    'something arrived and is not shown: `layer`, `reason`, `author`, `final`; `expected` for ordinary traffic in which nothing is lost',
  chat: 'a conversation appeared or changed: its unread counts, its group',
  contact: 'a contact appeared or changed',
  profile: 'our own name or picture is another: set here, or on another device',
  device: 'a device was found, named, enabled or disabled: `change`',
  peer: 'a peer came or went: `state` (`connected`, `disconnected`)',
  history: 'a request to a mailserver: `state` (`started`, `page`, `done`, `failed`)',
  skew: 'the clock of this machine seems to be wrong (`warning`), or agrees again: `cause` (`contacts`, `envelopes`), `direction`, `estimateMs`; a subscriber is told at once while it is wrong. No clock is corrected by it',
  notice: 'something that people should know although nothing failed: `kind`, `chat`'
}

/** The names of {@link events}, in the order of the documentation. */
export const eventNames = Object.keys(events) as readonly EventName[]
