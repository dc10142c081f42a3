import { until } from './until.ts'

/** A message as an application was shown it, whichever messenger it has. */
export interface Shown {
  readonly id: string
  readonly from: string
  /** Key of the other person, name of a public chat, or id of a group. */
  readonly chat: string
  readonly text: string
  readonly kind: 'text' | 'emoji' | 'sticker' | 'other'
  readonly sticker?: { readonly pack: number; readonly hash: string }
  /** Message that it answers; empty when none. */
  readonly reply: string
}

export interface Member {
  readonly key: string
  readonly admin: boolean
  readonly joined: boolean
}

export interface Group {
  readonly name: string
  readonly members: readonly Member[]
}

/** What we know of a person. */
export interface Known {
  readonly added: boolean
  readonly askedUs: boolean
  readonly picture: string
  readonly ens: string
}

/** What may come with a text. */
export interface More {
  readonly reply?: string
  readonly emoji?: boolean
  readonly sticker?: { readonly pack: number; readonly hash: string }
}

/**
 * A person with a messenger, ours or status-go's: a scenario is written once and played with the parts exchanged. Keys are `0x04…`,
 * chats are named as in `Shown`. Whatever waits fails with a sentence when it waits in vain.
 */
export interface Person {
  readonly side: 'ours' | 'theirs'
  readonly name: string
  readonly key: string
  readonly installation: string
  /** Every message that was shown and not written on this device, in order. */
  readonly shown: readonly Shown[]
  /** Answers the message's id. */
  readonly say: (chat: string, text: string, more?: More) => Promise<string>
  readonly openChat: (key: string) => Promise<void>
  readonly joinPublic: (name: string) => Promise<void>
  /** Adds a contact, or accepts one. */
  readonly addContact: (key: string, picture?: string) => Promise<void>
  readonly known: (key: string) => Promise<Known | undefined>
  readonly createGroup: (name: string, members: readonly string[]) => Promise<string>
  readonly joinGroup: (id: string) => Promise<void>
  readonly invite: (id: string, member: string) => Promise<void>
  readonly promote: (id: string, member: string) => Promise<void>
  readonly remove: (id: string, member: string) => Promise<void>
  readonly leaveGroup: (id: string) => Promise<void>
  readonly group: (id: string) => Promise<Group | undefined>
  /** Tells the other devices of this identity about this one. */
  readonly pair: (name: string) => Promise<void>
  /** Names of the other devices of this identity, by installation id. */
  readonly devices: () => Promise<ReadonlyMap<string, string>>
  readonly enableDevice: (installation: string) => Promise<void>
  /** Off the network, with everything kept. */
  readonly stop: () => Promise<void>
  /** The same person again, on the same data. */
  readonly start: () => Promise<void>
}

/** Waits until `who` was shown this text; a message that should come once is asked for with `once` at the end. */
export async function reads(who: Person, text: string, timeoutMs?: number): Promise<Shown> {
  const found = (): Shown | undefined => who.shown.find(message => message.text === text)
  const short = text.length > 40 ? `${text.slice(0, 40)}… (${text.length} characters)` : text
  await until(`${who.name} to read "${short}"`, () => found() !== undefined, timeoutMs)
  return found() as Shown
}

/** Waits until `who` sees a group as it should be. */
export async function seesGroup(
  who: Person,
  id: string,
  what: string,
  holds: (members: ReadonlyMap<string, Member>, group: Group) => boolean
): Promise<Group> {
  let seen: Group | undefined
  await until(`${who.name} to see of the group: ${what}`, async () => {
    seen = await who.group(id)
    return seen !== undefined && holds(new Map(seen.members.map(member => [member.key, member])), seen)
  })
  return seen as Group
}

/** How often a text was shown. */
export const times = (who: Person, text: string): number => who.shown.filter(message => message.text === text).length
