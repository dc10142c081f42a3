import { publicKeyOf } from '@status-stack/crypto'
import type { Chat, ChatRef, Message } from '@status-stack/status-client'
import { chatId } from '../../src/tui/state.ts'

export const self = publicKeyOf(new Uint8Array(32).fill(1))
export const bob = publicKeyOf(new Uint8Array(32).fill(2))

export function messageFact(changes: Partial<Message> & { readonly clock?: number }): Message {
  const { clock = 1, outgoing = false } = changes
  return {
    messageId: `0x${clock.toString(16).padStart(64, '0')}`,
    chat: { kind: 'one-to-one', publicKey: bob },
    author: outgoing ? self : bob,
    outgoing,
    text: '',
    content: { kind: 'text', style: 'plain' },
    clock,
    timestampMs: 1_577_880_000_000,
    storedMs: 1_577_880_000_000,
    protection: 'forward-secret',
    source: 'live',
    seen: false,
    mentions: [],
    deleted: false,
    reactions: [],
    ...changes
  }
}

export function chatFact(chat: ChatRef, unread = 0, name = 'a group'): Chat {
  const group = { name, joined: true, member: true, members: [{ publicKey: bob, admin: true, joined: true }] }
  return {
    chat,
    id: chatId(chat),
    active: true,
    request: false,
    unread,
    unreadMentions: 0,
    lastClock: 1,
    ...(chat.kind === 'group' ? { group } : {})
  }
}
