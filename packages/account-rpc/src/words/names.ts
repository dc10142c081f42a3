import { hexToBytes } from '@status-stack/crypto'
import { type AliasWords, aliasOf, identiconOf } from '@status-stack/status-accounts'
import { printable } from '@status-stack/utils'
import type { Account } from '../account.ts'
import type { ChatFact, ContactFact } from '../methods.ts'
import { type ChatJson, chatName, type KeyHex, shortKey } from '../targets.ts'

/** What decides the names of people, beside what is known of each of them. */
export interface Naming {
  /** Our own key: we are "you". Absent where no account is open. */
  readonly self?: KeyHex | undefined
  /** The lists that three-word names are made of, where a person has them. */
  readonly words?: AliasWords | undefined
}

/** What is known of a person's names. */
export type KnownNames = Pick<ContactFact, 'name' | 'ensName' | 'ensVerified'>

/** What a person is called. */
export interface PersonName {
  /** Safe to show as it is. */
  readonly text: string
  /** `given`: by the user; `ens`: their own and verified; `alias` and `key` follow from the key alone. */
  readonly kind: 'you' | 'given' | 'ens' | 'alias' | 'key'
  /** They hold the ENS name that they claim. */
  readonly verified: boolean
  /** The ENS name that they claim, whether or not it was verified; empty for none. */
  readonly claimed: string
}

/**
 * The one place that decides what a person is called: "you", what the user calls them, their verified ENS name, the three-word name of their
 * key, and the short key where nothing else is known. A name that is only claimed is never shown as theirs. Safe for a terminal.
 *
 * @example
 * ```ts
 * personName(publicKey, contact, { self }).text
 * ```
 */
export function personName(publicKey: KeyHex, known: KnownNames | undefined, { self, words }: Naming): PersonName {
  const claimed = printable(known?.ensName ?? '')
  const verified = known?.ensVerified === true && claimed.endsWith('.eth')
  const called = (kind: PersonName['kind'], text: string): PersonName => ({ kind, text, verified, claimed })
  if (publicKey === self) return called('you', 'you')
  const given = printable(known?.name ?? '').trim()
  if (given !== '') return called('given', given)
  if (verified) return called('ens', claimed)
  return words === undefined
    ? called('key', shortKey(publicKey))
    : called('alias', aliasOf(hexToBytes(publicKey), words))
}

/** Stands behind the name of a person whose ENS name was verified. */
const verifiedMark = '✓'

/**
 * The name with its mark.
 *
 * @example
 * ```ts
 * console.log(shownPerson(names.person(message.author)))
 * ```
 */
export const shownPerson = ({ text, verified }: PersonName): string => (verified ? `${text} ${verifiedMark}` : text)

/**
 * The name as one word, to be typed behind `@`.
 *
 * @example
 * ```ts
 * const mention = `@${handleOf(names.person(publicKey))}`
 * ```
 */
export const handleOf = ({ text }: Pick<PersonName, 'text'>): string => text.replace(/\s+/g, '-')

/** What people are called, for texts that name several of them. */
export interface Names {
  /** What this person is called; always something, from the key where nothing else is known. */
  readonly person: (publicKey: KeyHex) => PersonName
  /** The name of a group, safe for a terminal; `undefined` for one that has none or is not known. */
  readonly group: (id: string) => string | undefined
}

/** Where nothing is known of anyone. */
export const keyNames: Names = { person: publicKey => personName(publicKey, undefined, {}), group: () => undefined }

/** Names that follow what becomes known of people and groups. */
export interface LearnedNames extends Names {
  /** Takes note of what a contact is called now. */
  readonly learn: (contact: ContactFact) => void
  /** Takes note of what a group is called now. */
  readonly learnChat: (chat: ChatFact) => void
  /** Everyone who was learnt, as far as it is known now: whoever has the names need not ask the account again. */
  readonly contacts: () => readonly ContactFact[]
  /** The same for conversations. */
  readonly chats: () => readonly ChatFact[]
}

/**
 * Names for views, learnt from the contacts and chats of the account.
 *
 * @example
 * ```ts
 * const names = createNames({ self })
 * names.learn(contact)
 * ```
 */
export function createNames(naming: Naming): LearnedNames {
  // BOUNDED: by the contacts of the account.
  const known = new Map<KeyHex, ContactFact>()
  // BOUNDED: by the chats of the account.
  const chats = new Map<string, ChatFact>()
  const groups = new Map<string, string>()
  return {
    learn: contact => void known.set(contact.publicKey, contact),
    learnChat: fact => {
      const { id, chat, group } = fact
      chats.set(id, fact)
      const name = printable(group?.name ?? '').trim()
      if (chat.kind === 'group' && name !== '') groups.set(chat.id, name)
    },
    person: publicKey => personName(publicKey, known.get(publicKey), naming),
    group: id => groups.get(id),
    contacts: () => [...known.values()],
    chats: () => [...chats.values()]
  }
}

/**
 * The names of everyone and every group that an account knows, from now on.
 *
 * @example
 * ```ts
 * const names = await namesOfAccount(account, { self })
 * account.on('message', message => console.log(names.person(message.author).text))
 * ```
 */
export async function namesOfAccount(
  account: Pick<Account, 'contacts' | 'chats' | 'on'>,
  naming: Naming
): Promise<LearnedNames> {
  const names = createNames(naming)
  account.on('contact', names.learn)
  account.on('chat', names.learnChat)
  for (const contact of await account.contacts()) names.learn(contact)
  for (const chat of await account.chats()) names.learnChat(chat)
  return names
}

/**
 * A conversation in a few words: `#status`, the name of a person or a group, else the beginning of the group's id.
 *
 * @example
 * ```ts
 * chatTitle({ kind: 'public', name: 'status' }, names) // '#status'
 * ```
 */
export function chatTitle(chat: ChatJson, names: Names): string {
  if (chat.kind === 'one-to-one') return shownPerson(names.person(chat.publicKey))
  return (chat.kind === 'group' ? names.group(chat.id) : undefined) ?? chatName(chat)
}

const hues = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'] as const

/**
 * The colour of a person's identicon, as the nearest that every terminal has.
 *
 * @example
 * ```ts
 * const color = personColor(message.author)
 * ```
 */
export function personColor(publicKey: KeyHex): (typeof hues)[number] {
  const { red, green, blue } = identiconOf(hexToBytes(publicKey))
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)]
  const span = Math.max(1, most - least)
  const turn =
    most === red ? (6 + (green - blue) / span) % 6 : most === green ? 2 + (blue - red) / span : 4 + (red - green) / span
  return hues[Math.round(turn) % 6] ?? 'cyan'
}
