import type { RemoteAccount } from '@status-stack/account-rpc/client'
import { type ContactFact, emojiPictures, emojis } from '@status-stack/account-rpc/methods'
import { chatName, isName, type KeyHex, shortKey } from '@status-stack/account-rpc/targets'
import { handleOf, personName } from '@status-stack/account-rpc/words'
import { valueInLine, type Word, wordLines } from '@status-stack/command-line'
import { hexToBytes } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { printable } from '@status-stack/utils'
import { daemonOf } from './daemon-account.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'
import { allProfiles, profileOf } from './profile.ts'
import type { WordKind } from './word-kinds.ts'

type Place = Pick<Globals, 'profile' | 'dataDir'>

/**
 * Prints the words of a kind that begin like what is typed: one on a line, a tab, and what it is. Who has a name is offered by it, and
 * by the key only where that is being typed. Names are encrypted where they are stored, so that a daemon that runs is asked, and no
 * password ever. What cannot be known at once is not said at all.
 */
export async function printKnownWords(
  kind: string,
  begin: string,
  line: readonly string[],
  globals: Place
): Promise<void> {
  // BOUNDED: a shell waits for us between two keystrokes.
  const timer = setTimeout(() => process.exit(0), limits.completionMs)
  try {
    const words = await known[kind as WordKind](placeOf(line, globals))
    process.stdout.write(wordLines(words, begin))
  } catch {
    // No daemon, or another profile: nothing is known.
  } finally {
    clearTimeout(timer)
  }
}

/** The line that is being completed may name another profile than we were started with. */
function placeOf(line: readonly string[], { profile, dataDir }: Place): Place {
  return {
    profile: valueInLine(line, '--profile') ?? profile,
    dataDir: valueInLine(line, '--data-dir') ?? dataDir
  }
}

const known: Readonly<Record<WordKind, (place: Place) => Promise<readonly Word[]>>> = {
  reactions: async () => emojis.map(word => ({ word, about: emojiPictures[word] })),
  profiles: async place => (await allProfiles(place)).map(({ name }) => ({ word: name, about: '' })),
  channels: place => withDaemon(place, channelsOf),
  groups: place => withDaemon(place, groupsOf),
  contacts: place => withDaemon(place, contactsOf),
  chats: place =>
    withDaemon(place, async daemon => {
      const all = [await channelsOf(daemon), await groupsOf(daemon), await peopleOf(daemon), await contactsOf(daemon)]
      const seen = new Set<string>()
      return all.flat().filter(({ word }) => !seen.has(word) && seen.add(word))
    })
}

interface Daemon {
  readonly account: RemoteAccount
  readonly publicKey: string
}

async function withDaemon(place: Place, ask: (daemon: Daemon) => Promise<readonly Word[]>): Promise<readonly Word[]> {
  const daemon = await daemonOf(profileOf(place))
  if (daemon === undefined) return []
  try {
    return await ask(daemon)
  } finally {
    daemon.account.close()
  }
}

async function channelsOf({ account }: Daemon): Promise<readonly Word[]> {
  const chats = await account.chats()
  return chats.flatMap(({ chat, active }) =>
    active && chat.kind === 'public' ? [{ word: chatName(chat), about: '' }] : []
  )
}

async function groupsOf({ account }: Daemon): Promise<readonly Word[]> {
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
async function peopleOf({ account, publicKey }: Daemon): Promise<readonly Word[]> {
  const contacts = await account.contacts()
  const known = new Map(contacts.map(contact => [contact.publicKey, contact]))
  const chats = await account.chats()
  const people = chats.flatMap(({ chat, active }) =>
    active && chat.kind === 'one-to-one' ? [entryOf(chat.publicKey, known.get(chat.publicKey), publicKey)] : []
  )
  return wordsOf(people, contactEntries(contacts, publicKey))
}

async function contactsOf({ account, publicKey }: Daemon): Promise<readonly Word[]> {
  return wordsOf(contactEntries(await account.contacts(), publicKey))
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
function wordsOf(entries: readonly Entry[], all: readonly Entry[] = entries): readonly Word[] {
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
