import { isWeaker } from '../../sending/policy.ts'
import type { ChatRef } from '../../types.ts'
import { blankChat } from '../chat-cache.ts'
import type { MessageRecord } from '../records.ts'
import type { Unit } from '../stores/store.ts'
import { erased } from './erased.ts'
import { createMessageNotes, type MessageNotes } from './notes.ts'
import { createMessagePurge } from './purge.ts'
import { createMessageTable, type MessageTable } from './table.ts'
import type { MessageStore, MessageStoreDeps, NewMessage } from './types.ts'
import { createMessageViews } from './views.ts'

type Changes = Pick<MessageStore, 'add' | 'edit' | 'weaken' | 'erase' | 'hide' | 'markSeen'>

/** Messages and the counters of their chats, changed together. */
function createMessageChanges(
  { store, keys, chatCache, data }: MessageStoreDeps,
  { keyOf, record, put, erasedParts, mentionsSelf }: MessageTable,
  { withEarlyNotes }: Pick<MessageNotes, 'withEarlyNotes'>
): Changes {
  const chatOf = (ref: ChatRef, unit: Unit) => chatCache.chat(ref, unit) ?? blankChat(ref)

  const stripped = (unit: Unit, message: NewMessage): MessageRecord['content'] => {
    const { content } = message
    if (content.kind !== 'image' && content.kind !== 'audio') return content
    unit.putBytes(keys.attachment(message.messageId), content.bytes)
    if (content.kind === 'image') return { kind: 'image', type: content.type }
    return { kind: 'audio', type: content.type, durationMs: content.durationMs }
  }

  /** Puts a message in the place of what it was; what waits to be read names us, or does so no longer. */
  const replace = (unit: Unit, before: MessageRecord, after: MessageRecord): void => {
    put(unit, after)
    const change = before.seen ? 0 : Number(mentionsSelf(after)) - Number(mentionsSelf(before))
    if (change === 0) return
    const chat = chatOf(before.chat, unit)
    chatCache.putChat(unit, { ...chat, unreadMentions: Math.max(0, chat.unreadMentions + change) })
  }

  return {
    add: async (unit, message) => {
      const content = stripped(unit, message)
      const seen = message.outgoing || content.kind === 'system'
      const mentions = data.mentionedKeys(message.text)
      const fresh = await withEarlyNotes(unit, { ...message, content, mentions, seen, deleted: false })
      put(unit, fresh)
      const chat = chatOf(message.chat, unit)
      const earliest = chat.unseenFrom === 0 ? fresh.clock : Math.min(chat.unseenFrom, fresh.clock)
      chatCache.putChat(unit, {
        ...chat,
        lastClock: Math.max(chat.lastClock, fresh.clock),
        count: chat.count + 1,
        unread: chat.unread + (seen ? 0 : 1),
        unreadMentions: chat.unreadMentions + (!seen && mentionsSelf(fresh) ? 1 : 0),
        unseenFrom: seen ? chat.unseenFrom : earliest
      })
      return fresh
    },
    edit: (unit, message, { text, clock, atMs }) => {
      const mentions = data.mentionedKeys(text)
      replace(unit, message, { ...message, text, mentions, editedMs: atMs, editClock: clock })
    },
    weaken: async (unit, id, shown) => {
      const message = await record(id, unit)
      if (message === undefined || message.outgoing || !isWeaker(shown, message.protection)) return
      put(unit, { ...message, protection: shown })
    },
    erase: (unit, message) => {
      erasedParts(unit, message)
      replace(unit, message, erased(message))
    },
    hide: (unit, message) => {
      unit.delete(keys.message(message.chat, message.clock, message.messageId))
      unit.delete(keys.pin(message.chat, message.messageId))
      const chat = chatOf(message.chat, unit)
      const unread = message.seen ? chat.unread : Math.max(0, chat.unread - 1)
      chatCache.putChat(unit, { ...chat, count: chat.count - 1, unread })
    },
    markSeen: async (unit, ref, upTo, { marked: mostMarked, read: mostRead }, from) => {
      const chat = chatCache.chat(ref, unit)
      if (chat === undefined || chat.unseenFrom === 0) return { marked: 0 }
      const last = upTo === undefined ? undefined : await keyOf(upTo, unit)
      let [read, marked, mentions, clock] = [0, 0, 0, 0]
      let next: number | undefined
      let unseenFrom = 0
      for await (const { key, value } of store.range<MessageRecord>(keys.messagesOf(ref, from ?? chat.unseenFrom))) {
        // Messages of one clock stay in one step: what comes with that clock in between would else be left behind.
        const isFull = (read >= mostRead || marked >= mostMarked) && value.clock > clock
        if (isFull || (!value.seen && last !== undefined && key > last)) {
          unseenFrom = value.clock
          if (isFull) next = value.clock
          break
        }
        read += 1
        clock = value.clock
        if (value.seen) continue
        unit.put(key, { ...value, seen: true })
        marked += 1
        if (mentionsSelf(value)) mentions += 1
      }
      // What came behind the steps before this one is unseen.
      if (from !== undefined && chat.unseenFrom < from) unseenFrom = chat.unseenFrom
      // Nothing unseen is left: the counters say so whatever they said before.
      const unread = unseenFrom === 0 ? 0 : Math.max(1, chat.unread - marked)
      const unreadMentions = unseenFrom === 0 ? 0 : Math.max(0, chat.unreadMentions - mentions)
      chatCache.putChat(unit, { ...chat, unread, unreadMentions, unseenFrom })
      return next === undefined ? { marked } : { marked, next }
    }
  }
}

/** The messages of all chats. */
export function createMessageStore(deps: MessageStoreDeps): MessageStore {
  const { store, keys } = deps
  const table = createMessageTable(deps)
  const { withEarlyNotes, ...notes } = createMessageNotes(deps, table)
  return {
    has: async (id, unit) => (await table.keyOf(id, unit)) !== undefined,
    record: table.record,
    ...createMessageChanges(deps, table, { withEarlyNotes }),
    ...notes,
    ...createMessageViews(deps, table),
    ...createMessagePurge(deps, table),
    latestClock: async (chat, atMost) => {
      const range = { gte: keys.messagesOf(chat).gte, lt: keys.messagesOf(chat, atMost + 1).gte }
      for await (const { value } of store.range<MessageRecord>({ ...range, reverse: true, limit: 1 }))
        return value.clock
      return 0
    }
  }
}
