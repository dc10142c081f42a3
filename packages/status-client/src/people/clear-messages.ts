import type { Core } from '../composition/core.ts'
import type { ChatRef } from '../types.ts'

/** Messages deleted in one batch. */
const purgeStep = 500

/** Deletes what a chat holds because the user asked for it, in batches. To be called within `state.run`. */
export async function clearMessages(core: Pick<Core, 'store' | 'messages' | 'clock'>, chat: ChatRef): Promise<void> {
  // What was said about messages that have not come: they are refused from now on.
  const waiting = core.store.unit()
  await core.messages.purgeEarly(waiting, chat)
  await waiting.commit()
  for (;;) {
    const unit = core.store.unit()
    const gone = await core.messages.purge(unit, chat, { limit: purgeStep, nowMs: core.clock.nowMs(), by: 'user' })
    await unit.commit()
    if (gone < purgeStep) return
  }
}

/** Nothing unread: what a cleared chat says of its messages. */
export const nothingUnread = Object.freeze({ unread: 0, unreadMentions: 0, unseenFrom: 0 })
