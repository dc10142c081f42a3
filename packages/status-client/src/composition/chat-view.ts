import { chatIdOf } from '../ids.ts'
import type { createGroups } from '../people/groups.ts'
import type { ChatRef } from '../types.ts'
import type { Core } from './core.ts'

/** A chat as the application sees it. */
export function chatView(
  core: Pick<Core, 'chatCache'>,
  groups: Pick<ReturnType<typeof createGroups>, 'info'>,
  chat: ChatRef
) {
  const record = core.chatCache.chat(chat)
  if (record === undefined) return undefined
  const { active, request, unread, unreadMentions, lastClock, muted = false } = record
  const group = chat.kind === 'group' ? groups.info(chat.id) : undefined
  return {
    chat,
    id: chatIdOf(chat),
    active,
    request,
    unread,
    unreadMentions,
    lastClock,
    muted,
    ...(group === undefined ? {} : { group })
  }
}
