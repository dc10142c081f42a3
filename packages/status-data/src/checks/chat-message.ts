import { validateClock } from '../clock.ts'
import { limits } from '../limits.ts'
import { audioFormatOf, imageFormatOf, sniffAudio, sniffImage } from '../media.ts'
import { type ChatMessage, contentTypes, messageTypes } from '../payloads/chat-message.ts'
import type { Rules } from '../ports.ts'
import type { RefusalCode } from '../refusal.ts'
import { isBlank, isLonger } from '../strings.ts'
import type { Times } from './context.ts'

/** The checks of a ChatMessage that need neither author nor arrival. */
export function validateChatMessage(message: ChatMessage, { sentMs, rules }: Times): RefusalCode | undefined {
  if (message.timestamp === 0n) return validateClock(message.clock, sentMs) ?? 'timestamp-zero'
  return (
    validateClock(message.clock, sentMs) ??
    validateText(message.text) ??
    validateChatId(message.chatId, rules) ??
    validateMessageType(message.messageType, rules) ??
    validateContent(message, rules) ??
    validateShortFields(message, rules)
  )
}

/** Not blank, and at most 4096 bytes of UTF-8. */
export function validateText(text: string): RefusalCode | undefined {
  if (isBlank(text)) return 'text-blank'
  return isLonger(text, limits.textBytes) ? 'text-too-long' : undefined
}

export function validateChatId(chatId: string, rules: Rules): RefusalCode | undefined {
  if (chatId === '') return 'chat-id-empty'
  return rules === 'strict' && isLonger(chatId, limits.nameBytes) ? 'chat-id-invalid' : undefined
}

/** Types 0 and 4 come from no honest sender; status-go 0.56.10 lets unknown ones pass. */
export function validateMessageType(type: number, rules: Rules): RefusalCode | undefined {
  if (type === 0 || type === messageTypes.systemPrivateGroup) return 'message-type'
  const known = type > 0 && type <= messageTypes.privateGroup
  return rules === 'strict' && !known ? 'message-type' : undefined
}

function validateContent(message: ChatMessage, rules: Rules): RefusalCode | undefined {
  switch (message.contentType) {
    case 0:
    case contentTypes.transactionCommand:
      return 'content-type'
    case contentTypes.systemPrivateGroup:
      // DEVIATION: status-go 0.56.10 accepts it, so that anyone can put words into the mouth of the system.
      return rules === 'strict' ? 'content-type' : undefined
    case contentTypes.sticker:
      return message.sticker === undefined || message.sticker.hash === '' ? 'sticker-invalid' : undefined
    case contentTypes.image:
      return validateImage(message, rules)
    case contentTypes.audio:
      return validateAudio(message, rules)
    default:
      // Negative numbers are no type of any release; later ones are kept as unsupported.
      return rules === 'strict' && message.contentType < 0 ? 'content-type' : undefined
  }
}

function validateImage({ image }: ChatMessage, rules: Rules): RefusalCode | undefined {
  if (image === undefined || image.payload.length === 0 || image.type === 0) return 'image-invalid'
  if (rules !== 'strict') return undefined
  if (image.payload.length > limits.imageBytes) return 'image-too-large'
  // A picture is what its bytes say: what is called PNG and is none would be shown by guesswork.
  const format = sniffImage(image.payload)
  return format !== undefined && format === imageFormatOf(image.type) ? undefined : 'image-invalid'
}

function validateAudio({ audio }: ChatMessage, rules: Rules): RefusalCode | undefined {
  if (audio === undefined || audio.payload.length === 0 || audio.type === 0) return 'audio-invalid'
  if (rules !== 'strict') return undefined
  if (audio.payload.length > limits.audioBytes) return 'audio-too-large'
  const format = sniffAudio(audio.payload)
  return format !== undefined && format === audioFormatOf(audio.type) ? undefined : 'audio-invalid'
}

/**
 * Whether a picture or sound is of a type that has a name. status-go 0.56.10 looks at this only after its validator,
 * where it prepares a message for display, and drops the message there.
 */
export function validateFormat({ contentType, image, audio }: ChatMessage): RefusalCode | undefined {
  if (contentType === contentTypes.image && imageFormatOf(image?.type ?? 0) === undefined) return 'image-invalid'
  return contentType === contentTypes.audio && audioFormatOf(audio?.type ?? 0) === undefined
    ? 'audio-invalid'
    : undefined
}

function validateShortFields(message: ChatMessage, rules: Rules): RefusalCode | undefined {
  if (rules !== 'strict') return undefined
  const fields = [message.responseTo, message.sticker?.hash ?? '']
  const tooLong =
    isLonger(message.ensName, limits.nameBytes) || fields.some(field => isLonger(field, limits.fieldBytes))
  return tooLong ? 'field-too-long' : undefined
}
