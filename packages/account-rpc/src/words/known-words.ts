import { hexToBytes } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { printable } from '@status-stack/utils'
import type { Account } from '../account.ts'
import type { ContactFact } from '../methods.ts'
import { chatName, isName, type KeyHex, shortKey } from '../targets.ts'
import { handleOf, personName } from './names.ts'

/** What can be typed for somebody or something, and what it is for a person. */
export interface KnownWord {
  /** It is what {@link findChat} takes. */
  readonly word: string
  /** What it stands for; empty where the word says it. */
  readonly about: string
  /** There is a name for it, which is shorter. */
  readonly named?: boolean
}

/** Whose words they are. */
type Asked = Pick<Account, 'chats' | 'contacts'>

async function channelsOf(account: Asked): Promise<readonly KnownWord[]> {
  const chats = await account.chats()
  return chats.flatMap(({ chat, active }) =>
    active && chat.kind === 'public' ? [{ word: chatName(chat), about: '' }] : []
  )
}

async function groupsOf(account: Asked): Promise<readonly KnownWord[]> {
  const chats = await account.chats()
  return wordsOf(
    chats.flatMap(({ chat, group }) => {
      if (chat.kind !== 'group') return []
      const about = handleOf({ text: printable(group?.name ?? '').trim() })
      return [
        { id: chat.id, about, short: chat.id, ...(group?.joined === true && isName(about) ? { name: about } : {}) }
      ]
    })
  )
}

/** Those we have written to, or who have to us. */
async function peopleOf(account: Asked, self: KeyHex): Promise<readonly KnownWord[]> {
  const contacts = await account.contacts()
  const known = new Map(contacts.map(contact => [contact.publicKey, contact]))
  const chats = await account.chats()
  const people = chats.flatMap(({ chat, active }) =>
    active && chat.kind === 'one-to-one' ? [entryOf(chat.publicKey, known.get(chat.publicKey), self)] : []
  )
  return wordsOf(people, contactEntries(contacts, self))
}

async function contactsOf(account: Asked, self: KeyHex): Promise<readonly KnownWord[]> {
  return wordsOf(contactEntries(await account.contacts(), self))
}

/** What can be typed for somebody or something: the id, and a name if it has one that commands take. */
interface Entry {
  readonly id: string
  /** Beside the id. */
  readonly about: string
  readonly name?: string
  /** Beside the name. */
  readonly short: string
}

const contactEntries = (contacts: readonly ContactFact[], self: KeyHex): readonly Entry[] =>
  contacts.map(contact => entryOf(contact.publicKey, contact, self))

function entryOf(publicKey: KeyHex, contact: ContactFact | undefined, self: KeyHex): Entry {
  const person = personName(publicKey, contact, { self })
  const handle = handleOf(person)
  const isOwn = person.kind === 'given' || person.kind === 'ens'
  const named = isOwn && isName(handle) ? { name: handle } : {}
  return { id: encodeKeyText(hexToBytes(publicKey)), about: person.text, short: shortKey(publicKey), ...named }
}

/** By name and by id where the name is that of no other one of `all`, else by id. */
function wordsOf(entries: readonly Entry[], all: readonly Entry[] = entries): readonly KnownWord[] {
  const folded = (name: string): string => name.normalize('NFC').toLowerCase()
  const uses = new Map<string, number>()
  for (const { name } of all) if (name !== undefined) uses.set(folded(name), (uses.get(folded(name)) ?? 0) + 1)
  return entries.flatMap(({ id, about, name, short }) =>
    name !== undefined && uses.get(folded(name)) === 1
      ? [
          { word: name, about: short },
          { word: id, about: name, named: true }
        ]
      : [{ word: id, about }]
  )
}

/**
 * What can be typed for the conversations and people of an account, by kind: public `channels`, `groups`, `contacts`, and all `chats`. Who has
 * a name that is nobody else's is offered by it, and by the key besides.
 *
 * @example
 * ```ts
 * const words = await knownWords('contacts', account, self)
 * ```
 */
export async function knownWords(
  kind: 'channels' | 'groups' | 'contacts' | 'chats',
  account: Asked,
  self: KeyHex
): Promise<readonly KnownWord[]> {
  if (kind === 'channels') return channelsOf(account)
  if (kind === 'groups') return groupsOf(account)
  if (kind === 'contacts') return contactsOf(account, self)
  const all = [
    await channelsOf(account),
    await groupsOf(account),
    await peopleOf(account, self),
    await contactsOf(account, self)
  ]
  const seen = new Set<string>()
  return all.flat().filter(({ word }) => !seen.has(word) && seen.add(word))
}
