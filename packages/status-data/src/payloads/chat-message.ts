import * as payloads from '../gen/payloads.js'
import { bytes, type Extensible, int, message, optional, text, u64 } from '../wire/codec.ts'

/**
 * Where a message was said. 4 marks texts a device writes itself and is never accepted from outside.
 *
 * @example
 * ```ts
 * message.messageType === messageTypes.publicGroup
 * ```
 */
export const messageTypes = Object.freeze({ oneToOne: 1, publicGroup: 2, privateGroup: 3, systemPrivateGroup: 4 })

/**
 * What a chat message is. 5 and 6 are local and never accepted from outside.
 *
 * @example
 * ```ts
 * message.contentType === contentTypes.sticker
 * ```
 */
export const contentTypes = Object.freeze({
  text: 1,
  sticker: 2,
  status: 3,
  emoji: 4,
  transactionCommand: 5,
  systemPrivateGroup: 6,
  image: 7,
  audio: 8
})

export interface StickerMessage extends Extensible {
  readonly hash: string
  readonly pack: number
}

export interface ImageMessage extends Extensible {
  readonly payload: Uint8Array
  /** 1 PNG, 2 JPEG, 3 WEBP, 4 GIF. */
  readonly type: number
}

export interface AudioMessage extends Extensible {
  readonly payload: Uint8Array
  /** 1 AAC, 2 AMR. */
  readonly type: number
  readonly durationMs: bigint
}

/** A ChatMessage as it is on the wire. SPEC: 6/PAYLOADS, type 1. */
export interface ChatMessage extends Extensible {
  /** Lamport clock, ms: orders the chat. */
  readonly clock: bigint
  /** When its author says it was written, Unix ms; never 0. */
  readonly timestamp: bigint
  /** Not blank, at most 4096 bytes of UTF-8; beside an attachment what a client shows that does not know it. */
  readonly text: string
  /** Id of the quoted message, `0x` + 64 hex digits; empty for none. */
  readonly responseTo: string
  /** Claimed by the author, not verified; may be empty. */
  readonly ensName: string
  /** Public chat: its name; group: its id; 1:1: the recipient's key, `0x` + 130 hex digits. */
  readonly chatId: string
  /** Of `messageTypes`. */
  readonly messageType: number
  /** Of `contentTypes`; says which of the parts below is there. */
  readonly contentType: number
  /** Present in a sticker. */
  readonly sticker?: StickerMessage | undefined
  /** Present in a picture. */
  readonly image?: ImageMessage | undefined
  /** Present in a voice message. */
  readonly audio?: AudioMessage | undefined
}

const sticker = /* @__PURE__ */ message<StickerMessage>('StickerMessage', payloads.StickerMessage, {
  hash: text,
  pack: int
})
const image = /* @__PURE__ */ message<ImageMessage>('ImageMessage', payloads.ImageMessage, {
  payload: bytes,
  type: int
})
const audio = /* @__PURE__ */ message<AudioMessage>('AudioMessage', payloads.AudioMessage, {
  payload: bytes,
  type: int,
  durationMs: u64
})

export const chatMessage = /* @__PURE__ */ message<ChatMessage>('ChatMessage', payloads.ChatMessage, {
  clock: u64,
  timestamp: u64,
  text,
  responseTo: text,
  ensName: text,
  chatId: text,
  messageType: int,
  contentType: int,
  sticker: optional(sticker.field),
  image: optional(image.field),
  audio: optional(audio.field)
})
