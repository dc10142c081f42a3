import type { Core } from '../composition/core.ts'
import { callerError } from '../errors.ts'
import { assertChat } from '../ids.ts'
import type { Message } from '../message-types.ts'
import type { MessagesQuery, SearchQuery } from '../queries.ts'
import type { ChatRef, MessageId } from '../types.ts'

/** Messages marked as seen in one batch. */
export const seenStep = 500
/** Messages read for it: one message with an early clock, which its author chooses, has all of a chat read that came after it. */
export const seenRead = 1000

/** What is stored of chats, page by page, and what was read of it. */
export function createReading({ messages, state, store }: Pick<Core, 'messages' | 'state' | 'store'>) {
  return {
    page: async (chat: ChatRef, { before, after, limit = 50 }: MessagesQuery = {}): Promise<readonly Message[]> => {
      assertChat(chat)
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
        throw callerError('invalid-argument', `limit: expected 1…1000, got ${limit}`)
      }
      if (after === undefined) return messages.page(chat, before, limit)
      if (before !== undefined) throw callerError('invalid-argument', 'after: expected without before')
      return messages.pageAfter(chat, after, limit)
    },
    one: async (messageId: MessageId): Promise<Message | undefined> => {
      const record = await messages.record(messageId)
      return record === undefined ? undefined : messages.view(record)
    },
    search: (chat: ChatRef, text: string, query: SearchQuery = {}) => {
      assertChat(chat)
      if (text.length === 0) throw callerError('invalid-argument', 'text: expected a text to search for')
      return messages.search(chat, text, query)
    },
    markSeen: async (chat: ChatRef, upTo?: MessageId): Promise<number> => {
      // What comes while this goes on stays unseen. Others get their turn between the steps.
      const last = upTo ?? (await messages.page(chat, undefined, 1))[0]?.messageId
      const most = { marked: seenStep, read: seenRead }
      let marked = 0
      let from: number | undefined
      do {
        const step = await state.run(async () => {
          const unit = store.unit()
          const done = await messages.markSeen(unit, chat, last, most, from)
          await unit.commit()
          return done
        })
        marked += step.marked
        from = step.next
      } while (from !== undefined)
      return marked
    }
  }
}
