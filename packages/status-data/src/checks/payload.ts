import { judgeClock } from '../clock.ts'
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
import { judgeChatId, judgeChatMessage, judgeMessageType, judgeText } from './chat-message.ts'
import type { Times } from './context.ts'

/**
 * Whether the fields of a payload are fit to be shown or acted on: everything that can be said without knowing who
 * wrote it, how it came and what is stored. SPEC: 6/PAYLOADS; message_validator.go of status-go 0.56.10.
 */
export function judgePayload(payload: Payload, times: Times): RefusalCode | undefined {
  switch (payload.name) {
    case 'chat-message':
      return judgeChatMessage(payload.message, times)
    case 'emoji-reaction':
      return judgeReaction(payload.message, times)
    case 'membership-update':
      return judgeEmbedded(payload.message, times)
    case 'pair-installation':
      return judgePairing(payload.message, times)
    case 'contact-update':
    case 'sync-installation-contact':
      // DEVIATION: status-go 0.56.10 checks no clock here, so a peer can push ours out of everyone's bounds.
      return (
        strictly(times, () => judgeClock(payload.message.clock, times.sentMs)) ??
        judgeLengths(times, [payload.message.ensName], [payload.message.profileImage], limits.profileImageBytes)
      )
    case 'sync-installation-public-chat':
      return (
        strictly(times, () => judgeClock(payload.message.clock, times.sentMs)) ??
        strictly(times, () => judgeChatId(payload.message.id, 'strict'))
      )
    case 'request-address-for-transaction':
      return judgeRequest({ ...payload.message, address: '-' }, times)
    case 'request-transaction':
      return judgeRequest(payload.message, times)
    case 'accept-request-address-for-transaction': {
      const { clock, id, address } = payload.message
      if (id === '') return judgeClock(clock, times.sentMs) ?? 'id-empty'
      return (
        judgeClock(clock, times.sentMs) ?? (isBlank(address) ? 'address-blank' : judgeLengths(times, [], [id, address]))
      )
    }
    case 'decline-request-address-for-transaction':
    case 'decline-request-transaction': {
      const { clock, id } = payload.message
      return judgeClock(clock, times.sentMs) ?? (id === '' ? 'id-empty' : judgeLengths(times, [], [id]))
    }
    case 'send-transaction':
      return judgeSend(payload.message, times)
    case 'pin-message':
    case 'delete-message':
      return judgeAnnotation(payload.message, times)
    case 'edit-message':
      return judgeAnnotation(payload.message, times) ?? judgeText(payload.message.text)
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

function strictly({ rules }: Times, judge: () => RefusalCode | undefined): RefusalCode | undefined {
  return rules === 'strict' ? judge() : undefined
}

function judgeLengths(
  { rules }: Times,
  names: readonly string[],
  fields: readonly string[],
  fieldBytes: number = limits.fieldBytes
): RefusalCode | undefined {
  if (rules !== 'strict') return undefined
  const tooLong =
    names.some(name => isLonger(name, limits.nameBytes)) || fields.some(field => isLonger(field, fieldBytes))
  return tooLong ? 'field-too-long' : undefined
}

export function judgeReaction(reaction: EmojiReaction, { nowMs, rules }: Times): RefusalCode | undefined {
  const clock = judgeClock(reaction.clock, nowMs)
  if (clock !== undefined) return clock
  if (reaction.messageId === '' || (rules === 'strict' && !isMessageId(reaction.messageId))) return 'message-id-invalid'
  const chatId = judgeChatId(reaction.chatId, rules)
  if (chatId !== undefined) return chatId
  if (reaction.type === 0 || (rules === 'strict' && (reaction.type < 0 || reaction.type > 6))) return 'emoji-invalid'
  if (rules === 'strict') return judgeMessageType(reaction.messageType, rules)
  return reaction.messageType === 0 ? 'message-type' : undefined
}

/** The message or reaction inside a group update; the events are judged one by one where they are opened. */
function judgeEmbedded(update: MembershipUpdateMessage, times: Times): RefusalCode | undefined {
  const { message, emojiReaction, events } = update
  if (events.length > limits.groupEvents) return 'events-too-many'
  if (message !== undefined) return judgeChatMessage(message, times)
  return emojiReaction === undefined ? undefined : judgeReaction(emojiReaction, times)
}

function judgePairing(message: PairInstallation, times: Times): RefusalCode | undefined {
  const clock = judgeClock(message.clock, times.sentMs)
  if (clock !== undefined) return clock
  if (isBlank(message.name)) return 'name-blank'
  if (isBlank(message.deviceType)) return 'device-type-blank'
  if (isBlank(message.installationId)) return 'installation-id-blank'
  return judgeLengths(times, [message.name, message.deviceType, message.installationId], [])
}

function judgeRequest(message: RequestTransaction, times: Times): RefusalCode | undefined {
  const clock = judgeClock(message.clock, times.sentMs)
  if (clock !== undefined) return clock
  if (isBlank(message.value)) return 'value-not-a-number'
  if (isBlank(message.address)) return 'address-blank'
  if (!(times.rules === 'strict' ? isAmount(message.value) : isGoFloat(message.value))) return 'value-not-a-number'
  return judgeLengths(times, [], [message.value, message.contract, message.address])
}

function judgeSend(message: SendTransaction, times: Times): RefusalCode | undefined {
  const clock = judgeClock(message.clock, times.sentMs)
  if (clock !== undefined) return clock
  if (isBlank(message.transactionHash)) return 'hash-blank'
  if (message.signature.length === 0) return 'signature-missing'
  return judgeLengths(times, [], [message.id, message.transactionHash])
}

/** Edit, delete and pin are not in status-go 0.56.10: the same under both rules. */
function judgeAnnotation(message: PinMessage | EditMessage | DeleteMessage, times: Times): RefusalCode | undefined {
  return (
    judgeClock(message.clock, times.sentMs) ??
    (isMessageId(message.messageId) ? undefined : 'message-id-invalid') ??
    judgeChatId(message.chatId, 'strict') ??
    judgeMessageType(message.messageType, 'strict')
  )
}
