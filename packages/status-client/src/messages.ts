import { equalBytes } from '@status-stack/crypto'
import type { Book } from './book.ts'
import { blankChat } from './book.ts'
import { keyOfHex } from './ids.ts'
import { limits } from './limits.ts'
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
  /** Removes content and attachment; the id stays known, so that a copy is not stored again. */
  readonly erase: (unit: Unit, record: MessageRecord) => void
  /** Takes the message out of its chat; the id stays known. */
  readonly hide: (unit: Unit, record: MessageRecord) => void
  /** Notes something about a message, also before it came. */
  readonly note: (
    unit: Unit,
    chat: ChatRef,
    id: MessageId,
    note: NoteRecord
  ) => Promise<'stored' | 'stale' | 'reaction-quota' | 'early-note-quota' | 'pin-quota'>
  /** What is pinned in a chat, latest pin first. */
  readonly pinned: (chat: ChatRef) => Promise<readonly Message[]>
  readonly view: (record: MessageRecord) => Promise<Message>
  readonly page: (chat: ChatRef, before: MessageId | undefined, limit: number) => Promise<readonly Message[]>
  /** Reads backwards and gives what was found every `searchStep` messages; only what is found is completed with notes and ledger. */
  readonly search: (chat: ChatRef, text: string, before: MessageId | undefined) => AsyncIterable<SearchStep>
  /** Marks what is unseen up to a message, or up to the chat's last one; at most `most`, earliest first. Answers how many. */
  readonly markSeen: (unit: Unit, chat: ChatRef, upTo: MessageId | undefined, most: number) => Promise<number>
  /** Deletes messages of a chat up to a clock, oldest first, at most `most`; answers how many. */
  readonly purge: (unit: Unit, chat: ChatRef, upToClock: number, most: number) => Promise<number>
}

/** Messages that a search reads between two reports. */
export const searchStep = 1000
/** Messages of a page that are completed at a time. */
const pageStep = 16

const mentionPattern = /@(0x04[0-9a-f]{128})/g
const mostMentions = 100

/** Identities named in a text, each once. SPEC: 6/PAYLOADS, mentions are `@` and the key. */
export function mentionsOf(text: string): readonly PublicKey[] {
  const found = new Set<string>()
  for (const [, id] of text.matchAll(mentionPattern)) {
    if (id !== undefined && found.size < mostMentions) found.add(id)
  }
  return [...found].map(keyOfHex)
}

const protections: readonly ShownProtection[] = ['public', 'transport-only', 'static-key', 'forward-secret']

function weakest(record: LedgerRecord, self: PublicKey): ShownProtection | undefined {
  const seen = record.legs.flatMap(leg => {
    const own = leg.recipient !== undefined && equalBytes(leg.recipient, self)
    return own || leg.protection === undefined ? [] : [protections.indexOf(leg.protection)]
  })
  return seen.length === 0 ? undefined : protections[Math.min(...seen)]
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
      if (note.kind === 'pin' && note.retracted !== true)
        unit.put(keys.pin(message.chat, message.messageId), { messageId: message.messageId })
      if (note.kind === 'reaction' || note.kind === 'pin' || !equalBytes(note.author, message.author)) continue
      if (note.kind === 'delete') {
        erasedParts(unit, message)
        return erased(result)
      }
      if (note.clock <= (result.editClock ?? 0)) continue
      const text = note.text ?? ''
      result = { ...result, text, mentions: mentionsOf(text), editedMs: note.atMs, editClock: note.clock }
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
    const protection = (ledger === undefined ? undefined : weakest(ledger, self)) ?? stored.protection
    const full =
      content.kind === 'image' || content.kind === 'audio'
        ? ({ ...content, bytes: attachment ?? new Uint8Array() } satisfies MessageContent)
        : content
    return { ...rest, content: full, reactions, protection, ...(pin === undefined ? {} : { pinned: pin }) }
  }

  const isFull = async (range: RangeQuery, limit: number): Promise<boolean> => {
    let count = 0
    for await (const _ of store.keys({ ...range, limit })) count += 1
    return count >= limit
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
      const mentions = mentionsOf(message.text)
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
      const known = await unit.get<NoteRecord>(key)
      if (known !== undefined && known.clock >= note.clock) return 'stale'
      if (known === undefined && (await isFull(keys.notesOf(id), limits.reactionsPerMessage))) return 'reaction-quota'
      if ((await keyOf(id, unit)) === undefined) {
        // BOUNDED: limits.earlyNotes
        if (known === undefined && (await isFull(keys.earlyOf(ref), limits.earlyNotes))) return 'early-note-quota'
        unit.put(keys.early(ref, id, note), {})
      } else if (note.kind === 'pin') {
        const pin = keys.pin(ref, id)
        if (note.retracted === true) unit.delete(pin)
        else {
          if (known?.retracted !== false && (await isFull(keys.pinsOf(ref), limits.pinsPerChat))) return 'pin-quota'
          unit.put(pin, { messageId: id })
        }
      }
      unit.put(key, note)
      return 'stored'
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
    purge: async (unit, ref, upToClock, most) => {
      const chat = book.chat(ref, unit)
      if (chat === undefined) return 0
      let gone = 0
      let { unread, unreadMentions } = chat
      for await (const { key, value } of store.range<MessageRecord>({ ...keys.messagesOf(ref), limit: most })) {
        if (value.clock > upToClock) break
        unit.delete(key)
        unit.delete(keys.attachment(value.messageId))
        unit.delete(keys.ledger(value.messageId))
        unit.delete(keys.pin(ref, value.messageId))
        if (value.content.kind === 'command') {
          unit.delete(keys.command(value.messageId))
          unit.delete(keys.command(value.content.command.id))
        }
        for await (const note of store.keys(keys.notesOf(value.messageId))) unit.delete(note)
        if (!value.seen) unread -= 1
        if (!value.seen && mentionsSelf(value)) unreadMentions -= 1
        gone += 1
      }
      const deletedAtClock = Math.max(chat.deletedAtClock, upToClock)
      const counters = { unread: Math.max(0, unread), unreadMentions: Math.max(0, unreadMentions) }
      book.putChat(unit, { ...chat, deletedAtClock, count: chat.count - gone, ...counters })
      return gone
    }
  }
}
