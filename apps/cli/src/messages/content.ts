import type { ChatRef, Message, OutgoingContent } from '@status-stack/status-client'
import { limits, sniffAudio, sniffImage } from '@status-stack/status-data'
import type { SharedClient } from '../daemon/remote.ts'
import { CliError } from '../errors.ts'
import { chatJson, chatName } from '../view.ts'
import { readBytes, readText } from './input.ts'

/** What a message may hold, as flags of `send` and fields of the daemon's `send` say it. */
export interface ContentOptions {
  /** A file, or `-` for stdin. */
  readonly image?: string
  readonly audio?: string
  /** Seconds of the sound. */
  readonly duration?: number
  /** `PACK/HASH`. */
  readonly sticker?: string
  /** The text is emoji, to be shown large. */
  readonly emoji?: boolean
  readonly replyTo?: string
}

const usage = (code: string, message: string, hint?: string): CliError => new CliError('usage', code, message, hint)

/** `0x` and 64 hex digits. @throws CliError `message-id` */
export function parseMessageId(text: string): string {
  const id = text.toLowerCase()
  if (!/^0x[0-9a-f]{64}$/.test(id))
    throw usage(
      'message-id',
      `not the id of a message: ${text.slice(0, 24)}${text.length > 24 ? '…' : ''}`,
      'it is 0x and 64 hex digits; `history --json` shows them'
    )
  return id
}

/** @throws CliError `image` */
export function assertImage(bytes: Uint8Array): Uint8Array {
  if (sniffImage(bytes) === undefined) throw usage('image', 'not an image that can be sent: PNG, JPEG, WEBP or GIF')
  return bytes
}

/** @throws CliError `audio` */
export function assertAudio(bytes: Uint8Array): Uint8Array {
  if (sniffAudio(bytes) === undefined) throw usage('audio', 'not a sound that can be sent: AAC or AMR')
  return bytes
}

/** @throws CliError `sticker` */
export function parseSticker(text: string): { readonly pack: number; readonly hash: string } {
  const [, pack = '', hash = ''] = /^(\d{1,9})\/([0-9a-zA-Z]{1,128})$/.exec(text) ?? []
  if (hash === '') throw usage('sticker', `not a sticker: ${text.slice(0, 40)}`, 'it is PACK/HASH: 4/e30101701220…')
  return { pack: Number(pack), hash }
}

/** Reads what the flags name. Text comes from stdin when nothing else is sent. @throws CliError, exit code 2 */
export async function contentOf(options: ContentOptions, text: string | undefined): Promise<OutgoingContent> {
  const { image, audio, sticker, emoji, duration } = options
  const named = Object.entries({ image, audio, sticker, emoji }).filter(([, value]) => value !== undefined)
  if (named.length > 1)
    throw usage('content', `one message holds one of ${named.map(([name]) => `--${name}`).join(', ')}`)
  if ((audio === undefined) !== (duration === undefined))
    throw usage('duration', audio === undefined ? '--duration is for --audio' : '--audio needs --duration SECONDS')
  if ((image === '-' || audio === '-') && text === '-')
    throw usage('stdin', 'stdin can be the file or the text, not both')
  const replyTo = options.replyTo === undefined ? undefined : parseMessageId(options.replyTo)
  const caption = text === undefined ? undefined : await readText(text)
  if (image !== undefined)
    return { image: assertImage(await readBytes(image, limits.imageBytes)), text: caption, replyTo }
  if (audio !== undefined) {
    const bytes = assertAudio(await readBytes(audio, limits.audioBytes))
    return { audio: bytes, durationMs: Math.round((duration ?? 0) * 1000), text: caption, replyTo }
  }
  if (sticker !== undefined) {
    if (replyTo !== undefined) throw usage('content', 'a sticker cannot be a reply')
    return { sticker: parseSticker(sticker), text: caption }
  }
  const body = caption ?? (await readText(undefined))
  return { text: body, replyTo, ...(emoji === true ? { style: 'emoji' as const } : {}) }
}

/** A stored message. @throws CliError `unknown-message` */
export async function storedMessage(client: Pick<SharedClient, 'message'>, messageId: string): Promise<Message> {
  const message = await client.message(messageId)
  if (message === undefined)
    throw new CliError('failed', 'unknown-message', `this profile has no message ${messageId.slice(0, 10)}…`)
  return message
}

const placeOf = (chat: ChatRef): string => Object.values(chatJson(chat)).sort().join(' ')

/** What is answered must be in the same conversation. @throws CliError `unknown-message`, `other-chat` */
export async function assertReply(
  client: Pick<SharedClient, 'message'>,
  chat: ChatRef,
  replyTo: string | undefined
): Promise<void> {
  if (replyTo === undefined) return
  const { chat: where } = await storedMessage(client, replyTo)
  if (placeOf(where) !== placeOf(chat))
    throw new CliError(
      'failed',
      'other-chat',
      `the message to answer is in ${chatName(where)}, not in ${chatName(chat)}`
    )
}
