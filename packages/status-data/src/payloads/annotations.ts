import * as payloads from '../gen/payloads.js'
import { bytes, type Extensible, flag, int, message, text, u64 } from '../wire/codec.ts'

/** Type 28 of later releases. */
export interface PinMessage extends Extensible {
  readonly clock: bigint
  readonly messageId: string
  readonly chatId: string
  readonly pinned: boolean
  readonly messageType: number
}

/** Type 29 of later releases. `grant` belongs to communities. */
export interface EditMessage extends Extensible {
  readonly clock: bigint
  readonly text: string
  readonly chatId: string
  readonly messageId: string
  readonly grant: Uint8Array
  readonly messageType: number
  readonly contentType: number
}

/** Type 31 of later releases. `grant` and `deletedBy` belong to communities. */
export interface DeleteMessage extends Extensible {
  readonly clock: bigint
  readonly chatId: string
  readonly messageId: string
  readonly grant: Uint8Array
  readonly messageType: number
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
