import { emojiPictures, emojis } from '@status-stack/account-rpc/methods'
import { knownWords } from '@status-stack/account-rpc/words'
import { valueInLine, type Word, wordLines } from '@status-stack/command-line'
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
  channels: place => ofDaemon(place, 'channels'),
  groups: place => ofDaemon(place, 'groups'),
  contacts: place => ofDaemon(place, 'contacts'),
  chats: place => ofDaemon(place, 'chats')
}

async function ofDaemon(place: Place, kind: Parameters<typeof knownWords>[0]): Promise<readonly Word[]> {
  const daemon = await daemonOf(profileOf(place))
  if (daemon === undefined) return []
  try {
    return await knownWords(kind, daemon.account, daemon.publicKey)
  } finally {
    daemon.account.close()
  }
}
