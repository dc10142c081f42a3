import { equalBytes } from '@status-stack/crypto'
import { createBoundedMap } from '@status-stack/utils'
import { chatTagOf } from '../../ids.ts'
import { limits as ownLimits } from '../../limits.ts'
import type { ChatRef } from '../../types.ts'
import type { EarlyRecord, MessageRecord, NoteRecord } from '../records.ts'
import type { RangeQuery } from '../stores/key-value.ts'
import type { Keys } from '../stores/keys.ts'
import type { Store, Unit } from '../stores/store.ts'
import { erased } from './erased.ts'
import type { MessageTable } from './table.ts'
import type { MessageStore, MessageStoreDeps } from './types.ts'

/** Whether notes of a chat may be waiting for their messages: most chats have none, and are asked once. */
function createEarlyChats(store: Pick<Store, 'keys'>, keys: Pick<Keys, 'earlyOf'>) {
  // BOUNDED: chatsRemembered
  const known = createBoundedMap<string, boolean>({ maxEntries: ownLimits.chatsRemembered })
  return {
    mayHave: async (ref: ChatRef): Promise<boolean> => {
      const tag = chatTagOf(ref)
      const remembered = known.touch(tag)
      if (remembered !== undefined) return remembered
      let found = false
      for await (const _ of store.keys({ ...keys.earlyOf(ref), limit: 1 })) found = true
      // What was noted meanwhile says more.
      if (!known.has(tag)) known.set(tag, found)
      return known.get(tag) ?? found
    },
    noted: (ref: ChatRef): void => {
      known.set(chatTagOf(ref), true)
    }
  }
}

/** Counts the entries of ranges. What a unit adds is not on the disk yet, and counts: a batch holds many messages. */
function createRangeCounts(store: Pick<Store, 'keys'>) {
  const added = new WeakMap<Unit, Map<string, number>>()
  return {
    /** Of the range that begins so; `change`: 1 for an entry that is new, -1 for one that goes. */
    add: (unit: Unit, gte: string, change = 1): void => {
      const staged = added.get(unit) ?? new Map<string, number>()
      added.set(unit, staged)
      staged.set(gte, (staged.get(gte) ?? 0) + change)
    },
    /** Entries of a range, stored and staged; what is above `most` is not counted. */
    of: async (unit: Unit, range: RangeQuery, most: number): Promise<number> => {
      let count = added.get(unit)?.get(range.gte) ?? 0
      for await (const _ of store.keys({ ...range, limit: most })) count += 1
      return count
    }
  }
}

/** That a note waits for its message, and where that is noted. */
interface Early {
  readonly key: string
  readonly record: EarlyRecord
}

/** The early notes of one author in one chat: their keys differ in their last part. */
const shareOf = ({ key }: Early): string => key.slice(0, key.lastIndexOf('!') + 1)

/** Of the authors who have the most early notes the one that was stored first. Earlier releases did not say when: theirs come before. */
function oldestOfFullest(early: readonly Early[]): Early | undefined {
  const sizes = new Map<string, number>()
  for (const each of early) sizes.set(shareOf(each), (sizes.get(shareOf(each)) ?? 0) + 1)
  const most = Math.max(...sizes.values())
  return early
    .filter(each => sizes.get(shareOf(each)) === most)
    .reduce<Early | undefined>(
      (oldest, each) =>
        oldest === undefined || (each.record.storedMs ?? 0) < (oldest.record.storedMs ?? 0) ? each : oldest,
      undefined
    )
}

/** What is said about messages, before or after they come: reactions, pins, edits and deletions. */
export function createMessageNotes(
  { store, keys, data }: Pick<MessageStoreDeps, 'store' | 'keys' | 'data'>,
  { keyOf, keysIn, erasedParts, bare }: MessageTable
) {
  const { limits } = data
  const early = createEarlyChats(store, keys)
  const counts = createRangeCounts(store)

  /** The message with the edits and the deletion of its author that came before it. */
  const withEarlyNotes = async (unit: Unit, message: MessageRecord): Promise<MessageRecord> => {
    if (!(await early.mayHave(message.chat))) {
      bare.add(message)
      return message
    }
    let result = message
    let isDeleted = false
    for await (const key of keysIn(unit, keys.notesOf(message.messageId))) {
      const note = await unit.get<NoteRecord>(key)
      if (note === undefined) continue
      unit.delete(keys.early(message.chat, message.messageId, note))
      unit.delete(keys.earlyBefore(message.chat, message.messageId, note))
      if (note.kind === 'pin' && note.retracted !== true) {
        // BOUNDED: limits.pins, also for pins that came before their messages
        const pins = keys.pinsOf(message.chat)
        if ((await counts.of(unit, pins, limits.pins)) < limits.pins) {
          unit.put(keys.pin(message.chat, message.messageId), { messageId: message.messageId })
          counts.add(unit, pins.gte)
        } else unit.delete(key)
      }
      if (note.kind === 'reaction' || note.kind === 'pin') continue
      // The message says it from here on: its text is not to stay beside it, for the message may be deleted.
      unit.delete(key)
      if (!equalBytes(note.author, message.author)) continue
      isDeleted ||= note.kind === 'delete'
      if (note.kind === 'delete' || note.clock <= (result.editClock ?? 0)) continue
      const text = note.text ?? ''
      result = { ...result, text, mentions: data.mentionedKeys(text), editedMs: note.atMs, editClock: note.clock }
    }
    if (!isDeleted) return result
    erasedParts(unit, message)
    return erased(result)
  }

  /** Early notes as the unit leaves them. */
  const earlyIn = async (unit: Unit, range: RangeQuery): Promise<readonly Early[]> => {
    const found: Early[] = []
    for (const key of unit.stagedIn(range)) found.push({ key, record: (await unit.get<EarlyRecord>(key)) ?? {} })
    for await (const { key, value: record } of store.range<EarlyRecord>(range))
      if (unit.staged(key) === undefined) found.push({ key, record })
    return found
  }

  const dropEarly = (unit: Unit, ref: ChatRef, waiting: Early): void => {
    unit.delete(waiting.key)
    // Of an entry that an earlier release made it is not known which note it stands for.
    unit.delete(waiting.record.note ?? keys.notesSwept)
    for (const gte of new Set([keys.earlyOf(ref).gte, shareOf(waiting)])) counts.add(unit, gte, -1)
  }

  const parts: Pick<MessageStore, 'note' | 'evictEarly' | 'purgeEarly' | 'noteClock' | 'annotations'> = {
    evictEarly: async (unit, ref, author) => {
      const oldest = oldestOfFullest(await earlyIn(unit, keys.earlyOf(ref, author)))
      if (oldest !== undefined) dropEarly(unit, ref, oldest)
    },
    purgeEarly: async (unit, ref, { author, upToMs = Number.POSITIVE_INFINITY } = {}) => {
      let nextMs: number | undefined
      if (!(await early.mayHave(ref))) return nextMs
      for (const waiting of await earlyIn(unit, keys.earlyOf(ref, author))) {
        const { storedMs = 0 } = waiting.record
        if (storedMs <= upToMs) dropEarly(unit, ref, waiting)
        else nextMs = Math.min(nextMs ?? storedMs, storedMs)
      }
      return nextMs
    },
    note: async (unit, ref, id, note, storedMs) => {
      const key = keys.note(id, note)
      const isFresh = (await unit.get<NoteRecord>(key)) === undefined
      if (isFresh) counts.add(unit, keys.notesOf(id).gte)
      if ((await keyOf(id, unit)) === undefined) {
        if (isFresh) {
          counts.add(unit, keys.earlyOf(ref).gte)
          counts.add(unit, keys.earlyOf(ref, note.author).gte)
        }
        unit.put(keys.early(ref, id, note), { note: key, storedMs } satisfies EarlyRecord)
        early.noted(ref)
        // It is on the disk from here on, whatever was forgotten since.
        unit.after(() => early.noted(ref))
      } else if (note.kind === 'pin') {
        const pin = keys.pin(ref, id)
        if (note.retracted === true) unit.delete(pin)
        else {
          if ((await unit.get(pin)) === undefined) counts.add(unit, keys.pinsOf(ref).gte)
          unit.put(pin, { messageId: id })
        }
      }
      unit.put(key, note)
    },
    noteClock: async (unit, id, note) => (await unit.get<NoteRecord>(keys.note(id, note)))?.clock,
    annotations: async (unit, ref, id, { kind, author }) => {
      const ofTarget = await counts.of(unit, keys.notesOf(id), limits.annotationsPerMessage)
      if ((await keyOf(id, unit)) === undefined) {
        const ofChat = await counts.of(unit, keys.earlyOf(ref), limits.earlyAnnotations)
        const earlyByAuthor = await counts.of(unit, keys.earlyOf(ref, author), limits.earlyAnnotationsPerAuthor)
        return { ofTarget, early: ofChat, earlyByAuthor, pins: 0 }
      }
      if (kind !== 'pin') return { ofTarget, early: 0, earlyByAuthor: 0, pins: 0 }
      // A pin that is set again takes no more room.
      const own = (await unit.get(keys.pin(ref, id))) === undefined ? 0 : 1
      return {
        ofTarget,
        early: 0,
        earlyByAuthor: 0,
        pins: (await counts.of(unit, keys.pinsOf(ref), limits.pins)) - own
      }
    }
  }
  return { ...parts, withEarlyNotes }
}

export type MessageNotes = ReturnType<typeof createMessageNotes>
