import { printable } from '@status-stack/utils'
import type { ChatFact, ContactFact } from '../methods.ts'
import type { KeyHex } from '../targets.ts'
import { handleOf, type PersonName, personName } from './names.ts'

/**
 * Whether two texts are the same name: case makes no difference, and `bob-from-work` is `Bob from work`.
 *
 * @example
 * ```ts
 * sameName('Zoë from work', 'zoë-from-work') // true
 * ```
 */
export const sameName = (a: string, b: string): boolean => folded(a) !== '' && folded(a) === folded(b)

/**
 * Whether a person goes by this name, and nobody else can have chosen that they do: the user gave it to them, or it is an ENS name that was verified.
 * Three-word names don't count: a stranger can try keys until one of them has the words of somebody else.
 *
 * @example
 * ```ts
 * isCalled(names.person(publicKey), 'bob')
 * ```
 */
export const isCalled = ({ kind, text }: PersonName, name: string): boolean =>
  (kind === 'given' || kind === 'ens') && sameName(text, name)

/**
 * The keys of the people who are called so, as {@link isCalled} says.
 *
 * @example
 * ```ts
 * const [publicKey, another] = peopleCalled(await account.contacts(), 'bob')
 * ```
 */
export function peopleCalled(contacts: readonly ContactFact[], name: string): readonly KeyHex[] {
  return contacts
    .filter(contact => isCalled(personName(contact.publicKey, contact, {}), name))
    .map(({ publicKey }) => publicKey)
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
  return chats.flatMap(({ chat, group }) =>
    chat.kind === 'group' && group?.joined === true && sameName(group.name, name) ? [chat.id] : []
  )
}

const folded = (text: string): string => handleOf({ text: printable(text).trim().normalize('NFC').toLowerCase() })
