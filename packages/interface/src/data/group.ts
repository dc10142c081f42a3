/** One signed change of a group, opened: its author is who signed these very bytes for this very group. */
export interface GroupEvent {
  /** The wire form: 65 bytes of signature, then the protobuf. Stored and sent on as it came, never encoded again. */
  readonly bytes: Uint8Array
  /** `0x` + 130 hex digits. */
  readonly author: string
  /** Ms. */
  readonly clock: number
  /** The wire number of what it changes. */
  readonly type: number
  /** Whom it names, as it is written. */
  readonly members: readonly string[]
  /** The ones among them that are valid keys; other texts are ignored. */
  readonly targets: readonly string[]
  /** The group's new name, where the event is about that; empty otherwise. */
  readonly name: string
  /**
   * Its place in an update that its own author has signed, when that holds several of their events with this clock. Not part
   * of the event: a merge keeps such events in this order.
   */
  readonly place?: number
}

/** A group as its events made it. People are `0x` + 130 hex digits, in the order in which they came. */
export interface Group {
  /** UUID v4, `-`, `0x` + the creator's key in hex. */
  readonly id: string
  /** What its creator or an admin called it last. */
  readonly name: string
  /** Everyone who was added and has neither left nor been removed, joined or not. */
  readonly members: readonly string[]
  /** The members who confirmed: only they talk. */
  readonly joined: readonly string[]
  /** Who may add, remove and rename: the creator, and members whom an admin has made one. */
  readonly admins: readonly string[]
  /** The highest clock among the accepted events, ms. */
  readonly lastClock: number
}

/** Why an event changes nothing. */
export type EventRefusal =
  | 'not-created'
  | 'created-twice'
  | 'not-the-creator'
  | 'not-an-admin'
  | 'not-a-member'
  | 'name-empty'
  | 'name-too-long'
  | 'target-count'
  | 'target-is-admin'
  | 'target-not-a-member'
  | 'target-not-self'
  | 'too-many-members'
  | 'type-unknown'
  /** Allowed, but it changes nothing here: who joined joins again, a stranger leaves. */
  | 'no-effect'

/** A group's stored events united with received ones. */
export type GroupMerge =
  | {
      readonly kind: 'merged'
      readonly state: Group
      /** What to store: the events that count and, strict, the ones that may still come to count. */
      readonly events: readonly GroupEvent[]
      /** Whether `events` differ from what was stored, if only in their order: store them, and tell `admit`. */
      readonly changed: boolean
      /** What to send on. */
      readonly accepted: readonly GroupEvent[]
      /** Accepted now and not before: one line each in the chat, in order. */
      readonly added: readonly GroupEvent[]
      readonly rejected: readonly { readonly event: GroupEvent; readonly reason: EventRefusal }[]
    }
  | {
      readonly kind: 'refused'
      readonly reason: string
      /** Whether the received events alone are invalid, or only the union. */
      readonly of: 'received' | 'merged'
    }

/** A line that a device writes into a group's chat for an event. It never travels. */
export interface SystemMessage {
  /** Keccak-256 of the event's signature: one line per event, however often it arrives. */
  readonly messageId: Uint8Array
  /** `0x` + 130 hex digits: who signed the event. */
  readonly author: string
  /** The event's Lamport clock, ms. */
  readonly clock: number
  /** What changed: a name of the event for those who show it in words of their own, such as `memberJoined`. */
  readonly event: string
  /** English, with people as `@0x04…` mentions. */
  readonly text: string
}
