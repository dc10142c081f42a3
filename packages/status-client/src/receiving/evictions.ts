import type { Known } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { ChatRecord, ContactRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { PublicKey } from '../types.ts'

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
  const { chatCache } = core

  const dropChat = async (unit: Unit, { chat }: ChatRecord): Promise<void> => {
    await core.messages.drop(unit, chat)
    chatCache.dropChat(unit, chat)
    unit.after(() => core.emit('notice', { kind: 'chat-evicted', chat }))
  }

  const isFree = (unit: Unit, contact: ContactRecord): boolean => {
    const { added, blocked, minimum, pfs, name } = contact
    const ours = added || blocked || minimum !== undefined || pfs !== undefined || name !== undefined
    return !ours && chatCache.chat({ kind: 'one-to-one', publicKey: contact.publicKey }, unit)?.active !== true
  }

  const isContact = (unit: Unit, key: PublicKey): boolean => chatCache.contact(key, unit).added

  const invitations = (unit: Unit): readonly ChatRecord[] =>
    chatCache.chats(unit).filter(({ invitedBy }) => invitedBy !== undefined)

  const ofStrangers = (unit: Unit): readonly ChatRecord[] =>
    invitations(unit).filter(({ invitedBy }) => invitedBy !== undefined && !isContact(unit, invitedBy))

  const byInviter = (unit: Unit, inviter: PublicKey): number =>
    invitations(unit).filter(
      ({ invitedBy }) => invitedBy !== undefined && publicKeyHex(invitedBy) === publicKeyHex(inviter)
    ).length

  const requests = (unit: Unit): readonly ChatRecord[] => chatCache.chats(unit).filter(({ request }) => request)

  const strangers = (unit: Unit): readonly ContactRecord[] => chatCache.contacts(unit).filter(({ added }) => !added)

  const dropOldest = async (unit: Unit, chats: readonly ChatRecord[]): Promise<void> => {
    const first = oldest(chats, ({ openedMs = 0 }) => openedMs)
    if (first !== undefined) await dropChat(unit, first)
  }

  return {
    /** Requests that wait for an answer, of everybody. */
    requests: (unit: Unit): number => requests(unit).length,
    /** Groups that strangers have put us in without our having joined. */
    invitations: (unit: Unit, author: PublicKey): NonNullable<Known['invitations']> => ({
      waiting: ofStrangers(unit).length,
      byAuthor: byInviter(unit, author)
    }),
    /** People of whom something is stored without our having added them. */
    strangers: (unit: Unit): number => strangers(unit).length,
    /** Whether this contact may put us in one more group: what the data layer leaves open for contacts has to end somewhere. */
    mayInvite: (unit: Unit, inviter: PublicKey): boolean =>
      // BOUNDED: limits.groupInvitationsPerContact
      !isContact(unit, inviter) || byInviter(unit, inviter) < limits.groupInvitationsPerContact,
    /** Room for one more chat of a stranger who writes first. */
    forRequest: (unit: Unit): Promise<void> => dropOldest(unit, requests(unit)),
    /** Room for one more group that a stranger puts us in. */
    forInvitation: (unit: Unit): Promise<void> => dropOldest(unit, ofStrangers(unit)),
    /** Room for one more person of whom something is stored without our having added them; false when all who are stored are ours. */
    forStranger: async (unit: Unit): Promise<boolean> => {
      const first = oldest(
        strangers(unit).filter(contact => isFree(unit, contact)),
        ({ seenMs = 0 }) => seenMs
      )
      if (first === undefined) return false
      chatCache.dropContact(unit, first.publicKey)
      const chat = chatCache.chat({ kind: 'one-to-one', publicKey: first.publicKey }, unit)
      if (chat !== undefined && chat.count === 0) {
        // It holds no message, but something may wait for one.
        await core.messages.drop(unit, chat.chat)
        chatCache.dropChat(unit, chat.chat)
      }
      return true
    }
  }
}

export type Evictions = ReturnType<typeof createEvictions>
