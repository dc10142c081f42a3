import { createBoundedMap, timeSlicer } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { chatTagOf } from '../ids.ts'
import { limits } from '../limits.ts'
import type { ChatRef } from '../types.ts'

const purgeAtOnce = 200

type RetentionCore = Pick<
  Core,
  'chatCache' | 'clock' | 'expiryClock' | 'messages' | 'options' | 'state' | 'stopping' | 'store'
>

/** Deletes what is beyond `messagesPerChat` or older than `messageAgeMs`: messages, and what waits for messages that have not come. */
export function createRetention(core: RetentionCore): () => Promise<void> {
  /** When the earliest note that waits in a chat is too old; before that it need not be looked for. BOUNDED: limits.chatsRemembered */
  const notesDueMs = createBoundedMap<string, number>({ maxEntries: limits.chatsRemembered })

  const purge = (chat: ChatRef, upToClock: number | undefined, limit: number): Promise<number> =>
    core.state.run(async () => {
      const unit = core.store.unit()
      const nowMs = core.clock.nowMs()
      const gone = await core.messages.purge(unit, chat, { upToClock, limit, nowMs, by: 'retention' })
      if (gone > 0) await unit.commit()
      return gone
    })

  /** In steps, between which others get the chats; until it is done, as more may come in a minute than one step deletes. */
  const purgeAll = async (chat: ChatRef, upToClock: number | undefined, excess: number): Promise<void> => {
    for (let left = excess; left > 0 && !core.stopping.aborted; ) {
      const gone = await purge(chat, upToClock, Math.min(left, purgeAtOnce))
      if (gone === 0) return
      left -= gone
      await timeSlicer.yielded()
    }
  }

  /** Notes go by when they came: their clocks were chosen by others. */
  const purgeNotes = async (chat: ChatRef, ageMs: number): Promise<void> => {
    const tag = chatTagOf(chat)
    const nowMs = core.expiryClock.nowMs()
    if (core.stopping.aborted || nowMs < (notesDueMs.touch(tag) ?? 0)) return
    await core.state.run(async () => {
      const unit = core.store.unit()
      const nextMs = await core.messages.purgeEarly(unit, chat, { upToMs: nowMs - ageMs })
      await unit.commit()
      // What comes from now on is due later still.
      notesDueMs.set(tag, (nextMs ?? nowMs) + ageMs)
    })
    await timeSlicer.yielded()
  }

  return async () => {
    const { messagesPerChat, messageAgeMs } = core.options
    for (const { chat, count } of core.chatCache.chats()) {
      await purgeAll(chat, undefined, count - messagesPerChat)
      if (messageAgeMs === 0) continue
      await purgeAll(chat, core.expiryClock.nowMs() - messageAgeMs, count)
      await purgeNotes(chat, messageAgeMs)
    }
  }
}
