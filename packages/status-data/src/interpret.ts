import type { Content, MessageContent } from '@status-stack/interface'
import { emojiOf } from './emoji.ts'
import { isMessageId, keyOfId } from './ids.ts'
import { audioFormatOf, imageFormatOf, keptPicture } from './media.ts'
import { type ChatMessage, contentTypes } from './payloads/chat-message.ts'
import type { EmojiReaction } from './payloads/emoji-reaction.ts'
import type { Payload } from './payloads/registry.ts'

/** What a payload says, in the words of `Content`. It has been checked before. */
export function contentOf(payload: Payload): Content {
  switch (payload.name) {
    case 'chat-message':
      return messageContent(payload.message)
    case 'emoji-reaction':
      return reactionContent(payload.message)
    case 'membership-update': {
      const { message, emojiReaction } = payload.message
      if (message !== undefined) return messageContent(message)
      return emojiReaction === undefined ? { kind: 'group-update' } : reactionContent(emojiReaction)
    }
    case 'edit-message':
      return { kind: 'edit', messageId: payload.message.messageId, text: payload.message.text }
    case 'delete-message':
      return { kind: 'delete', messageId: payload.message.messageId }
    case 'pin-message':
      return { kind: 'pin', messageId: payload.message.messageId, pinned: payload.message.pinned }
    case 'contact-update':
      return {
        kind: 'contact-update',
        ensName: payload.message.ensName,
        picture: keptPicture(payload.message.profileImage),
        ...(payload.message.cleared === true ? { cleared: true } : {})
      }
    case 'pair-installation': {
      const { installationId, deviceType, name } = payload.message
      return { kind: 'pair', installationId, deviceType, name }
    }
    case 'sync-installation-contact': {
      const { id, ensName } = payload.message
      const picture = keptPicture(payload.message.profileImage)
      const publicKey = keyOfId(id)
      return publicKey === undefined ? { kind: 'unknown' } : { kind: 'sync-contact', publicKey, ensName, picture }
    }
    case 'sync-installation-public-chat':
      return { kind: 'sync-public-chat', name: payload.message.id }
    case 'sync-installation':
      return { kind: 'sync-installation' }
    case 'sync-installation-account':
      return { kind: 'sync-account' }
    case 'contact-code-advertisement':
      return { kind: 'contact-code' }
    case 'push-notification-registration':
    case 'push-notification-registration-response':
    case 'push-notification-query':
    case 'push-notification-query-response':
    case 'push-notification-request':
    case 'push-notification-response':
      return { kind: 'push' }
    case 'unknown':
      return { kind: 'unknown' }
    default:
      return transactionContent(payload)
  }
}

function transactionContent(payload: Extract<Payload, { name: `${string}transaction` }>): Content {
  switch (payload.name) {
    case 'request-address-for-transaction':
      return { kind: 'request-address', value: payload.message.value, contract: payload.message.contract }
    case 'accept-request-address-for-transaction':
      return { kind: 'accept-request-address', id: payload.message.id, address: payload.message.address }
    case 'decline-request-address-for-transaction':
      return { kind: 'decline-request-address', id: payload.message.id }
    case 'request-transaction': {
      const { value, contract, address } = payload.message
      return { kind: 'request-transaction', value, contract, address }
    }
    case 'decline-request-transaction':
      return { kind: 'decline-request-transaction', id: payload.message.id }
    case 'send-transaction': {
      const { id, transactionHash, signature } = payload.message
      return { kind: 'send-transaction', id, transactionHash, signature }
    }
  }
}

function messageContent(message: ChatMessage): MessageContent {
  const { text, sticker, image, audio, contentType } = message
  // A quote that names no message shows no quote.
  const quote = isMessageId(message.responseTo) ? { replyTo: message.responseTo } : {}
  switch (contentType) {
    case contentTypes.text:
      return { kind: 'text', text, ...quote }
    case contentTypes.status:
      return { kind: 'status', text, ...quote }
    case contentTypes.emoji:
      return { kind: 'emoji', text, ...quote }
    case contentTypes.sticker:
      if (sticker !== undefined) return { kind: 'sticker', hash: sticker.hash, pack: sticker.pack, text, ...quote }
      break
    case contentTypes.image:
      if (image !== undefined) {
        const format = imageFormatOf(image.type)
        return { kind: 'image', image: image.payload, text, ...quote, ...(format === undefined ? {} : { format }) }
      }
      break
    case contentTypes.audio:
      if (audio !== undefined) {
        const format = audioFormatOf(audio.type)
        const durationMs = Number(audio.durationMs)
        return { kind: 'audio', audio: audio.payload, durationMs, text, ...quote, ...(format ? { format } : {}) }
      }
      break
    default:
  }
  return { kind: 'unsupported', contentType, text, ...quote }
}

function reactionContent({ messageId, type, retracted }: EmojiReaction): Content {
  const emoji = emojiOf(type)
  return emoji === undefined ? { kind: 'unknown' } : { kind: 'reaction', messageId, emoji, retracted }
}
