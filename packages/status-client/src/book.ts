import { chatTagOf, hexKey } from './ids.ts'
import type { ChatRecord, ContactRecord } from './records.ts'
import type { Keys } from './stores/keys.ts'
import type { Store, Unit } from './stores/store.ts'
import type { ChatRef, PublicKey } from './types.ts'

/**
 * Chats and contacts, read on every message: kept in memory, written through a unit. A reader that passes its unit sees what the
 * unit has staged; everybody else sees what is on disk.
 */
export interface Book {
  readonly chat: (ref: ChatRef, unit?: Unit) => ChatRecord | undefined
  readonly chats: () => readonly ChatRecord[]
  readonly putChat: (unit: Unit, record: ChatRecord) => void
  readonly dropChat: (unit: Unit, ref: ChatRef) => void
  /** What is stored, or the blank record of a stranger. */
  readonly contact: (publicKey: PublicKey, unit?: Unit) => ContactRecord
  readonly knows: (publicKey: PublicKey, unit?: Unit) => boolean
  readonly contacts: () => readonly ContactRecord[]
  readonly putContact: (unit: Unit, record: ContactRecord) => void
  readonly dropContact: (unit: Unit, publicKey: PublicKey) => void
  /** Told of every chat and contact whose record has changed on disk. One watcher, set once. */
  readonly watch: (watcher: BookWatcher) => void
}

export interface BookWatcher {
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

export async function openBook(store: Store, keys: Keys): Promise<Book> {
  // BOUNDED: limits.messageRequests, groupInvitations and strangers hold for what others can add
  const chats = new Map<string, ChatRecord>()
  const contacts = new Map<string, ContactRecord>()
  for await (const { value } of store.range<ChatRecord>(keys.all('chat'))) chats.set(chatTagOf(value.chat), value)
  for await (const { value } of store.range<ContactRecord>(keys.all('contact'))) {
    contacts.set(hexKey(value.publicKey), value)
  }
  let watcher: BookWatcher = { chat: () => {}, contact: () => {} }
  const storedContact = (publicKey: PublicKey, unit?: Unit): ContactRecord | undefined => {
    const staged = unit?.staged<ContactRecord>(keys.contact(publicKey))
    if (staged !== undefined) return staged ?? undefined
    return contacts.get(hexKey(publicKey))
  }
  return {
    chat: (ref, unit) => {
      const staged = unit?.staged<ChatRecord>(keys.chat(ref))
      if (staged !== undefined) return staged ?? undefined
      return chats.get(chatTagOf(ref))
    },
    chats: () => [...chats.values()],
    putChat: (unit, record) => {
      unit.put(keys.chat(record.chat), record)
      unit.after(() => {
        chats.set(chatTagOf(record.chat), record)
        watcher.chat(record.chat)
      })
    },
    dropChat: (unit, ref) => {
      unit.delete(keys.chat(ref))
      unit.after(() => chats.delete(chatTagOf(ref)))
    },
    contact: (publicKey, unit) => storedContact(publicKey, unit) ?? blankContact(publicKey),
    knows: (publicKey, unit) => storedContact(publicKey, unit) !== undefined,
    contacts: () => [...contacts.values()],
    putContact: (unit, record) => {
      unit.put(keys.contact(record.publicKey), record)
      unit.after(() => {
        contacts.set(hexKey(record.publicKey), record)
        watcher.contact(record.publicKey)
      })
    },
    dropContact: (unit, publicKey) => {
      unit.delete(keys.contact(publicKey))
      unit.after(() => contacts.delete(hexKey(publicKey)))
    },
    watch: given => {
      watcher = given
    }
  }
}
