import type { Accepted, Admitted, Known } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import type { ChangeEvent } from '../events.ts'
import type { MessageRecord, NoteRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { ChatRef } from '../types.ts'
import { type ApplyResult, applied, duplicate } from './apply-result.ts'

type Annotation = Extract<Accepted['content'], { kind: 'reaction' | 'edit' | 'delete' | 'pin' }>

/** An annotation that was admitted, and whose early one makes room for it. */
export interface Annotating {
  readonly accepted: Accepted
  readonly content: Annotation
  readonly evictsEarly: Admitted['evictsEarly'] | undefined
}

export function isAnnotation(content: Accepted['content']): content is Annotation {
  return ['reaction', 'edit', 'delete', 'pin'].includes(content.kind)
}

/** What is kept of an annotation. */
export function noteOf(accepted: Pick<Accepted, 'author' | 'clock' | 'timestamp'>, content: Annotation): NoteRecord {
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

/** Whether an annotation is the one that is stored: our own come back from every public chat, and peers repeat what they hold. */
export function isCopy({ content, clock }: Accepted, { reactionClock, annotationClock, target }: Known): boolean {
  if (!isAnnotation(content)) return false
  if (target !== undefined && content.kind === 'delete') return target.deleted === true
  const stored = content.kind === 'edit' ? (target?.editClock ?? annotationClock) : (reactionClock ?? annotationClock)
  return stored === clock
}

/**
 * Stages what refers to an earlier message and was admitted: reactions, pins, edits and deletions. One that comes before its message is
 * noted, and waits for it.
 */
export function createApplyAnnotation({ messages, announce, emit, clock }: Core) {
  const changed = (unit: Unit, { messageId }: MessageRecord, change: ChangeEvent['change']): void => {
    unit.after(() =>
      announce('change', async () => {
        const record = await messages.record(messageId)
        if (record !== undefined) emit('change', { message: await messages.view(record), change })
      })
    )
  }

  const note = async (unit: Unit, chat: ChatRef, { accepted, content, evictsEarly }: Annotating): Promise<void> => {
    if (evictsEarly !== undefined) {
      await messages.evictEarly(unit, chat, evictsEarly === 'author' ? accepted.author : undefined)
    }
    await messages.note(unit, chat, content.messageId, noteOf(accepted, content), clock.nowMs())
  }

  return async (unit: Unit, chat: ChatRef, annotating: Annotating): Promise<ApplyResult> => {
    const { accepted, content } = annotating
    const target = await messages.record(content.messageId, unit)
    // It was here and is gone: nothing waits for it, and what is noted now would be deleted with nothing.
    if (target === undefined && (await messages.has(content.messageId, unit))) return duplicate
    if (target === undefined || content.kind === 'reaction' || content.kind === 'pin') {
      await note(unit, chat, annotating)
    }
    if (target === undefined) return applied
    switch (content.kind) {
      case 'reaction':
        changed(unit, target, 'reaction')
        break
      case 'pin':
        changed(unit, target, content.pinned ? 'pinned' : 'unpinned')
        break
      case 'delete':
        messages.erase(unit, target)
        changed(unit, target, 'deleted')
        break
      case 'edit':
        messages.edit(unit, target, { text: content.text, clock: accepted.clock, atMs: accepted.timestamp })
        changed(unit, target, 'edited')
    }
    return applied
  }
}
