import { equalBytes } from '@status-stack/crypto'
import type { ChatRef } from '@status-stack/interface'
import { isGroupId, keyOfId } from '../ids.ts'
import { messageTypes } from '../payloads/chat-message.ts'
import type { Payload } from '../payloads/registry.ts'
import type { RefusalCode } from '../refusal.ts'
import type { Origin } from './context.ts'

/** Where a payload belongs, or why it may not say so. */
export type Placement = { readonly chat?: ChatRef } | { readonly refusal: RefusalCode }

const nowhere: Placement = {}
const refusal = (code: RefusalCode): Placement => ({ refusal: code })

/** Whether an arrival is one that only we, or only we and one other, can read. */
function isPrivate({ arrival }: Origin): boolean {
  return arrival.kind === 'identity' || arrival.kind === 'rendezvous'
}

/** Finds the chat of a payload, and refuses it when author, recipient or arrival do not fit what it claims. */
export function placePayload(payload: Payload, origin: Origin): Placement {
  switch (payload.name) {
    case 'chat-message':
    case 'emoji-reaction':
    case 'edit-message':
    case 'delete-message':
    case 'pin-message':
      return placeMessage(payload.message.chatId, payload.message.messageType, origin)
    case 'membership-update':
      return placeUpdate(payload.message.chatId, payload, origin)
    case 'pair-installation':
    case 'sync-installation':
    case 'sync-installation-contact':
    case 'sync-installation-account':
    case 'sync-installation-public-chat':
      // SPEC: P-27: from our own key only.
      if (!origin.fromSelf) return refusal('author-not-self')
      return privately(origin, nowhere)
    case 'contact-update':
    case 'request-address-for-transaction':
    case 'accept-request-address-for-transaction':
    case 'decline-request-address-for-transaction':
    case 'request-transaction':
    case 'decline-request-transaction':
    case 'send-transaction':
      // No field names the chat, so our own from another device cannot be filed.
      return privately(origin, origin.fromSelf ? nowhere : { chat: withAuthor(origin) })
    case 'contact-code-advertisement':
    case 'push-notification-registration':
    case 'push-notification-registration-response':
    case 'push-notification-query':
    case 'push-notification-query-response':
    case 'push-notification-request':
    case 'push-notification-response':
    case 'unknown':
      return nowhere
  }
}

function privately(origin: Origin, placement: Placement): Placement {
  return origin.rules === 'strict' && !isPrivate(origin) ? refusal('arrival-mismatch') : placement
}

const withAuthor = ({ author, authorId }: Origin): ChatRef => ({
  kind: 'one-to-one',
  id: authorId,
  publicKey: author
})

function placeMessage(chatId: string, messageType: number, origin: Origin): Placement {
  switch (messageType) {
    case messageTypes.oneToOne:
      return privately(origin, placeOneToOne(chatId, origin))
    case messageTypes.publicGroup:
      return placePublic(chatId, origin)
    case messageTypes.privateGroup:
      if (origin.rules === 'strict' && !isGroupId(chatId)) return refusal('chat-id-invalid')
      return privately(origin, { chat: { kind: 'group', id: chatId } })
    default:
      // Only the rules of status-go 0.56.10 come this far: it finds no chat for such a type.
      return refusal('message-type')
  }
}

/** From others the author is the chat; our own, from another device, name the chat they belong to. */
function placeOneToOne(chatId: string, origin: Origin): Placement {
  if (origin.fromSelf) {
    const publicKey = keyOfId(chatId)
    return publicKey === undefined
      ? refusal('chat-id-invalid')
      : { chat: { kind: 'one-to-one', id: chatId, publicKey } }
  }
  // DEVIATION: status-go 0.56.10 ignores the field, so any recipient can pass a message on as if it were for someone else.
  if (origin.rules === 'strict' && chatId !== origin.selfId) return refusal('recipient-mismatch')
  return { chat: withAuthor(origin) }
}

function placePublic(chatId: string, { arrival, rules }: Origin): Placement {
  const there = arrival.kind === 'public' && arrival.name === chatId
  if (rules === 'strict' && !there) return refusal('arrival-mismatch')
  return { chat: { kind: 'public', id: chatId } }
}

function placeUpdate(
  chatId: string,
  { message }: Extract<Payload, { name: 'membership-update' }>,
  origin: Origin
): Placement {
  if (origin.rules === 'strict') {
    if (!isGroupId(chatId)) return refusal('group-id-invalid')
    for (const inside of [message.message, message.emojiReaction]) {
      if (inside === undefined) continue
      if (inside.chatId !== chatId || inside.messageType !== messageTypes.privateGroup)
        return refusal('embedded-mismatch')
    }
  }
  return privately(origin, { chat: { kind: 'group', id: chatId } })
}

/**
 * Whether the wrapper's signer may differ from the envelope's. Public chat messages and group histories may be handed on
 * by anyone: they name where they belong. What is said to one person may not, and neither may what acts on other
 * messages, because the signature does not cover the type: a reaction reads as a deletion.
 */
export function validateRelay(payload: Payload, origin: Origin, transportAuthor: Uint8Array): RefusalCode | undefined {
  if (origin.rules !== 'strict' || equalBytes(origin.author, transportAuthor)) return undefined
  const bound =
    payload.name === 'membership-update' ||
    payload.name === 'unknown' ||
    (payload.name === 'chat-message' && origin.arrival.kind === 'public')
  return bound ? undefined : 'author-mismatch'
}
