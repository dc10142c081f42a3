import * as payloads from '../gen/payloads.js'
import { bytes, type Extensible, int, list, message, optional, text, u64 } from '../wire/codec.ts'
import { type ChatMessage, chatMessage } from './chat-message.ts'
import { type EmojiReaction, emojiReaction } from './emoji-reaction.ts'

/** A group's whole history, and perhaps a message or a reaction said in it. SPEC: 7/GROUP-CHAT, type 3. */
export interface MembershipUpdateMessage extends Extensible {
  /** The group's id: UUID v4, `-`, `0x` + the creator's key in hex. */
  readonly chatId: string
  /** Each a 65-byte signature followed by a MembershipUpdateEvent. */
  readonly events: readonly Uint8Array[]
  /** What was said with it. */
  readonly message?: ChatMessage | undefined
  /** The reaction that was made with it. */
  readonly emojiReaction?: EmojiReaction | undefined
}

/**
 * The wire number of each kind of group event. SPEC: 7/GROUP-CHAT.
 *
 * @example
 * ```ts
 * event.type === eventTypes.memberJoined
 * ```
 */
export const eventTypes = Object.freeze({
  chatCreated: 1,
  nameChanged: 2,
  membersAdded: 3,
  memberJoined: 4,
  memberRemoved: 5,
  adminsAdded: 6,
  adminRemoved: 7
})

/** One change of a group as it is signed. SPEC: 7/GROUP-CHAT. */
export interface MembershipUpdateEvent extends Extensible {
  /** Lamport clock, ms: events are replayed in its order. */
  readonly clock: bigint
  /** Public keys, `0x` + 130 hex digits. */
  readonly members: readonly string[]
  /** The group's name, in an event that gives it one; empty otherwise. */
  readonly name: string
  /** Of `eventTypes`. */
  readonly type: number
}

export const membershipUpdateMessage = /* @__PURE__ */ message<MembershipUpdateMessage>(
  'MembershipUpdateMessage',
  payloads.MembershipUpdateMessage,
  {
    chatId: text,
    events: list(bytes),
    message: optional(chatMessage.field),
    emojiReaction: optional(emojiReaction.field)
  }
)

export const membershipUpdateEvent = /* @__PURE__ */ message<MembershipUpdateEvent>(
  'MembershipUpdateEvent',
  payloads.MembershipUpdateEvent,
  { clock: u64, members: list(text), name: text, type: int }
)
