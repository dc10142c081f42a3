/**
 * Facts of accounts that never were, for tests of what shows them.
 *
 * @packageDocumentation
 */

import { publicKeyOf } from '@status-stack/crypto'
import type { ChatFact, MessageFact } from '../methods.ts'
import { type ChatJson, chatId, keyHex } from '../targets.ts'

const personOf = (secret: number): string => keyHex(publicKeyOf(new Uint8Array(32).fill(secret)))

/** Whose account it is. */
export const self = personOf(1)
/** Whom the account talks with. */
export const bob = personOf(2)

/**
 * A message of Bob's; `clock` makes its id.
 *
 * @example
 * ```ts
 * const message = messageFact({ text: 'hello', clock: 7 })
 * ```
 */
export function messageFact(changes: Partial<MessageFact> & { readonly clock?: number }): MessageFact {
  const { clock = 1, outgoing = false } = changes
  return {
    event: 'message',
    messageId: `0x${clock.toString(16).padStart(64, '0')}`,
    chat: { kind: 'one-to-one', publicKey: bob },
    author: outgoing ? self : bob,
    outgoing,
    text: '',
    kind: 'text',
    clock,
    timestampMs: 1_577_880_000_000,
    protection: 'forward-secret',
    source: 'live',
    seen: false,
    mentions: [],
    deleted: false,
    reactions: [],
    ...changes
  }
}

/**
 * A chat; a group has Bob as its admin.
 *
 * @example
 * ```ts
 * const chat = chatFact({ kind: 'public', name: 'status' }, 2)
 * ```
 */
export function chatFact(chat: ChatJson, unread = 0, name = 'a group'): ChatFact {
  const group = { name, joined: true, member: true, members: [{ publicKey: bob, admin: true, joined: true }] }
  return {
    event: 'chat',
    chat,
    id: chatId(chat),
    active: true,
    request: false,
    unread,
    unreadMentions: 0,
    lastClock: 1,
    muted: false,
    ...(chat.kind === 'group' ? { group } : {})
  }
}
