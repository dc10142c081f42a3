import type {
  ClientEvents,
  LedgerEntry,
  Message,
  MessageContent,
  PublicKey,
  SendResult
} from '@status-stack/status-client'
import { deliveryMark } from './delivery-mark.ts'
import type { DeliveryFact, LedgerFact, MessageFact, RefusedFact, SentFact } from './message-facts.ts'
import { chatJson, keyHex } from './targets.ts'

/** What a message holds beside its text; the file itself comes with `attachment`. */
function contentJson(content: MessageContent): Pick<MessageFact, 'attachment' | 'sticker'> {
  switch (content.kind) {
    case 'image':
      return { attachment: { kind: 'image', type: content.type, bytes: content.bytes.length } }
    case 'audio': {
      const { type, bytes, durationMs } = content
      return { attachment: { kind: 'audio', type, bytes: bytes.length, durationMs } }
    }
    case 'sticker':
      return { sticker: { hash: content.hash, pack: content.pack } }
    default:
      return {}
  }
}

/**
 * A stored message as JSON.
 *
 * @example
 * ```ts
 * client.on('message', message => console.log(JSON.stringify(messageFact(message))))
 * ```
 */
export function messageFact(message: Message): MessageFact {
  return {
    event: 'message',
    messageId: message.messageId,
    chat: chatJson(message.chat),
    author: keyHex(message.author),
    outgoing: message.outgoing,
    kind: message.content.kind,
    text: message.text,
    clock: message.clock,
    protection: message.protection,
    source: message.source,
    timestampMs: message.timestampMs,
    seen: message.seen,
    deleted: message.deleted,
    mentions: message.mentions.map(keyHex),
    reactions: message.reactions.map(({ emoji, author }) => ({ emoji, author: keyHex(author) })),
    ...(message.editedMs === undefined ? {} : { editedMs: message.editedMs }),
    ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
    ...(message.old === true ? { old: true } : {}),
    ...contentJson(message.content)
  }
}

/**
 * A message that was stored and queued.
 *
 * @example
 * ```ts
 * const fact = sentFact(await client.send(chat, { text: 'hello' }))
 * ```
 */
export function sentFact({ messageId, clock, protection }: SendResult): SentFact {
  return { event: 'sent', state: 'queued', messageId, clock, protection }
}

/**
 * A step of a delivery as JSON.
 *
 * @example
 * ```ts
 * client.on('delivery', fact => tell(deliveryFact(fact)))
 * ```
 */
export function deliveryFact(fact: ClientEvents['delivery']): DeliveryFact {
  return {
    event: 'delivery',
    messageId: fact.messageId,
    chat: chatJson(fact.chat),
    state: fact.state,
    ...(fact.recipient === undefined ? {} : { recipient: keyHex(fact.recipient) }),
    ...(fact.reason === undefined ? {} : { reason: fact.reason }),
    ...(fact.protection === undefined ? {} : { protection: fact.protection }),
    ...(fact.by === undefined ? {} : { by: fact.by })
  }
}

/**
 * What became of a message, as JSON; `mark` sums it up.
 *
 * @example
 * ```ts
 * const entry = await client.ledger(messageId)
 * if (entry !== undefined) console.log(ledgerFact(entry, client.publicKey).mark.words)
 * ```
 */
export function ledgerFact(entry: LedgerEntry, self: PublicKey): LedgerFact {
  return {
    event: 'ledger',
    messageId: entry.messageId,
    chat: chatJson(entry.chat),
    queuedMs: entry.queuedMs,
    complete: entry.complete,
    mark: deliveryMark(entry, self),
    legs: entry.legs.map(({ recipient, ...leg }) => ({
      ...leg,
      ...(recipient === undefined ? {} : { recipient: keyHex(recipient) })
    }))
  }
}

/**
 * What was refused, as JSON.
 *
 * @example
 * ```ts
 * client.on('refused', fact => tell(refusedFact(fact)))
 * ```
 */
export function refusedFact(fact: ClientEvents['refused']): RefusedFact {
  return {
    event: 'refused',
    layer: fact.layer,
    reason: fact.reason,
    final: fact.final,
    expected: fact.expected,
    ...(fact.author === undefined ? {} : { author: keyHex(fact.author) })
  }
}
