import type { ChatRef, Client, Message, MessageContent, OutgoingContent } from '@status-stack/status-client'
import { sniffAudio, sniffImage } from '@status-stack/status-data'
import { AccountError, ArgumentError } from './errors.ts'
import type { messageMethods } from './methods/messages.ts'
import type { ReadParams } from './params.ts'
import { withoutMetadata } from './picture-metadata.ts'
import { chatJson, chatName } from './targets.ts'

/**
 * `0x` and 64 hex digits. @throws AccountError `message-id`
 *
 * @example
 * ```ts
 * const message = await client.message(parseMessageId(text))
 * ```
 */
export function parseMessageId(text: string): string {
  const id = text.toLowerCase()
  if (!/^0x[0-9a-f]{64}$/.test(id))
    throw new AccountError(
      'message-id',
      `not the id of a message: ${text.slice(0, 24)}${text.length > 24 ? '…' : ''}`,
      'it is 0x and 64 hex digits; `history --json` shows them'
    )
  return id
}

/**
 * The bytes, when they are an image that can be sent. @throws AccountError `image`
 *
 * @example
 * ```ts
 * await client.send(chat, { image: assertImage(await readFile(path)) })
 * ```
 */
export function assertImage(bytes: Uint8Array): Uint8Array {
  if (sniffImage(bytes) === undefined)
    throw new AccountError('image', 'not an image that can be sent: PNG, JPEG, WEBP or GIF')
  return bytes
}

/**
 * The bytes, when they are a sound that can be sent. @throws AccountError `audio`
 *
 * @example
 * ```ts
 * await client.send(chat, { audio: assertAudio(await readFile(path)), durationMs })
 * ```
 */
export function assertAudio(bytes: Uint8Array): Uint8Array {
  if (sniffAudio(bytes) === undefined) throw new AccountError('audio', 'not a sound that can be sent: AAC or AMR')
  return bytes
}

/**
 * A sticker written as `PACK/HASH`. @throws AccountError `sticker`
 *
 * @example
 * ```ts
 * await client.send(chat, { sticker: parseSticker('4/e30101701220') })
 * ```
 */
export function parseSticker(text: string): { readonly pack: number; readonly hash: string } {
  const [, pack = '', hash = ''] = /^(\d{1,9})\/([0-9a-zA-Z]{1,128})$/.exec(text) ?? []
  if (hash === '')
    throw new AccountError('sticker', `not a sticker: ${text.slice(0, 40)}`, 'it is PACK/HASH: 4/e30101701220…')
  return { pack: Number(pack), hash }
}

/** What a message is to hold. @throws ArgumentError, AccountError */
export function outgoingOf(params: ReadParams<typeof messageMethods.send.params>): OutgoingContent {
  const { image, audio, sticker, emoji, text } = params
  if ([image !== undefined, audio !== undefined, sticker !== undefined, emoji].filter(Boolean).length > 1)
    throw new ArgumentError('image, audio, sticker, emoji: a message holds one of them')
  const replyTo = params.replyTo === undefined ? undefined : parseMessageId(params.replyTo)
  if (image !== undefined) return { image: withoutMetadata(assertImage(image)), text, replyTo }
  if (audio !== undefined) {
    if (params.durationMs === undefined) throw new ArgumentError('durationMs: missing')
    return { audio: assertAudio(audio), durationMs: params.durationMs, text, replyTo }
  }
  if (sticker !== undefined) return { sticker: parseSticker(sticker), text }
  if (text === undefined) throw new ArgumentError('text: missing')
  return { text, replyTo, ...(emoji ? { style: 'emoji' as const } : {}) }
}

/**
 * A stored message. @throws AccountError `unknown-message`
 *
 * @example
 * ```ts
 * const { text } = await storedMessage(client, messageId)
 * ```
 */
export async function storedMessage(client: Pick<Client, 'message'>, messageId: string): Promise<Message> {
  const message = await client.message(messageId)
  if (message === undefined)
    throw new AccountError('unknown-message', `this profile has no message ${messageId.slice(0, 10)}…`)
  return message
}

/**
 * The file inside a message. @throws AccountError `no-attachment`
 *
 * @example
 * ```ts
 * const { bytes } = attachmentOf(await storedMessage(client, messageId))
 * ```
 */
export function attachmentOf({
  content,
  messageId
}: Pick<Message, 'content' | 'messageId'>): Extract<MessageContent, { readonly bytes: Uint8Array }> {
  if (content.kind !== 'image' && content.kind !== 'audio')
    throw new AccountError('no-attachment', `message ${messageId.slice(0, 10)}… holds no image and no sound`)
  return content
}

const keyOf = (chat: ChatRef): string => Object.values(chatJson(chat)).sort().join(' ')

/** Whether both name one conversation. */
export const isSameChat = (a: ChatRef, b: ChatRef): boolean => keyOf(a) === keyOf(b)

/**
 * What is answered must be in the same conversation. @throws AccountError `unknown-message`, `other-chat`
 *
 * @example
 * ```ts
 * await assertReply(client, chat, replyTo)
 * ```
 */
export async function assertReply(
  client: Pick<Client, 'message'>,
  chat: ChatRef,
  replyTo: string | undefined
): Promise<void> {
  if (replyTo === undefined) return
  const { chat: other } = await storedMessage(client, replyTo)
  if (!isSameChat(other, chat))
    throw new AccountError('other-chat', `the message to answer is in ${chatName(other)}, not in ${chatName(chat)}`)
}
