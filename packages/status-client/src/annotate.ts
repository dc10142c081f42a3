import { equalBytes } from '@status-stack/crypto'
import type { Accepted } from '@status-stack/status-data'
import { type Applied, applied, duplicate, refused } from './applied.ts'
import type { Core } from './core.ts'
import type { ChangeEvent } from './events.ts'
import type { Groups } from './groups.ts'
import { chatTagOf } from './ids.ts'
import type { MessageRecord, NoteRecord } from './records.ts'
import type { Unit } from './stores/store.ts'
import type { ChatRef } from './types.ts'

type Annotation = Extract<Accepted['content'], { kind: 'reaction' | 'edit' | 'delete' | 'pin' }>

export function isAnnotation(content: Accepted['content']): content is Annotation {
  return ['reaction', 'edit', 'delete', 'pin'].includes(content.kind)
}

function noteOf(accepted: Accepted, content: Annotation): NoteRecord {
  const note = { kind: content.kind, author: accepted.author, clock: accepted.clock, atMs: accepted.timestamp }
  switch (content.kind) {
    case 'reaction':
      return { ...note, emoji: content.emoji, retracted: content.retracted ?? false }
    case 'pin':
      return { ...note, retracted: !content.pinned }
    case 'edit':
      return { ...note, text: content.text }
    case 'delete':
      return note
  }
}

const refusals = {
  stale: 'data',
  'reaction-quota': 'quota',
  'early-note-quota': 'quota',
  'pin-quota': 'quota'
} as const

/** What refers to an earlier message: reactions, pins, edits and deletions. It may come before its message. */
export function createAnnotate(core: Core, groups: Pick<Groups, 'mayRead'>) {
  const { book, messages } = core

  /** Why an author may not annotate messages of this chat: only those who could write in it may. */
  const barred = (
    unit: Unit,
    chat: ChatRef,
    { author, mine }: Accepted,
    kind: Annotation['kind']
  ): string | undefined => {
    if (chat.kind === 'group') return groups.mayRead(unit, chat.id, author) ? undefined : 'not-a-member'
    // Anybody may enter a public chat: a pin there would be anybody's notice board.
    if (chat.kind === 'public' && kind === 'pin') return 'pin-public'
    return mine || book.chat(chat, unit)?.active === true ? undefined : 'chat-unknown'
  }

  const changed = (unit: Unit, { messageId }: MessageRecord, change: ChangeEvent['change']): void => {
    unit.after(() =>
      core.announce('change', async () => {
        const record = await messages.record(messageId)
        if (record !== undefined) core.emit('change', { message: await messages.view(record), change })
      })
    )
  }

  const noted = async (unit: Unit, accepted: Accepted, content: Annotation, chat: ChatRef): Promise<Applied> => {
    const state = await messages.note(unit, chat, content.messageId, noteOf(accepted, content))
    if (state === 'stored') return applied
    if (state === 'duplicate') return duplicate
    // What is sent through sync comes again, and finds room once its message has come; a reaction is sent once.
    return refused(state, refusals[state], refusals[state] === 'data' || content.kind === 'reaction')
  }

  return async (unit: Unit, accepted: Accepted, content: Annotation, chat: ChatRef): Promise<Applied> => {
    const reason = barred(unit, chat, accepted, content.kind)
    // An edit can overtake the message that opens its chat: it comes again. Reactions are sent once.
    const later = reason === 'chat-unknown' && chat.kind === 'one-to-one' && content.kind !== 'reaction'
    if (reason !== undefined) return refused(reason, 'data', !later)
    const target = await messages.record(content.messageId, unit)
    if (target === undefined) return noted(unit, accepted, content, chat)
    if (chatTagOf(target.chat) !== chatTagOf(chat)) return refused('target-chat')
    if (content.kind === 'reaction' || content.kind === 'pin') {
      if (content.kind === 'pin' && (target.deleted || target.content.kind === 'system')) return refused('stale')
      const outcome = await noted(unit, accepted, content, chat)
      if (outcome.kind !== 'applied') return outcome
      const pinning = content.kind === 'pin' && content.pinned ? 'pinned' : 'unpinned'
      changed(unit, target, content.kind === 'reaction' ? 'reaction' : pinning)
      return applied
    }
    if (!equalBytes(target.author, accepted.author)) return refused('target-author')
    if (target.deleted) return content.kind === 'delete' ? duplicate : refused('stale')
    if (content.kind === 'delete') {
      messages.erase(unit, target)
      changed(unit, target, 'deleted')
      return applied
    }
    if (accepted.clock === target.editClock && content.text === target.text) return duplicate
    if (accepted.clock <= (target.editClock ?? 0)) return refused('stale')
    const edited = { ...target, text: content.text, editedMs: accepted.timestamp, editClock: accepted.clock }
    messages.update(unit, edited)
    changed(unit, edited, 'edited')
    return applied
  }
}
