import type { EarlyRecord, MessageRecord } from '../records.ts'
import type { MessageTable } from './table.ts'
import type { MessageStore, MessageStoreDeps } from './types.ts'

/** Takes messages out of chats for good. */
export function createMessagePurge(
  { store, keys, chatCache, data }: Pick<MessageStoreDeps, 'store' | 'keys' | 'chatCache' | 'data'>,
  { keysIn, remove, mentionsSelf }: MessageTable
): Pick<MessageStore, 'purge' | 'drop'> {
  return {
    purge: async (unit, ref, { upToClock = Number.POSITIVE_INFINITY, limit, nowMs, by }) => {
      const chat = chatCache.chat(ref, unit)
      if (chat === undefined) return 0
      let gone = 0
      let latest = 0
      let { unread, unreadMentions } = chat
      for await (const { value } of store.range<MessageRecord>({ ...keys.messagesOf(ref), limit })) {
        if (value.clock > upToClock) break
        await remove(unit, value)
        if (!value.seen) unread -= 1
        if (!value.seen && mentionsSelf(value)) unreadMentions -= 1
        // Clocks ahead of time say nothing about what may still come: their messages are known by their ids.
        if (value.clock <= nowMs) latest = Math.max(latest, value.clock)
        gone += 1
      }
      const counters = { unread: Math.max(0, unread), unreadMentions: Math.max(0, unreadMentions) }
      const clocks =
        by === 'user'
          ? { deletedAtClock: Math.max(chat.deletedAtClock, data.clocks.deletion(chat.lastClock, nowMs)) }
          : { trimmedAtClock: Math.max(chat.trimmedAtClock ?? 0, latest) }
      chatCache.putChat(unit, { ...chat, ...clocks, count: chat.count - gone, ...counters })
      return gone
    },
    drop: async (unit, ref) => {
      for await (const key of keysIn(unit, keys.messagesOf(ref))) {
        const message = await unit.get<MessageRecord>(key)
        if (message === undefined) continue
        await remove(unit, message)
        unit.delete(keys.index(message.messageId))
      }
      for await (const key of keysIn(unit, keys.earlyOf(ref))) {
        const early = await unit.get<EarlyRecord>(key)
        unit.delete(key)
        // An earlier release did not say which note it is: what becomes of it is looked for when the store is opened again.
        unit.delete(early?.note ?? keys.notesSwept)
      }
    }
  }
}
