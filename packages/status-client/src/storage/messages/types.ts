import type { DataLayer, KnownAnnotations } from '@status-stack/interface'
import type { Message, MessageContent } from '../../message-types.ts'
import type { SearchQuery, SearchStep } from '../../queries.ts'
import type { ChatRef, MessageId, PublicKey, ShownProtection } from '../../types.ts'
import type { ChatCache } from '../chat-cache.ts'
import type { LedgerRecord, MessageRecord, NoteRecord } from '../records.ts'
import type { Keys } from '../stores/keys.ts'
import type { Store, Unit } from '../stores/store.ts'

/** What tells the notes of one message apart. */
export type NoteKey = Pick<NoteRecord, 'kind' | 'author' | 'emoji'>

/** A message as it comes to the store: its attachment still inside. */
export interface NewMessage extends Omit<MessageRecord, 'content' | 'seen' | 'deleted' | 'mentions'> {
  readonly content: MessageContent
}

export interface MessageStore {
  readonly has: (id: MessageId, unit?: Unit) => Promise<boolean>
  readonly record: (id: MessageId, unit?: Unit) => Promise<MessageRecord | undefined>
  /** Stages the message, its index, its attachment and its chat's counters. Early edits and deletions are applied. */
  readonly add: (unit: Unit, message: NewMessage) => Promise<MessageRecord>
  /** Stages another text for a message, with the clock and the time of what gave it. */
  readonly edit: (
    unit: Unit,
    record: MessageRecord,
    to: { readonly text: string; readonly clock: number; readonly atMs: number }
  ) => void
  /** A copy of a message that others wrote came with less protection: the record says so. */
  readonly weaken: (unit: Unit, id: MessageId, shown: ShownProtection) => Promise<void>
  /** Removes content and attachment; the id stays known, so that a copy is not stored again. */
  readonly erase: (unit: Unit, record: MessageRecord) => void
  /** Takes the message out of its chat; the id stays known. */
  readonly hide: (unit: Unit, record: MessageRecord) => void
  /** Stages something about a message, also before it came. `storedMs`: now, by our clock. */
  readonly note: (unit: Unit, chat: ChatRef, id: MessageId, note: NoteRecord, storedMs: number) => Promise<void>
  /** Stages the removal of the oldest note that waits for its message: of this author, or of the one who has the most in this chat. */
  readonly evictEarly: (unit: Unit, chat: ChatRef, author: PublicKey | undefined) => Promise<void>
  /**
   * Stages the removal of the notes that wait for their messages in a chat, of one author or of all: those that were stored at `upToMs` by our clock, or
   * before. Answers when the earliest of the others was stored, if there are others.
   */
  readonly purgeEarly: (
    unit: Unit,
    chat: ChatRef,
    what?: { readonly author?: PublicKey | undefined; readonly upToMs?: number | undefined }
  ) => Promise<number | undefined>
  /** Clock of the note that a note like this would replace. */
  readonly noteClock: (unit: Unit, id: MessageId, note: NoteKey) => Promise<number | undefined>
  /** How many notes there are, as far as it matters for one more; what a unit has staged counts. */
  readonly annotations: (unit: Unit, chat: ChatRef, id: MessageId, note: NoteKey) => Promise<KnownAnnotations>
  /** What is pinned in a chat, latest pin first. */
  readonly pinned: (chat: ChatRef) => Promise<readonly Message[]>
  readonly view: (record: MessageRecord) => Promise<Message>
  readonly page: (chat: ChatRef, before: MessageId | undefined, limit: number) => Promise<readonly Message[]>
  /** The earliest messages after one of them, or of all; newest first. */
  readonly pageAfter: (chat: ChatRef, after: MessageId | null, limit: number) => Promise<readonly Message[]>
  /** Reads backwards and gives what was found every `searchStep` messages; only what is found is completed with notes and ledger. */
  readonly search: (chat: ChatRef, text: string, query: SearchQuery) => AsyncIterable<SearchStep>
  /**
   * Marks what is unseen up to a message, or up to the chat's last one, earliest first: one step of so many that are marked or read, and those
   * that have the clock of the last of them. Answers the clock at which the next step begins, if there is one.
   */
  readonly markSeen: (
    unit: Unit,
    chat: ChatRef,
    upTo: MessageId | undefined,
    most: { readonly marked: number; readonly read: number },
    from?: number
  ) => Promise<{ readonly marked: number; readonly next?: number }>
  /** Clock of the latest stored message that is not above `atMost`; 0 when there is none. */
  readonly latestClock: (chat: ChatRef, atMost: number) => Promise<number>
  /** Deletes messages of a chat, oldest first; returns how many. */
  readonly purge: (unit: Unit, chat: ChatRef, what: PurgeRequest) => Promise<number>
  /** Deletes all messages of a chat, what waits there for messages, and the ids: they may come again. */
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

/** What the message store is made of. */
export interface MessageStoreDeps {
  readonly store: Store
  readonly keys: Keys
  readonly chatCache: ChatCache
  /** Our own public key, 65 bytes. */
  readonly self: PublicKey
  readonly data: Pick<DataLayer, 'mentionedKeys' | 'clocks' | 'limits'>
  /** The ledger of a message where it is ahead of the disk. @default none is */
  readonly unwrittenLedger?: ((id: MessageId) => LedgerRecord | undefined) | undefined
}
