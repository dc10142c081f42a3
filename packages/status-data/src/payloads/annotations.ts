import * as payloads from '../gen/payloads.js'
import { bytes, type Extensible, flag, int, message, text, u64 } from '../wire/codec.ts'

/** Type 28 of later releases. */
export interface PinMessage extends Extensible {
  /** Lamport clock, ms: of two pins of a message the higher counts. */
  readonly clock: bigint
  /** The pinned message: `0x` + 64 hex digits. */
  readonly messageId: string
  /** As in `ChatMessage`. */
  readonly chatId: string
  /** False takes the pin off. */
  readonly pinned: boolean
  /** Of `messageTypes`. */
  readonly messageType: number
}

/** Type 29 of later releases. `grant` belongs to communities. */
export interface EditMessage extends Extensible {
  /** Lamport clock, ms: the highest edit of a message counts. */
  readonly clock: bigint
  /** What replaces the old text; at most 4096 bytes. */
  readonly text: string
  /** As in `ChatMessage`. */
  readonly chatId: string
  /** The changed message: `0x` + 64 hex digits. */
  readonly messageId: string
  /** Empty here. */
  readonly grant: Uint8Array
  /** Of `messageTypes`. */
  readonly messageType: number
  /** Of `contentTypes`; text, when it is ours. */
  readonly contentType: number
}

/** Type 31 of later releases. `grant` and `deletedBy` belong to communities. */
export interface DeleteMessage extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** As in `ChatMessage`. */
  readonly chatId: string
  /** The deleted message: `0x` + 64 hex digits. */
  readonly messageId: string
  /** Empty here. */
  readonly grant: Uint8Array
  /** Of `messageTypes`. */
  readonly messageType: number
  /** Empty here. */
  readonly deletedBy: string
}

export const pinMessage = /* @__PURE__ */ message<PinMessage>('PinMessage', payloads.PinMessage, {
  clock: u64,
  messageId: text,
  chatId: text,
  pinned: flag,
  messageType: int
})

export const editMessage = /* @__PURE__ */ message<EditMessage>('EditMessage', payloads.EditMessage, {
  clock: u64,
  text,
  chatId: text,
  messageId: text,
  grant: bytes,
  messageType: int,
  contentType: int
})

export const deleteMessage = /* @__PURE__ */ message<DeleteMessage>('DeleteMessage', payloads.DeleteMessage, {
  clock: u64,
  chatId: text,
  messageId: text,
  grant: bytes,
  messageType: int,
  deletedBy: text
})
