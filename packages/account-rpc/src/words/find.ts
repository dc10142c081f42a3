import { AccountError } from '../errors.ts'
import type { ChatFact, ContactFact } from '../methods.ts'
import { type ChatJson, chatJson, isName, type KeyHex, keyHex, parsePerson, parseTarget } from '../targets.ts'
import { groupsCalled, peopleCalled } from './people-called.ts'

/** What is known of people and conversations: the names that a session has learnt, or an account that is asked. */
export interface Known {
  /** Everybody who is stored. */
  readonly contacts: () => readonly ContactFact[] | Promise<readonly ContactFact[]>
  /** Every conversation that is stored. */
  readonly chats: () => readonly ChatFact[] | Promise<readonly ChatFact[]>
}

/** Enough of an id to tell groups apart, as lists show it. */
const idBeginning = /^[0-9a-f]{8}[0-9a-f-]*…?$/i

/**
 * Refuses at once what can be no conversation. Whether somebody has a name is known when the account is open.
 * @throws AccountError `public-key`, `chat-name`, `link`, `unsupported-link`
 *
 * @example
 * ```ts
 * assertTarget('#status')
 * ```
 */
export function assertTarget(text: string): void {
  if (!isName(text)) parseTarget(text)
}

/**
 * The same for a person. @throws AccountError `public-key`, `link`, `unsupported-link`
 *
 * @example
 * ```ts
 * assertPerson('bob')
 * ```
 */
export function assertPerson(text: string): void {
  if (!isName(text)) parsePerson(text)
}

/**
 * The same for a group. @throws AccountError `group-id`
 *
 * @example
 * ```ts
 * assertGroup('hikers')
 * ```
 */
export function assertGroup(text: string): void {
  if (!isName(text) && parseTarget(text).kind !== 'group') throw notGroup(text)
}

/**
 * The conversation that a person typed: in any form that names one, else the person or the group that is called so.
 * @throws AccountError `unknown-name`, `several-names`, and as `assertTarget`
 *
 * @example
 * ```ts
 * const chat = await findChat(account, '#status') // { kind: 'public', name: 'status' }
 * ```
 */
export async function findChat(known: Known, text: string): Promise<ChatJson> {
  if (!isName(text)) return chatJson(parseTarget(text))
  const people = await peopleNamed(known, text)
  const groups = await groupsNamed(known, text)
  const found: ChatJson[] = [
    ...people.map(publicKey => ({ kind: 'one-to-one', publicKey }) as const),
    ...groups.map(id => ({ kind: 'group', id }) as const)
  ]
  return only(found, text)
}

/**
 * The same for a person. @throws AccountError `unknown-name`, `several-names`, and as `assertPerson`
 *
 * @example
 * ```ts
 * const key = await findPerson(account, 'zQ3shgVXZLaMzm5S5x7XzGUG6YFHFLtoEMiv9ao2Bqa7hGyg2')
 * ```
 */
export async function findPerson(known: Known, text: string): Promise<KeyHex> {
  if (!isName(text)) return keyHex(parsePerson(text))
  return only(await peopleNamed(known, text), text)
}

/**
 * The id of the group. @throws AccountError `unknown-name`, `several-names`, `group-id`
 *
 * @example
 * ```ts
 * const find = (name: string) => findGroup(account, name)
 * ```
 */
export async function findGroup(known: Known, text: string): Promise<string> {
  if (!isName(text)) {
    assertGroup(text)
    return text
  }
  return only(await groupsNamed(known, text), text)
}

/** With `@` in front of it or without, as in the chat. */
async function peopleNamed(known: Known, text: string): Promise<readonly KeyHex[]> {
  return peopleCalled(await known.contacts(), text.replace(/^@/, ''))
}

/** The ids of the groups that are called so, or whose ids begin so. */
async function groupsNamed(known: Known, text: string): Promise<readonly string[]> {
  const chats = await known.chats()
  const named = groupsCalled(chats, text)
  if (!idBeginning.test(text)) return named
  const begin = text.replace('…', '').toLowerCase()
  const others = chats.filter(({ chat, id }) => chat.kind === 'group' && id.startsWith(begin)).map(({ id }) => id)
  return [...new Set([...named, ...others])]
}

function only<T>(found: readonly T[], text: string): T {
  const [first] = found
  const name = text.length > 40 ? `${text.slice(0, 40)}…` : text
  if (first === undefined) throw new AccountError('unknown-name', `nobody is called ${name} in this profile`)
  if (found.length > 1) throw new AccountError('several-names', `${name} is the name of several`)
  return first
}

const notGroup = (text: string): AccountError => new AccountError('group-id', `not a group: ${text.slice(0, 24)}…`)
