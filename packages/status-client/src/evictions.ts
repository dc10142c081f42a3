import { type Applied, applied, refused } from './applied.ts'
import type { Core } from './core.ts'
import { hexKey } from './ids.ts'
import { limits } from './limits.ts'
import type { ChatRecord, ContactRecord } from './records.ts'
import type { Unit } from './stores/store.ts'
import type { PublicKey } from './types.ts'

function oldest<T>(items: readonly T[], timeOf: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (found, item) => (found === undefined || timeOf(item) < timeOf(found) ? item : found),
    undefined
  )
}

/**
 * Makes room for what strangers send. Contacts have a share of their own; one stranger can use up his own share only; and many of
 * them together push out the oldest of strangers, so that a full list keeps no one else out.
 */
export function createEvictions(core: Core) {
  const { book } = core

  const dropChat = async (unit: Unit, { chat }: ChatRecord): Promise<void> => {
    await core.messages.drop(unit, chat)
    book.dropChat(unit, chat)
    unit.after(() => core.emit('notice', { kind: 'chat-evicted', chat }))
  }

  const isFree = (unit: Unit, contact: ContactRecord): boolean => {
    const ours = contact.added || contact.blocked || contact.minimum !== undefined || contact.pfs !== undefined
    return !ours && book.chat({ kind: 'one-to-one', publicKey: contact.publicKey }, unit)?.active !== true
  }

  return {
    /** Room for one more chat of a stranger who writes first. */
    forRequest: async (unit: Unit): Promise<void> => {
      // BOUNDED: limits.messageRequests
      const requests = book.chats(unit).filter(({ request }) => request)
      const first = oldest(requests, ({ openedMs = 0 }) => openedMs)
      if (requests.length >= limits.messageRequests && first !== undefined) await dropChat(unit, first)
    },
    /** Room for one more group that this person puts us in. */
    forInvitation: async (unit: Unit, inviter: PublicKey): Promise<Applied> => {
      // BOUNDED: limits.groupInvitations, groupInvitationsPerStranger, groupInvitationsPerContact
      const isContact = (key: PublicKey): boolean => book.contact(key, unit).added
      const pending = book.chats(unit).flatMap(record => (record.invitedBy === undefined ? [] : [record]))
      const theirs = pending.filter(({ invitedBy }) => invitedBy !== undefined && hexKey(invitedBy) === hexKey(inviter))
      const share = isContact(inviter) ? limits.groupInvitationsPerContact : limits.groupInvitationsPerStranger
      if (theirs.length >= share) return refused('group-invitation-quota', 'quota', false)
      if (isContact(inviter)) return applied
      const strangers = pending.filter(({ invitedBy }) => invitedBy !== undefined && !isContact(invitedBy))
      const first = oldest(strangers, ({ openedMs = 0 }) => openedMs)
      if (strangers.length >= limits.groupInvitations && first !== undefined) await dropChat(unit, first)
      return applied
    },
    /** Room for one more person of whom something is stored without our having added them. */
    forStranger: (unit: Unit): Applied => {
      // BOUNDED: limits.strangers
      const strangers = book.contacts(unit).filter(({ added }) => !added)
      if (strangers.length < limits.strangers) return applied
      const first = oldest(
        strangers.filter(contact => isFree(unit, contact)),
        ({ seenMs = 0 }) => seenMs
      )
      if (first === undefined) return refused('stranger-quota', 'quota', false)
      book.dropContact(unit, first.publicKey)
      const chat = book.chat({ kind: 'one-to-one', publicKey: first.publicKey }, unit)
      if (chat !== undefined && chat.count === 0) book.dropChat(unit, chat.chat)
      return applied
    }
  }
}

export type Evictions = ReturnType<typeof createEvictions>
