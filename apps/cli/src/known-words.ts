import type { RemoteAccount } from '@status-stack/account-rpc/client'
import { type ContactFact, emojiPictures, emojis } from '@status-stack/account-rpc/methods'
import { chatName, isName, type KeyHex, shortKey } from '@status-stack/account-rpc/targets'
import { groupsCalled, handleOf, peopleCalled, personName } from '@status-stack/account-rpc/words'
import { hexToBytes } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { printable } from '@status-stack/utils'
import { daemonOf } from './daemon-account.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'
import { allProfiles, profileOf } from './profile.ts'
import type { WordKind } from './word-kinds.ts'

/** What can be typed, and what it is for a person. */
interface Word {
  readonly word: string
  readonly about: string
  /** There is a name for it, which is shorter. */
  readonly named?: boolean
}

type Place = Pick<Globals, 'profile' | 'dataDir'>

/**
 * Prints the words of a kind that begin like what is typed: one on a line, a tab, and what it is. Who has a name is offered by it, and
 * by the key only where that is being typed. Names are encrypted
 * where they are stored, so that a daemon that runs is asked, and no password ever. What cannot be known at once is not said at all.
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
    const typed = begin.toLowerCase()
    const fits = ({ word, named }: Word): boolean =>
      word.toLowerCase().startsWith(typed) && (typed !== '' || named !== true)
    for (const { word, about } of words.filter(fits)) process.stdout.write(`${word}\t${about.replace(/\s+/g, ' ')}\n`)
  } catch {
    // No daemon, or another profile: nothing is known.
  } finally {
    clearTimeout(timer)
  }
}

/** The line that is being completed may name another profile than we were started with. */
function placeOf(line: readonly string[], { profile, dataDir }: Place): Place {
  const given = (flag: string): string | undefined => {
    const at = line.findLastIndex((word, index) => word.startsWith(`${flag}=`) || line[index - 1] === flag)
    return at < 0 ? undefined : line[at]?.replace(`${flag}=`, '')
  }
  return { profile: given('--profile') ?? profile, dataDir: given('--data-dir') ?? dataDir }
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
  return chats.flatMap(({ chat, group }) => {
    if (chat.kind !== 'group') return []
    const name = handleOf({ text: printable(group?.name ?? '').trim() })
    const named = isName(name) && groupsCalled(chats, name).length === 1
    return named
      ? [
          { word: name, about: chat.id },
          { word: chat.id, about: name, named }
        ]
      : [{ word: chat.id, about: name }]
  })
}

/** Those we have written to, or who have to us. */
async function peopleOf({ account, publicKey }: Daemon): Promise<readonly Word[]> {
  const contacts = await account.contacts()
  const chats = await account.chats()
  return chats.flatMap(({ chat, active }) =>
    active && chat.kind === 'one-to-one' ? wordsOf(chat.publicKey, contacts, publicKey) : []
  )
}

async function contactsOf({ account, publicKey }: Daemon): Promise<readonly Word[]> {
  const contacts = await account.contacts()
  return contacts.flatMap(contact => wordsOf(contact.publicKey, contacts, publicKey))
}

/** The name of a person where it names nobody else, and the key. */
function wordsOf(publicKey: KeyHex, contacts: readonly ContactFact[], self: KeyHex): readonly Word[] {
  const person = personName(
    publicKey,
    contacts.find(contact => contact.publicKey === publicKey),
    { self }
  )
  const key = encodeKeyText(hexToBytes(publicKey))
  const name = handleOf(person)
  const named = isName(name) && peopleCalled(contacts, name).length === 1
  return named
    ? [
        { word: name, about: shortKey(publicKey) },
        { word: key, about: name, named }
      ]
    : [{ word: key, about: person.text }]
}
