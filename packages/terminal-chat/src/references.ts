import type { MessageFact } from '@status-stack/account-rpc/methods'
import {
  type ChatJson,
  chatJson,
  isName,
  type KeyHex,
  keyHex,
  parsePerson,
  parseTarget
} from '@status-stack/account-rpc/targets'
import { handleOf, isCalled, sameName } from '@status-stack/account-rpc/words'
import { type CommandName, commandTable } from './command-table.ts'
import { ChatError } from './errors.ts'
import type { State } from './state.ts'

export const usageError = (message: string, hint?: string): ChatError =>
  new ChatError('caller', 'chat-command', message, hint)

/** Words apart by blanks; quotes keep several together. */
export const wordsOf = (rest: string): readonly string[] =>
  Array.from(rest.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, word]) => quoted ?? word ?? '')

export const needed = (text: string, name: CommandName): string => {
  if (text === '') throw usageError(`usage: ${commandTable[name].usage}`)
  return text
}

export const noArgument = (text: string, name: CommandName): void => {
  if (text !== '') throw usageError(`usage: ${commandTable[name].usage}`)
}

/** Whether a word is meant as a person, in any form that names one. */
export const namesPerson = (word: string): boolean => /^(@|zQ3sh|0x0|https?:\/\/|status-im:\/\/)/.test(word)

/** The name of a person, `@name` of one who was seen, a contact link, or a key in any form. */
export function personOf(state: State, word: string): KeyHex {
  if (!isName(word)) return keyHex(parsePerson(word))
  return one(peopleNamed(state, word), word, 'known person')
}

/** The only one of them. */
function one<T>(found: readonly T[], word: string, what: string): T {
  const [first] = found
  if (first === undefined) throw usageError(`no ${what} is called ${word}; Tab completes names`)
  if (found.length > 1) throw usageError(`several are called ${word}: use a key or an id, Tab completes them`)
  return first
}

/**
 * Those whom a word names: behind `@` anybody who was seen, by the handle that Tab completes; without it those with a name that nobody
 * else can choose for them.
 */
function peopleNamed(state: State, word: string): readonly KeyHex[] {
  if (word.startsWith('@')) return called(state, word.slice(1)).map(([publicKey]) => publicKey)
  const people = Object.entries(state.people).map(([publicKey, person]) => ({ publicKey, person }))
  return people.filter(({ person }) => isCalled(person, word)).map(({ publicKey }) => publicKey)
}

/** Those who are called so, by the name as one word. */
const called = (state: State, handle: string) =>
  Object.entries(state.people).filter(([, person]) => handleOf(person) === handle)

/** Names after `@` become the keys that the protocol mentions people by. */
export function withMentions(state: State, text: string): string {
  return text.replace(/@([^\s@]+?)(?=[.,:;!?)]*(?:\s|$))/g, (written, name: string) => {
    const keys = called(state, name)
    return keys.length === 1 ? `@${keys[0]?.[0]}` : written
  })
}

export function chatOf(state: State, word: string): ChatJson {
  if (word === '') throw usageError(`who? ${commandTable.to.usage}`)
  if (!isName(word)) return chatJson(parseTarget(word))
  const people = peopleNamed(state, word).map(publicKey => ({ kind: 'one-to-one', publicKey }) as const)
  // Strangers choose the names of groups: only those that we have joined.
  const groups = state.chats.filter(
    ({ chat, title, invited }) => chat.kind === 'group' && !invited && sameName(title, word)
  )
  return one([...people, ...groups.map(({ chat }) => chat)], word, 'known person or joined group')
}

export function here(state: State): ChatJson {
  if (state.conversation === undefined) throw usageError('no chat is open: /to WHO or /join #NAME')
  return state.conversation.chat
}

export function groupHere(state: State): string {
  const chat = here(state)
  if (chat.kind !== 'group') throw usageError('this chat is not a group: /to shows one, /group-create makes one')
  return chat.id
}

/** The person named, else the one of this chat. */
export function personHere(state: State, word: string | undefined, name: CommandName): KeyHex {
  if (word !== undefined) return personOf(state, word)
  const chat = here(state)
  if (chat.kind !== 'one-to-one') throw usageError(`who? ${commandTable[name].usage}`)
  return chat.publicKey
}

/** The message that `^ID` names, else the newest that fits; and what stands behind it. */
export function messageAt(
  state: State,
  rest: string,
  own: boolean,
  fits: (message: MessageFact) => boolean = () => true
): { readonly message: MessageFact; readonly rest: string } {
  const [, reference, text = ''] = /^(?:\^(\S*)\s*)?([\s\S]*)$/.exec(rest) ?? []
  const eligible = (state.conversation?.messages ?? []).filter(
    message => !message.deleted && message.kind !== 'system' && (!own || message.outgoing) && fits(message)
  )
  const digits = reference?.replace(/^0x/, '')
  const found =
    digits === undefined
      ? eligible.slice(-1)
      : eligible.filter(({ messageId }) => digits.length >= 4 && messageId.startsWith(`0x${digits}`))
  const [message] = found
  if (message === undefined || found.length > 1)
    throw usageError(
      reference === undefined
        ? `there is no such message ${own ? 'of yours ' : ''}here`
        : `no such message ${own ? 'of yours ' : ''}here is ^${reference}`
    )
  return { message, rest: text.trim() }
}
