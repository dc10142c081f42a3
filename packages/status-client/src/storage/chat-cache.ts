import { chatTagOf, publicKeyHex } from '../ids.ts'
import type { ChatRef, PublicKey } from '../types.ts'
import type { ChatRecord, ContactRecord } from './records.ts'
import type { Keys } from './stores/keys.ts'
import type { Store, Unit } from './stores/store.ts'

/**
 * Chats and contacts, read on every message: kept in memory, written through a unit. A reader that passes its unit sees what the
 * unit has staged; all others see what is on disk.
 */
export interface ChatCache {
  readonly chat: (ref: ChatRef, unit?: Unit) => ChatRecord | undefined
  readonly chats: (unit?: Unit) => readonly ChatRecord[]
  readonly putChat: (unit: Unit, record: ChatRecord) => void
  readonly dropChat: (unit: Unit, ref: ChatRef) => void
  /** What is stored, or the blank record of a stranger. */
  readonly contact: (publicKey: PublicKey, unit?: Unit) => ContactRecord
  readonly knows: (publicKey: PublicKey, unit?: Unit) => boolean
  readonly contacts: (unit?: Unit) => readonly ContactRecord[]
  readonly putContact: (unit: Unit, record: ContactRecord) => void
  readonly dropContact: (unit: Unit, publicKey: PublicKey) => void
  /** Told of every chat and contact whose record has changed on disk. One watcher, set once. */
  readonly watch: (watcher: ChatCacheWatcher) => void
}

export interface ChatCacheWatcher {
  readonly chat: (ref: ChatRef) => void
  readonly contact: (publicKey: PublicKey) => void
}

export function blankContact(publicKey: PublicKey): ContactRecord {
  return {
    publicKey,
    added: false,
    requestReceived: false,
    blocked: false,
    ensName: '',
    ensClock: 0,
    ensVerified: false,
    picture: '',
    profileClock: 0
  }
}

export function blankChat(chat: ChatRef): ChatRecord {
  return {
    chat,
    active: true,
    request: false,
    lastClock: 0,
    deletedAtClock: 0,
    unread: 0,
    unreadMentions: 0,
    unseenFrom: 0,
    count: 0
  }
}

/** A chat's record as it may lie on the disk: earlier releases had another name for one of its fields. */
type StoredChat = ChatRecord & { readonly retiredAtClock?: number }

function upToDate({ retiredAtClock, ...record }: StoredChat): ChatRecord {
  return retiredAtClock === undefined ? record : { trimmedAtClock: retiredAtClock, ...record }
}

/** What units have staged beside what is on disk: quotas have to see what came earlier in the same batch. */
function createStaged<T>() {
  const units = new WeakMap<Unit, Map<string, T | undefined>>()
  return {
    set: (unit: Unit, name: string, record: T | undefined): void => {
      const staged = units.get(unit) ?? new Map<string, T | undefined>()
      units.set(unit, staged)
      staged.set(name, record)
    },
    /** What this unit has staged under a name: nothing, or a record, or its deletion. */
    get: (unit: Unit | undefined, name: string): { readonly record: T | undefined } | undefined => {
      const staged = unit === undefined ? undefined : units.get(unit)
      return staged?.has(name) === true ? { record: staged.get(name) } : undefined
    },
    over: (stored: ReadonlyMap<string, T>, unit: Unit | undefined): readonly T[] => {
      const staged = unit === undefined ? undefined : units.get(unit)
      if (staged === undefined) return [...stored.values()]
      return [...new Map([...stored, ...staged]).values()].filter(record => record !== undefined)
    }
  }
}

/**
 * A group's history is as large as all other fields together are small, and each message changes only those: it has a record of its
 * own, written when it has changed.
 */
function createEventTable(store: Store, keys: Keys) {
  // BOUNDED: one reference per stored group
  const onDisk = new Map<string, readonly Uint8Array[]>()
  return {
    /** The record with its events. One of an earlier version holds them itself. */
    load: async (record: ChatRecord): Promise<ChatRecord> => {
      if (record.chat.kind !== 'group' || record.events !== undefined) return record
      const events = await store.get<readonly Uint8Array[]>(keys.events(record.chat))
      if (events === undefined) return record
      onDisk.set(chatTagOf(record.chat), events)
      return { ...record, events }
    },
    put: (unit: Unit, record: ChatRecord): void => {
      const { events, ...rest } = record
      const tag = chatTagOf(record.chat)
      unit.put(keys.chat(record.chat), rest)
      if (events === undefined || onDisk.get(tag) === events) return
      unit.put(keys.events(record.chat), events)
      unit.after(() => onDisk.set(tag, events))
    },
    drop: (unit: Unit, ref: ChatRef): void => {
      unit.delete(keys.chat(ref))
      if (ref.kind !== 'group') return
      unit.delete(keys.events(ref))
      unit.after(() => onDisk.delete(chatTagOf(ref)))
    }
  }
}

export async function openChatCache(store: Store, keys: Keys): Promise<ChatCache> {
  // BOUNDED: status-data's limits.messageRequests, groupInvitations and strangers hold for what others can add
  const chats = new Map<string, ChatRecord>()
  const contacts = new Map<string, ContactRecord>()
  const stagedChats = createStaged<ChatRecord>()
  const stagedContacts = createStaged<ContactRecord>()
  const table = createEventTable(store, keys)
  for await (const { value } of store.range<StoredChat>(keys.all('chat'))) {
    chats.set(chatTagOf(value.chat), await table.load(upToDate(value)))
  }
  for await (const { value } of store.range<ContactRecord>(keys.all('contact'))) {
    contacts.set(publicKeyHex(value.publicKey), value)
  }
  let watcher: ChatCacheWatcher = { chat: () => {}, contact: () => {} }
  const storedContact = (publicKey: PublicKey, unit?: Unit): ContactRecord | undefined => {
    const name = publicKeyHex(publicKey)
    const staged = stagedContacts.get(unit, name)
    return staged === undefined ? contacts.get(name) : staged.record
  }
  const chatOf = (ref: ChatRef, unit?: Unit): ChatRecord | undefined => {
    const tag = chatTagOf(ref)
    const staged = stagedChats.get(unit, tag)
    return staged === undefined ? chats.get(tag) : staged.record
  }
  return {
    chat: chatOf,
    chats: unit => stagedChats.over(chats, unit),
    putChat: (unit, record) => {
      const tag = chatTagOf(record.chat)
      table.put(unit, record)
      stagedChats.set(unit, tag, record)
      unit.after(() => {
        chats.set(tag, record)
        watcher.chat(record.chat)
      })
    },
    dropChat: (unit, ref) => {
      const tag = chatTagOf(ref)
      table.drop(unit, ref)
      stagedChats.set(unit, tag, undefined)
      unit.after(() => chats.delete(tag))
    },
    contact: (publicKey, unit) => storedContact(publicKey, unit) ?? blankContact(publicKey),
    knows: (publicKey, unit) => storedContact(publicKey, unit) !== undefined,
    contacts: unit => stagedContacts.over(contacts, unit),
    putContact: (unit, record) => {
      unit.put(keys.contact(record.publicKey), record)
      stagedContacts.set(unit, publicKeyHex(record.publicKey), record)
      unit.after(() => {
        contacts.set(publicKeyHex(record.publicKey), record)
        watcher.contact(record.publicKey)
      })
    },
    dropContact: (unit, publicKey) => {
      unit.delete(keys.contact(publicKey))
      stagedContacts.set(unit, publicKeyHex(publicKey), undefined)
      unit.after(() => contacts.delete(publicKeyHex(publicKey)))
    },
    watch: given => {
      watcher = given
    }
  }
}
