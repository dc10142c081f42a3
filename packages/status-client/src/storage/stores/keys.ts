import type { Clock } from '@status-stack/interface'
import { createBoundedMap } from '@status-stack/utils'
import { chatTagOf } from '../../ids.ts'
import { limits } from '../../limits.ts'
import type { ChatRef, MessageId, PublicKey } from '../../types.ts'
import type { NoteRecord, OutboxRecord } from '../records.ts'
import type { Vault } from './vault.ts'

/** 2^53 − 1 has 14 hex digits: clocks sort as text. */
const clockDigits = 14

/** What the key of an outbox entry is made of. */
export interface OutboxPlace extends Pick<OutboxRecord, 'messageId' | 'queuedMs'> {
  readonly via: Pick<OutboxRecord['via'], 'kind'>
}

/** The names that the vault gives to chats and messages, most of which are asked for several times. */
function rememberNames(vault: Vault, { nowMs }: Clock) {
  const names = createBoundedMap<string, string>({
    maxEntries: limits.namesKept,
    maxIdleMs: limits.namesKeptMs,
    nowMs
  })
  return (table: 'chat' | 'message', part: string): string => {
    const key = `${table}!${part}`
    const known = names.get(key)
    if (known !== undefined) return known
    const name = vault.name(table, part)
    names.set(key, name)
    return name
  }
}

/** Every key of the client's own tables. Parts that name people, chats or messages are HMACed. */
export function createKeys(vault: Vault, clock: Clock) {
  const named = rememberNames(vault, clock)
  const chat = (ref: ChatRef): string => named('chat', chatTagOf(ref))
  const message = (id: MessageId): string => named('message', id)
  const order = (value: number): string => Math.max(0, Math.floor(value)).toString(16).padStart(clockDigits, '0')
  return {
    /** One record: installation id, profile, times. */
    self: 'self!',
    /** One record: when daily work was last done. */
    upkeep: 'upkeep!',
    /** One record: what the clock showed last. */
    clock: 'clock!',
    chat: (ref: ChatRef) => `chat!${chat(ref)}`,
    /** The text that is being written there. */
    draft: (ref: ChatRef) => `draft!${chat(ref)}`,
    /** Signed events of a group, apart from the record that changes with each message. */
    events: (ref: ChatRef) => `events!${chat(ref)}`,
    contact: (publicKey: PublicKey) => `contact!${vault.name('contact', publicKey)}`,
    /** Ordered by clock, then by name: the display order of the protocol up to ties. */
    message: (ref: ChatRef, at: number, id: MessageId) => `message!${chat(ref)}!${order(at)}!${message(id)}`,
    messagesOf: (ref: ChatRef, fromClock = 0) => ({
      gte: `message!${chat(ref)}!${order(fromClock)}`,
      lt: `message!${chat(ref)}!~`
    }),
    /** Message id → key of its record. Stays when a message is deleted, so that a copy is not stored again. */
    index: (id: MessageId) => `index!${message(id)}`,
    /** The same by the name that stands in other keys of the message. */
    indexNamed: (name: string) => `index!${name}`,
    attachment: (id: MessageId) => `attachment!${message(id)}`,
    /** One per author and emoji; one pin per message, whoever set it. */
    note: (id: MessageId, { kind, author, emoji }: Pick<NoteRecord, 'kind' | 'author' | 'emoji'>) =>
      `note!${message(id)}!${kind}!${kind === 'pin' ? '' : vault.name('note', author, emoji ?? '')}`,
    pin: (ref: ChatRef, id: MessageId) => `pin!${chat(ref)}!${message(id)}`,
    pinsOf: (ref: ChatRef) => ({ gte: `pin!${chat(ref)}!`, lt: `pin!${chat(ref)}!~` }),
    /** A note whose message has not come, by its author: each has a share of their number. */
    early: (ref: ChatRef, id: MessageId, { kind, author, emoji }: Pick<NoteRecord, 'kind' | 'author' | 'emoji'>) =>
      `early!${chat(ref)}!${vault.name('early', author)}!${vault.name('early', id, kind, author, emoji ?? '')}`,
    /** The same as earlier releases named it. */
    earlyBefore: (
      ref: ChatRef,
      id: MessageId,
      { kind, author, emoji }: Pick<NoteRecord, 'kind' | 'author' | 'emoji'>
    ) => `early!${chat(ref)}!${vault.name('early', id, kind, author, emoji ?? '')}`,
    earlyOf: (ref: ChatRef, author?: PublicKey) => {
      const prefix = `early!${chat(ref)}!${author === undefined ? '' : `${vault.name('early', author)}!`}`
      return { gte: prefix, lt: `${prefix}~` }
    },
    /** How an author is named in keys of early notes. */
    earlyAuthor: (author: PublicKey) => vault.name('early', author),
    /** One record: notes that belong to no chat have been deleted. */
    notesSwept: 'swept!notes',
    command: (id: MessageId) => `command!${message(id)}`,
    notesOf: (id: MessageId) => ({ gte: `note!${message(id)}!`, lt: `note!${message(id)}!~` }),
    ledger: (id: MessageId) => `ledger!${message(id)}`,
    /** The bytes of a message on its way to one person, and that person. */
    parcel: (id: MessageId) => `parcel!${message(id)}`,
    /** The bytes of any other message on its way, and who still needs them. */
    body: (id: MessageId) => `body!${message(id)}`,
    waiting: (id: MessageId) => `waiting!${message(id)}`,
    /** Reliable messages apart from the others, each kind ordered by when it was queued. */
    outbox: ({ messageId, queuedMs, via }: OutboxPlace) =>
      `outbox!${via.kind}!${order(queuedMs)}!${message(messageId)}`,
    outboxOf: (kind: OutboxPlace['via']['kind']) => ({ gte: `outbox!${kind}!`, lt: `outbox!${kind}!~` }),
    receipt: (hash: Uint8Array) => `receipt!${vault.name('receipt', hash)}`,
    tag: (tag: string) => `tag!${vault.name('tag', tag)}`,
    device: (installationId: string) => `device!${vault.name('device', installationId)}`,
    /** A group some of whose events have no system line yet. */
    lines: (id: string) => `lines!${vault.name('lines', id)}`,
    history: (place: string) => `history!${vault.name('history', place)}`,
    all: (table: 'chat' | 'contact' | 'message' | 'receipt' | 'device' | 'history' | 'ledger' | 'lines') => ({
      gte: `${table}!`,
      lt: `${table}!~`
    })
  }
}

export type Keys = ReturnType<typeof createKeys>
