import { printable } from '@status-stack/utils'
import type { ChatFact, ContactFact } from '../methods.ts'
import type { KeyHex } from '../targets.ts'
import { handleOf, personName } from './names.ts'

/**
 * The keys of the people who go by a name that nobody else can choose: the one that the user gave them, or the ENS name that was
 * verified. Case makes no difference, and `bob-from-work` is `Bob from work`. Three-word names don't count: a stranger can try keys
 * until one of them has the words of somebody else.
 *
 * @example
 * ```ts
 * const [publicKey, another] = peopleCalled(await account.contacts(), 'bob')
 * ```
 */
export function peopleCalled(contacts: readonly ContactFact[], name: string): readonly KeyHex[] {
  const wanted = folded(name)
  if (wanted === '') return []
  const isCalled = (contact: ContactFact): boolean => {
    const { kind, text } = personName(contact.publicKey, contact, {})
    return (kind === 'given' || kind === 'ens') && folded(text) === wanted
  }
  return contacts.filter(isCalled).map(({ publicKey }) => publicKey)
}

/**
 * The ids of the groups of that name. Admins choose the names of groups, and an invitation can come from anybody: only groups that were
 * joined are found by name.
 *
 * @example
 * ```ts
 * const [id, another] = groupsCalled(await account.chats(), 'hikers')
 * ```
 */
export function groupsCalled(chats: readonly ChatFact[], name: string): readonly string[] {
  const wanted = folded(name)
  if (wanted === '') return []
  return chats.flatMap(({ chat, group }) =>
    chat.kind === 'group' && group?.joined === true && folded(group.name) === wanted ? [chat.id] : []
  )
}

const folded = (text: string): string => handleOf({ text: printable(text).trim().normalize('NFC').toLowerCase() })
