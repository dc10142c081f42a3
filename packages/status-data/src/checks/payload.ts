import { check, checkMs, checkRules, wellFormed } from '../arguments.ts'
import { validateClock } from '../clock.ts'
import { isMessageId } from '../ids.ts'
import { limits } from '../limits.ts'
import type { DeleteMessage, EditMessage, PinMessage } from '../payloads/annotations.ts'
import type { PairInstallation } from '../payloads/devices.ts'
import type { EmojiReaction } from '../payloads/emoji-reaction.ts'
import type { MembershipUpdateMessage } from '../payloads/membership-update.ts'
import type { Payload } from '../payloads/registry.ts'
import type { RequestTransaction, SendTransaction } from '../payloads/transactions.ts'
import type { RefusalCode } from '../refusal.ts'
import { isAmount, isBlank, isGoFloat, isLonger } from '../strings.ts'
import { validateChatId, validateChatMessage, validateMessageType, validateText } from './chat-message.ts'
import type { Times } from './context.ts'

/**
 * Whether the fields of a payload are fit to be shown or acted on: everything that can be said without knowing who
 * wrote it, how it came and what is stored. SPEC: 6/PAYLOADS; message_validator.go of status-go 0.56.10.
 *
 * @example
 * ```ts
 * const refusal = validatePayload(payload, { sentMs, nowMs, rules: 'strict' }) // undefined, or a code
 * ```
 */
export function validatePayload(payload: Payload, times: Times): RefusalCode | undefined {
  check.object('payload', payload)
  // Some are bytes: what is sealed for a push server, and what this version does not know.
  if (!(payload.message instanceof Uint8Array)) check.object('payload.message', payload.message)
  check.object('times', times)
  checkMs('times.sentMs', times.sentMs)
  checkMs('times.nowMs', times.nowMs)
  checkRules(times.rules)
  return wellFormed('payload.message', () => validateFields(payload, times))
}

function validateFields(payload: Payload, times: Times): RefusalCode | undefined {
  switch (payload.name) {
    case 'chat-message':
      return validateChatMessage(payload.message, times)
    case 'emoji-reaction':
      return validateReaction(payload.message, times)
    case 'membership-update':
      return validateEmbedded(payload.message, times)
    case 'pair-installation':
      return validatePairing(payload.message, times)
    case 'contact-update':
    case 'sync-installation-contact':
      // DEVIATION: status-go 0.56.10 checks no clock here, so a peer can push ours out of everyone's bounds.
      return (
        strictly(times, () => validateClock(payload.message.clock, times.sentMs)) ??
        validateLengths(times, [payload.message.ensName], [])
      )
    case 'sync-installation-public-chat':
      return (
        strictly(times, () => validateClock(payload.message.clock, times.sentMs)) ??
        strictly(times, () => validateChatId(payload.message.id, 'strict'))
      )
    case 'request-address-for-transaction':
      return validateRequest({ ...payload.message, address: '-' }, times)
    case 'request-transaction':
      return validateRequest(payload.message, times)
    case 'accept-request-address-for-transaction': {
      const { clock, id, address } = payload.message
      if (id === '') return validateClock(clock, times.sentMs) ?? 'id-empty'
      return (
        validateClock(clock, times.sentMs) ??
        (isBlank(address) ? 'address-blank' : validateLengths(times, [], [id, address]))
      )
    }
    case 'decline-request-address-for-transaction':
    case 'decline-request-transaction': {
      const { clock, id } = payload.message
      return validateClock(clock, times.sentMs) ?? (id === '' ? 'id-empty' : validateLengths(times, [], [id]))
    }
    case 'send-transaction':
      return validateSend(payload.message, times)
    case 'pin-message':
    case 'delete-message':
      return validateAnnotation(payload.message, times)
    case 'edit-message':
      return validateAnnotation(payload.message, times) ?? validateText(payload.message.text)
    case 'sync-installation':
    case 'sync-installation-account':
    case 'contact-code-advertisement':
    case 'push-notification-registration':
    case 'push-notification-registration-response':
    case 'push-notification-query':
    case 'push-notification-query-response':
    case 'push-notification-request':
    case 'push-notification-response':
    case 'unknown':
      return undefined
  }
}

function strictly({ rules }: Times, validate: () => RefusalCode | undefined): RefusalCode | undefined {
  return rules === 'strict' ? validate() : undefined
}

function validateLengths(
  { rules }: Times,
  names: readonly string[],
  fields: readonly string[]
): RefusalCode | undefined {
  if (rules !== 'strict') return undefined
  const tooLong =
    names.some(name => isLonger(name, limits.nameBytes)) || fields.some(field => isLonger(field, limits.fieldBytes))
  return tooLong ? 'field-too-long' : undefined
}

function validateReaction(reaction: EmojiReaction, { nowMs, rules }: Times): RefusalCode | undefined {
  const clock = validateClock(reaction.clock, nowMs)
  if (clock !== undefined) return clock
  if (reaction.messageId === '' || (rules === 'strict' && !isMessageId(reaction.messageId))) return 'message-id-invalid'
  const chatId = validateChatId(reaction.chatId, rules)
  if (chatId !== undefined) return chatId
  if (reaction.type === 0 || (rules === 'strict' && (reaction.type < 0 || reaction.type > 6))) return 'emoji-invalid'
  if (rules === 'strict') return validateMessageType(reaction.messageType, rules)
  return reaction.messageType === 0 ? 'message-type' : undefined
}

/** The message or reaction inside a group update; the events are checked one by one where they are opened. */
function validateEmbedded(update: MembershipUpdateMessage, times: Times): RefusalCode | undefined {
  const { message, emojiReaction, events } = update
  if (events.length > limits.groupEvents) return 'events-too-many'
  if (message !== undefined) return validateChatMessage(message, times)
  return emojiReaction === undefined ? undefined : validateReaction(emojiReaction, times)
}

function validatePairing(message: PairInstallation, times: Times): RefusalCode | undefined {
  const clock = validateClock(message.clock, times.sentMs)
  if (clock !== undefined) return clock
  if (isBlank(message.name)) return 'name-blank'
  if (isBlank(message.deviceType)) return 'device-type-blank'
  if (isBlank(message.installationId)) return 'installation-id-blank'
  return validateLengths(times, [message.name, message.deviceType, message.installationId], [])
}

function validateRequest(message: RequestTransaction, times: Times): RefusalCode | undefined {
  const clock = validateClock(message.clock, times.sentMs)
  if (clock !== undefined) return clock
  if (isBlank(message.value)) return 'value-not-a-number'
  if (isBlank(message.address)) return 'address-blank'
  if (!(times.rules === 'strict' ? isAmount(message.value) : isGoFloat(message.value))) return 'value-not-a-number'
  return validateLengths(times, [], [message.value, message.contract, message.address])
}

function validateSend(message: SendTransaction, times: Times): RefusalCode | undefined {
  const clock = validateClock(message.clock, times.sentMs)
  if (clock !== undefined) return clock
  if (isBlank(message.transactionHash)) return 'hash-blank'
  if (message.signature.length === 0) return 'signature-missing'
  return validateLengths(times, [], [message.id, message.transactionHash])
}

/** Edit, delete and pin are not in status-go 0.56.10: the same under both rules. */
function validateAnnotation(message: PinMessage | EditMessage | DeleteMessage, times: Times): RefusalCode | undefined {
  return (
    validateClock(message.clock, times.sentMs) ??
    (isMessageId(message.messageId) ? undefined : 'message-id-invalid') ??
    validateChatId(message.chatId, 'strict') ??
    validateMessageType(message.messageType, 'strict')
  )
}
