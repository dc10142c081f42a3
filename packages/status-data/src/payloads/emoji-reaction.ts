import * as payloads from '../gen/payloads.js'
import { type Extensible, flag, int, message, text, u64 } from '../wire/codec.ts'

/** SPEC: 6/PAYLOADS, type 22; a retraction is the same message with `retracted`. */
export interface EmojiReaction extends Extensible {
  /** Lamport clock, ms: of two of one author, message and emoji the higher counts. */
  readonly clock: bigint
  /** As in `ChatMessage`. */
  readonly chatId: string
  /** The message that it is on: `0x` + 64 hex digits. */
  readonly messageId: string
  /** Of `messageTypes`. */
  readonly messageType: number
  /** 1 love, 2 thumbs up, 3 thumbs down, 4 laugh, 5 sad, 6 angry. */
  readonly type: number
  /** Takes the same reaction back. */
  readonly retracted: boolean
}

export const emojiReaction = /* @__PURE__ */ message<EmojiReaction>('EmojiReaction', payloads.EmojiReaction, {
  clock: u64,
  chatId: text,
  messageId: text,
  messageType: int,
  type: int,
  retracted: flag
})
