import type { ChatFact, ContactFact } from '@status-stack/account-rpc/methods'
import {
  type ChatJson,
  chatId,
  chatJson,
  isName,
  type KeyHex,
  keyHex,
  parsePerson,
  parseTarget
} from '@status-stack/account-rpc/targets'
import { groupsCalled, peopleCalled } from '@status-stack/account-rpc/words'
import { CliError } from './errors.ts'

/** What is known of people and conversations: the names that a session has learnt, or an account that is asked. */
export interface Known {
  readonly contacts: () => readonly ContactFact[] | Promise<readonly ContactFact[]>
  readonly chats: () => readonly ChatFact[] | Promise<readonly ChatFact[]>
}

/** Enough of an id to tell groups apart, as lists show it. */
const idBeginning = /^[0-9a-f]{8}[0-9a-f-]*…?$/i

/**
 * Refuses at once what can be no conversation. Whether somebody has a name is known when the account is open.
 * @throws AccountError `public-key`, `chat-name`, `link`, `unsupported-link`
 */
export function assertTarget(text: string): void {
  if (!isName(text)) parseTarget(text)
}

/** The same for a person. @throws AccountError `public-key`, `link`, `unsupported-link` */
export function assertPerson(text: string): void {
  if (!isName(text)) parsePerson(text)
}

/** The same for a group. @throws CliError `group-id` */
export function assertGroup(text: string): void {
  if (!isName(text) && parseTarget(text).kind !== 'group') throw notGroup(text)
}

/**
 * The conversation that a person typed: in any form that names one, else the person or the group that is called so.
 * @throws CliError `unknown-name`, `several-names`; AccountError as `assertTarget`
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

/** The same for a person. @throws CliError `unknown-name`, `several-names`; AccountError as `assertPerson` */
export async function findPerson(known: Known, text: string): Promise<KeyHex> {
  if (!isName(text)) return keyHex(parsePerson(text))
  return only(await peopleNamed(known, text), text)
}

/** The id of the group. @throws CliError `unknown-name`, `several-names`, `group-id` */
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

/**
 * A slip in a name changes nothing, and says so.
 * @throws CliError `unknown-chat` for what is not in the list of chats, or was left already where it has to be joined
 */
export async function assertKnown(
  known: Pick<Known, 'chats'>,
  chat: ChatJson,
  title: string,
  joined = false
): Promise<void> {
  const stored = (await known.chats()).find(({ id }) => id === chatId(chat))
  if (stored !== undefined && (stored.active || !joined)) return
  const what = joined ? `${title} is not joined` : `nothing is stored of ${title}`
  throw new CliError('failed', 'unknown-chat', what, '`status-stack chats` shows what there is')
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
  if (first === undefined)
    throw new CliError(
      'usage',
      'unknown-name',
      `nobody is called ${name} in this profile`,
      '`status-stack contacts` and `chats` show the names; a key looks like zQ3sh… or 0x04…, a public chat like #name'
    )
  if (found.length > 1)
    throw new CliError('usage', 'several-names', `${name} is the name of several`, 'give the key or the id instead')
  return first
}

const notGroup = (text: string): CliError =>
  new CliError(
    'usage',
    'group-id',
    `not a group: ${text.slice(0, 24)}…`,
    '`status-stack group list` shows the names and ids of groups'
  )
