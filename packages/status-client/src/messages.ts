import { equalBytes } from '@status-stack/crypto'
import { deletionClock, type KnownAnnotations, limits, mentionedKeys } from '@status-stack/status-data'
import type { Book } from './book.ts'
import { blankChat } from './book.ts'
import { protectionOf } from './ledger.ts'
import { isWeaker, weakerOf } from './policy.ts'
import type { LedgerRecord, MessageRecord, NoteRecord } from './records.ts'
import type { RangeQuery } from './stores/key-value.ts'
import type { Keys } from './stores/keys.ts'
import type { Store, Unit } from './stores/store.ts'
import type {
  ChatRef,
  Emoji,
  Message,
  MessageContent,
  MessageId,
  Pin,
  PublicKey,
  Reaction,
  SearchStep,
  ShownProtection
} from './types.ts'

/** What tells the notes of one message apart. */
export type NoteKey = Pick<NoteRecord, 'kind' | 'author' | 'emoji'>

/** A message as it comes to the store: its attachment still inside. */
export interface NewMessage extends Omit<MessageRecord, 'content' | 'seen' | 'deleted' | 'mentions'> {
  readonly content: MessageContent
}

export interface Messages {
  readonly has: (id: MessageId, unit?: Unit) => Promise<boolean>
  readonly record: (id: MessageId, unit?: Unit) => Promise<MessageRecord | undefined>
  /** Stages the message, its index, its attachment and its chat's counters. Early edits and deletions are applied. */
  readonly add: (unit: Unit, message: NewMessage) => Promise<MessageRecord>
  readonly update: (unit: Unit, record: MessageRecord) => void
  /** A copy of a message that others wrote came with less protection: the record says so. */
  readonly weaken: (unit: Unit, id: MessageId, shown: ShownProtection) => Promise<void>
  /** Removes content and attachment; the id stays known, so that a copy is not stored again. */
  readonly erase: (unit: Unit, record: MessageRecord) => void
  /** Takes the message out of its chat; the id stays known. */
  readonly hide: (unit: Unit, record: MessageRecord) => void
  /** Stages something about a message, also before it came. */
  readonly note: (unit: Unit, chat: ChatRef, id: MessageId, note: NoteRecord) => Promise<void>
  /** Clock of the note that a note like this would replace. */
  readonly noteClock: (unit: Unit, id: MessageId, note: NoteKey) => Promise<number | undefined>
  /** How many notes there are, as far as it matters for one more; what a unit has staged counts. */
  readonly annotations: (unit: Unit, chat: ChatRef, id: MessageId, note: NoteKey) => Promise<KnownAnnotations>
  /** What is pinned in a chat, latest pin first. */
  readonly pinned: (chat: ChatRef) => Promise<readonly Message[]>
  readonly view: (record: MessageRecord) => Promise<Message>
  readonly page: (chat: ChatRef, before: MessageId | undefined, limit: number) => Promise<readonly Message[]>
  /** Reads backwards and gives what was found every `searchStep` messages; only what is found is completed with notes and ledger. */
  readonly search: (chat: ChatRef, text: string, before: MessageId | undefined) => AsyncIterable<SearchStep>
  /** Marks what is unseen up to a message, or up to the chat's last one; at most `most`, earliest first. Answers how many. */
  readonly markSeen: (unit: Unit, chat: ChatRef, upTo: MessageId | undefined, most: number) => Promise<number>
  /** Clock of the latest stored message that is not above `atMost`; 0 when there is none. */
  readonly latestClock: (chat: ChatRef, atMost: number) => Promise<number>
  /** Deletes messages of a chat, oldest first; returns how many. */
  readonly purge: (unit: Unit, chat: ChatRef, what: PurgeRequest) => Promise<number>
  /** Deletes all messages of a chat and forgets their ids: they may come again. */
  readonly drop: (unit: Unit, chat: ChatRef) => Promise<void>
}

/** What is deleted of a chat. */
export interface PurgeRequest {
  /** Messages above this clock stay. @default all go */
  readonly upToClock?: number | undefined
  readonly limit: number
  readonly nowMs: number
  /** `user`: what comes later with such a clock is refused for good. `retention`: it is only not stored now. */
  readonly by: 'user' | 'retention'
}

/** Messages that a search reads between two reports. */
export const searchStep = 1000
/** Messages of a page that are completed at a time. */
const pageStep = 16

/** The weakest protection under which a message may have left for anybody but our own devices. */
function weakestSent({ legs }: LedgerRecord, self: PublicKey): ShownProtection | undefined {
  return legs
    .filter(({ recipient }) => recipient === undefined || !equalBytes(recipient, self))
    .map(protectionOf)
    .reduce(weakerOf, undefined)
}

export function createMessages(store: Store, keys: Keys, book: Book, self: PublicKey): Messages {
  const keyOf = async (id: MessageId, unit?: Unit): Promise<string | undefined> => {
    const found = await (unit ?? store).get<{ key: string }>(keys.index(id))
    return found?.key
  }

  const record = async (id: MessageId, unit?: Unit): Promise<MessageRecord | undefined> => {
    const key = await keyOf(id, unit)
    return key === undefined ? undefined : (unit ?? store).get<MessageRecord>(key)
  }

  const notes = async (id: MessageId): Promise<readonly NoteRecord[]> => {
    const found: NoteRecord[] = []
    for await (const { value } of store.range<NoteRecord>(keys.notesOf(id))) found.push(value)
    return found
  }

  const stripped = (unit: Unit, message: NewMessage): MessageRecord['content'] => {
    const { content } = message
    if (content.kind !== 'image' && content.kind !== 'audio') return content
    unit.putBytes(keys.attachment(message.messageId), content.bytes)
    if (content.kind === 'image') return { kind: 'image', type: content.type }
    return { kind: 'audio', type: content.type, durationMs: content.durationMs }
  }

  const put = (unit: Unit, message: MessageRecord): void => {
    const key = keys.message(message.chat, message.clock, message.messageId)
    unit.put(key, message)
    unit.put(keys.index(message.messageId), { key })
  }

  const erased = (message: MessageRecord): MessageRecord => ({
    ...message,
    text: '',
    content: { kind: 'text', style: 'plain' },
    mentions: [],
    deleted: true
  })

  const erasedParts = (unit: Unit, { chat, messageId, author }: MessageRecord): void => {
    unit.delete(keys.attachment(messageId))
    unit.delete(keys.pin(chat, messageId))
    unit.delete(keys.note(messageId, { kind: 'pin', author }))
  }

  const withEarlyNotes = async (unit: Unit, message: MessageRecord): Promise<MessageRecord> => {
    let result = message
    for (const note of await notes(message.messageId)) {
      unit.delete(keys.early(message.chat, message.messageId, note))
      unit.delete(keys.earlyBefore(message.chat, message.messageId, note))
      if (note.kind === 'pin' && note.retracted !== true)
        unit.put(keys.pin(message.chat, message.messageId), { messageId: message.messageId })
      if (note.kind === 'reaction' || note.kind === 'pin' || !equalBytes(note.author, message.author)) continue
      if (note.kind === 'delete') {
        erasedParts(unit, message)
        return erased(result)
      }
      if (note.clock <= (result.editClock ?? 0)) continue
      const text = note.text ?? ''
      result = { ...result, text, mentions: mentionedKeys(text), editedMs: note.atMs, editClock: note.clock }
    }
    return result
  }

  const view = async (stored: MessageRecord): Promise<Message> => {
    const { editClock: _, content, ...rest } = stored
    const attachment =
      content.kind === 'image' || content.kind === 'audio'
        ? await store.getBytes(keys.attachment(stored.messageId))
        : undefined
    const reactions: Reaction[] = []
    let pin: Pin | undefined
    for (const note of await notes(stored.messageId)) {
      if (note.kind === 'pin' && note.retracted !== true) pin = { by: note.author, clock: note.clock }
      if (note.kind !== 'reaction' || note.retracted === true || note.emoji === undefined) continue
      reactions.push({ emoji: note.emoji as Emoji, author: note.author })
    }
    const ledger = stored.outgoing ? await store.get<LedgerRecord>(keys.ledger(stored.messageId)) : undefined
    const protection = (ledger === undefined ? undefined : weakestSent(ledger, self)) ?? stored.protection
    const full =
      content.kind === 'image' || content.kind === 'audio'
        ? ({ ...content, bytes: attachment ?? new Uint8Array() } satisfies MessageContent)
        : content
    return { ...rest, content: full, reactions, protection, ...(pin === undefined ? {} : { pinned: pin }) }
  }

  // What a unit adds to a range is not on the disk yet, and counts: a batch holds many messages.
  const added = new WeakMap<Unit, Map<string, number>>()

  const countAdded = (unit: Unit, { gte }: RangeQuery): void => {
    const staged = added.get(unit) ?? new Map<string, number>()
    added.set(unit, staged)
    staged.set(gte, (staged.get(gte) ?? 0) + 1)
  }

  /** Entries of a range, stored and staged; what is above `most` is not counted. */
  const countOf = async (unit: Unit, range: RangeQuery, most: number): Promise<number> => {
    let count = added.get(unit)?.get(range.gte) ?? 0
    for await (const _ of store.keys({ ...range, limit: most })) count += 1
    return count
  }

  const remove = async (unit: Unit, { chat, clock, messageId, content }: MessageRecord): Promise<void> => {
    unit.delete(keys.message(chat, clock, messageId))
    unit.delete(keys.attachment(messageId))
    unit.delete(keys.ledger(messageId))
    unit.delete(keys.pin(chat, messageId))
    if (content.kind === 'command') {
      unit.delete(keys.command(messageId))
      unit.delete(keys.command(content.command.id))
    }
    for await (const note of store.keys(keys.notesOf(messageId))) unit.delete(note)
  }

  const mentionsSelf = ({ mentions }: MessageRecord): boolean => mentions.some(key => equalBytes(key, self))

  /** The messages of a chat before one of them; `undefined` when that one is not in this chat. */
  const rangeBefore = async (
    chat: ChatRef,
    before: MessageId | undefined
  ): Promise<{ readonly gte: string; readonly lt: string } | undefined> => {
    const range = keys.messagesOf(chat)
    const lt = before === undefined ? range.lt : await keyOf(before)
    return lt === undefined || lt > range.lt || lt < range.gte ? undefined : { gte: range.gte, lt }
  }

  const chatOf = (ref: ChatRef, unit: Unit) => book.chat(ref, unit) ?? blankChat(ref)

  return {
    has: async (id, unit) => (await keyOf(id, unit)) !== undefined,
    record,
    add: async (unit, message) => {
      const content = stripped(unit, message)
      const seen = message.outgoing || content.kind === 'system'
      const mentions = mentionedKeys(message.text)
      const fresh = await withEarlyNotes(unit, { ...message, content, mentions, seen, deleted: false })
      put(unit, fresh)
      const chat = chatOf(message.chat, unit)
      const earliest = chat.unseenFrom === 0 ? fresh.clock : Math.min(chat.unseenFrom, fresh.clock)
      book.putChat(unit, {
        ...chat,
        lastClock: Math.max(chat.lastClock, fresh.clock),
        count: chat.count + 1,
        unread: chat.unread + (seen ? 0 : 1),
        unreadMentions: chat.unreadMentions + (!seen && mentionsSelf(fresh) ? 1 : 0),
        unseenFrom: seen ? chat.unseenFrom : earliest
      })
      return fresh
    },
    update: put,
    weaken: async (unit, id, shown) => {
      const message = await record(id, unit)
      if (message === undefined || message.outgoing || !isWeaker(shown, message.protection)) return
      put(unit, { ...message, protection: shown })
    },
    erase: (unit, message) => {
      erasedParts(unit, message)
      put(unit, erased(message))
    },
    hide: (unit, message) => {
      unit.delete(keys.message(message.chat, message.clock, message.messageId))
      unit.delete(keys.pin(message.chat, message.messageId))
      const chat = chatOf(message.chat, unit)
      const unread = message.seen ? chat.unread : Math.max(0, chat.unread - 1)
      book.putChat(unit, { ...chat, count: chat.count - 1, unread })
    },
    note: async (unit, ref, id, note) => {
      const key = keys.note(id, note)
      const isFresh = (await unit.get<NoteRecord>(key)) === undefined
      if (isFresh) countAdded(unit, keys.notesOf(id))
      if ((await keyOf(id, unit)) === undefined) {
        if (isFresh) {
          countAdded(unit, keys.earlyOf(ref))
          countAdded(unit, keys.earlyOf(ref, note.author))
        }
        unit.put(keys.early(ref, id, note), {})
      } else if (note.kind === 'pin') {
        const pin = keys.pin(ref, id)
        if (note.retracted === true) unit.delete(pin)
        else {
          if ((await unit.get(pin)) === undefined) countAdded(unit, keys.pinsOf(ref))
          unit.put(pin, { messageId: id })
        }
      }
      unit.put(key, note)
    },
    noteClock: async (unit, id, note) => (await unit.get<NoteRecord>(keys.note(id, note)))?.clock,
    annotations: async (unit, ref, id, { kind, author }) => {
      const ofTarget = await countOf(unit, keys.notesOf(id), limits.annotationsPerMessage)
      if ((await keyOf(id, unit)) === undefined) {
        const early = await countOf(unit, keys.earlyOf(ref), limits.earlyAnnotations)
        const earlyByAuthor = await countOf(unit, keys.earlyOf(ref, author), limits.earlyAnnotationsPerAuthor)
        return { ofTarget, early, earlyByAuthor, pins: 0 }
      }
      if (kind !== 'pin') return { ofTarget, early: 0, earlyByAuthor: 0, pins: 0 }
      // A pin that is set again takes no more room.
      const own = (await unit.get(keys.pin(ref, id))) === undefined ? 0 : 1
      return { ofTarget, early: 0, earlyByAuthor: 0, pins: (await countOf(unit, keys.pinsOf(ref), limits.pins)) - own }
    },
    pinned: async ref => {
      const found: Message[] = []
      for await (const { value } of store.range<{ readonly messageId: MessageId }>(keys.pinsOf(ref))) {
        const message = await record(value.messageId)
        if (message !== undefined) found.push(await view(message))
      }
      return found.sort((a, b) => (b.pinned?.clock ?? 0) - (a.pinned?.clock ?? 0))
    },
    view,
    page: async (chat, before, limit) => {
      const range = await rangeBefore(chat, before)
      if (range === undefined) return []
      const records: MessageRecord[] = []
      for await (const { value } of store.range<MessageRecord>({ ...range, reverse: true, limit })) records.push(value)
      const found: Message[] = []
      while (records.length > 0) found.push(...(await Promise.all(records.splice(0, pageStep).map(view))))
      return found
    },
    search: async function* (chat, text, before) {
      const range = await rangeBefore(chat, before)
      if (range === undefined) return
      const wanted = text.toLocaleLowerCase()
      let read = 0
      let found: Message[] = []
      for await (const { value } of store.range<MessageRecord>({ ...range, reverse: true })) {
        read += 1
        if (!value.deleted && value.text.toLocaleLowerCase().includes(wanted)) found.push(await view(value))
        if (read < searchStep) continue
        yield { read, messages: found }
        read = 0
        found = []
      }
      if (read > 0) yield { read, messages: found }
    },
    markSeen: async (unit, ref, upTo, most) => {
      const chat = book.chat(ref, unit)
      if (chat === undefined || chat.unseenFrom === 0) return 0
      const last = upTo === undefined ? undefined : await keyOf(upTo, unit)
      let changed = 0
      let mentions = 0
      let unseenFrom = 0
      for await (const { key, value } of store.range<MessageRecord>(keys.messagesOf(ref, chat.unseenFrom))) {
        if (value.seen) continue
        if (changed === most || (last !== undefined && key > last)) {
          unseenFrom = value.clock
          break
        }
        unit.put(key, { ...value, seen: true })
        changed += 1
        if (mentionsSelf(value)) mentions += 1
      }
      // Nothing unseen is left: the counters say so whatever they said before.
      const unread = unseenFrom === 0 ? 0 : Math.max(1, chat.unread - changed)
      const unreadMentions = unseenFrom === 0 ? 0 : Math.max(0, chat.unreadMentions - mentions)
      book.putChat(unit, { ...chat, unread, unreadMentions, unseenFrom })
      return changed
    },
    latestClock: async (chat, atMost) => {
      const range = { gte: keys.messagesOf(chat).gte, lt: keys.messagesOf(chat, atMost + 1).gte }
      for await (const { value } of store.range<MessageRecord>({ ...range, reverse: true, limit: 1 }))
        return value.clock
      return 0
    },
    purge: async (unit, ref, { upToClock = Number.POSITIVE_INFINITY, limit, nowMs, by }) => {
      const chat = book.chat(ref, unit)
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
          ? { deletedAtClock: Math.max(chat.deletedAtClock, deletionClock(chat.lastClock, nowMs)) }
          : { trimmedAtClock: Math.max(chat.trimmedAtClock ?? 0, latest) }
      book.putChat(unit, { ...chat, ...clocks, count: chat.count - gone, ...counters })
      return gone
    },
    drop: async (unit, ref) => {
      for await (const { value } of store.range<MessageRecord>(keys.messagesOf(ref))) {
        await remove(unit, value)
        unit.delete(keys.index(value.messageId))
      }
      for await (const early of store.keys(keys.earlyOf(ref))) unit.delete(early)
    }
  }
}
