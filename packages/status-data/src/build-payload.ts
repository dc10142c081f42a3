import type { AnnotationContent, Chat, Content, MessageContent, OutgoingContext } from '@status-stack/interface'
import { emojiTypeOf } from './emoji.ts'
import { DataError, notSendable } from './errors.ts'
import { keyId } from './ids.ts'
import { audioTypeOf, imageTypeOf, sniffAudio, sniffImage } from './media.ts'
import { type ChatMessage, contentTypes, messageTypes } from './payloads/chat-message.ts'
import type { EmojiReaction } from './payloads/emoji-reaction.ts'
import type { Payload } from './payloads/registry.ts'

/** Every chat message carries text; readers that cannot show a picture show this instead. */
const fallbackText = { sticker: 'Sticker', image: 'Image', audio: 'Audio message' } as const

/** What the fields `chat_id` and `message_type` say of a chat. */
function addressOfChat(chat: Chat): { readonly chatId: string; readonly messageType: number } {
  switch (chat.kind) {
    case 'one-to-one':
      return { chatId: keyId(chat.publicKey), messageType: messageTypes.oneToOne }
    case 'public':
      return { chatId: chat.name, messageType: messageTypes.publicGroup }
    case 'group':
      return { chatId: chat.id, messageType: messageTypes.privateGroup }
    case 'own-devices':
      throw wrongChat('own-devices')
  }
}

/** What is said cannot be said there. */
export function wrongChat(kind: Chat['kind']): DataError {
  return new DataError('invalid-argument', `chat: this content cannot be sent to ${kind}`, { origin: 'caller' })
}

/** A ChatMessage of content that people see. */
export function buildChatMessage(
  chat: Chat,
  content: MessageContent,
  clock: number,
  { nowMs, ensName = '' }: OutgoingContext
): ChatMessage {
  const message = {
    clock: BigInt(clock),
    timestamp: BigInt(Math.floor(nowMs)),
    text: '',
    responseTo: content.replyTo ?? '',
    ensName,
    ...addressOfChat(chat)
  }
  switch (content.kind) {
    case 'text':
      return { ...message, text: content.text, contentType: contentTypes.text }
    case 'status':
      return { ...message, text: content.text, contentType: contentTypes.status }
    case 'emoji':
      return { ...message, text: content.text, contentType: contentTypes.emoji }
    case 'sticker': {
      const { hash, pack, text = fallbackText.sticker } = content
      return { ...message, text, contentType: contentTypes.sticker, sticker: { hash, pack } }
    }
    case 'image': {
      const format = sniffImage(content.image)
      if (format === undefined) throw notSendable('image-invalid')
      const image = { payload: Uint8Array.from(content.image), type: imageTypeOf(format) }
      return { ...message, text: content.text ?? fallbackText.image, contentType: contentTypes.image, image }
    }
    case 'audio': {
      const format = sniffAudio(content.audio)
      if (format === undefined) throw notSendable('audio-invalid')
      const durationMs = BigInt(Math.floor(content.durationMs ?? 0))
      const audio = { payload: Uint8Array.from(content.audio), type: audioTypeOf(format), durationMs }
      return { ...message, text: content.text ?? fallbackText.audio, contentType: contentTypes.audio, audio }
    }
    case 'unsupported':
      throw notSendable('content-type')
  }
}

export function buildReaction(
  chat: Chat,
  content: Extract<AnnotationContent, { kind: 'reaction' }>,
  clock: number
): EmojiReaction {
  const { messageId, emoji, retracted = false } = content
  return { clock: BigInt(clock), ...addressOfChat(chat), messageId, type: emojiTypeOf(emoji), retracted }
}

type Elsewhere = Exclude<
  Content,
  MessageContent | { readonly kind: 'reaction' | 'group-changes' | 'group-update' | 'push' | 'unknown' }
>

/** The payload of content that needs no group. */
export function buildPayload(chat: Chat, content: Elsewhere, clock: number): Payload {
  const stamp = { clock: BigInt(clock) }
  const none = new Uint8Array(0)
  switch (content.kind) {
    case 'edit': {
      const { messageId, text } = content
      const message = { ...stamp, ...addressOfChat(chat), messageId, text, grant: none, contentType: contentTypes.text }
      return { name: 'edit-message', message }
    }
    case 'delete': {
      const { messageId } = content
      return {
        name: 'delete-message',
        message: { ...stamp, ...addressOfChat(chat), messageId, grant: none, deletedBy: '' }
      }
    }
    case 'pin': {
      const { messageId, pinned } = content
      return { name: 'pin-message', message: { ...stamp, ...addressOfChat(chat), messageId, pinned } }
    }
    case 'contact-update': {
      const { ensName, picture, cleared = false } = content
      const isCleared = cleared && ensName === '' && picture === ''
      const message = { ...stamp, ensName, profileImage: picture, ...(isCleared ? { cleared } : {}) }
      return { name: 'contact-update', message }
    }
    case 'pair': {
      const { installationId, deviceType, name } = content
      return { name: 'pair-installation', message: { ...stamp, installationId, deviceType, name } }
    }
    case 'sync-contact': {
      const { publicKey, ensName, picture } = content
      const message = {
        ...stamp,
        id: keyId(publicKey),
        ensName,
        profileImage: picture,
        lastUpdated: 0n,
        systemTags: []
      }
      return { name: 'sync-installation-contact', message }
    }
    case 'sync-public-chat':
      return { name: 'sync-installation-public-chat', message: { ...stamp, id: content.name } }
    case 'request-address': {
      const { value, contract } = content
      return { name: 'request-address-for-transaction', message: { ...stamp, value, contract } }
    }
    case 'accept-request-address': {
      const { id, address } = content
      return { name: 'accept-request-address-for-transaction', message: { ...stamp, id, address } }
    }
    case 'decline-request-address':
      return { name: 'decline-request-address-for-transaction', message: { ...stamp, id: content.id } }
    case 'request-transaction': {
      const { value, contract, address } = content
      return { name: 'request-transaction', message: { ...stamp, value, contract, address } }
    }
    case 'decline-request-transaction':
      return { name: 'decline-request-transaction', message: { ...stamp, id: content.id } }
    case 'send-transaction': {
      const { id, transactionHash, signature } = content
      const message = { ...stamp, id, transactionHash, signature: Uint8Array.from(signature) }
      return { name: 'send-transaction', message }
    }
    case 'sync-installation':
    case 'sync-account':
    case 'contact-code':
      // Parsed for completeness; no release sends them.
      throw notSendable('type-unknown')
  }
}
