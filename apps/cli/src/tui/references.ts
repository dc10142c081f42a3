import type { ChatRef, Message, PublicKey } from '@status-stack/status-client'
import { CliError } from '../errors.ts'
import { parseKey, parseTarget } from '../target.ts'
import { type CommandName, commandTable } from './command-table.ts'
import type { State } from './state.ts'

export const usageError = (message: string, hint?: string): CliError =>
  new CliError('usage', 'chat-command', message, hint)

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

/** `@name` of a person who was seen, a contact link, or a key in any form. */
export function personOf(state: State, word: string): PublicKey {
  if (!word.startsWith('@')) {
    const chat = /^(https|status-im):\/\//.test(word) ? parseTarget(word) : undefined
    return chat?.kind === 'one-to-one' ? chat.publicKey : parseKey(word)
  }
  const found = Object.entries(state.people).filter(([, name]) => name === word.slice(1))
  const [first] = found
  if (first === undefined) throw usageError(`no known person is called ${word}; Tab completes names`)
  if (found.length > 1) throw usageError(`several people are called ${word}: use a public key, /contacts shows them`)
  return parseKey(first[0])
}

/** Names after `@` become the keys that the protocol mentions people by. */
export function withMentions(state: State, text: string): string {
  return text.replace(/@([^\s@]+?)(?=[.,:;!?)]*(?:\s|$))/g, (written, name: string) => {
    const keys = Object.entries(state.people).filter(([, known]) => known === name)
    return keys.length === 1 ? `@${keys[0]?.[0]}` : written
  })
}

export function chatOf(state: State, word: string): ChatRef {
  if (word === '') throw usageError(`who? ${commandTable.to.usage}`)
  return word.startsWith('@') ? { kind: 'one-to-one', publicKey: personOf(state, word) } : parseTarget(word)
}

export function here(state: State): ChatRef {
  if (state.conversation === undefined) throw usageError('no chat is open: /to WHO or /join #NAME')
  return state.conversation.chat
}

export function groupHere(state: State): string {
  const chat = here(state)
  if (chat.kind !== 'group') throw usageError('this chat is not a group: /to shows one, /group-create makes one')
  return chat.id
}

/** The person named, else the one of this chat. */
export function personHere(state: State, word: string | undefined, name: CommandName): PublicKey {
  if (word !== undefined) return personOf(state, word)
  const chat = here(state)
  if (chat.kind !== 'one-to-one') throw usageError(`who? ${commandTable[name].usage}`)
  return chat.publicKey
}

/** The message that `^ID` names, else the newest that fits; and what stands behind it. */
export function messageAt(
  state: State,
  rest: string,
  own: boolean
): { readonly message: Message; readonly rest: string } {
  const [, reference, text = ''] = /^(?:\^(\S*)\s*)?([\s\S]*)$/.exec(rest) ?? []
  const eligible = (state.conversation?.messages ?? []).filter(
    message => !message.deleted && message.content.kind !== 'system' && (!own || message.outgoing)
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
        ? `there is no message ${own ? 'of yours ' : ''}here`
        : `no single message ${own ? 'of yours ' : ''}here is ^${reference}`
    )
  return { message, rest: text.trim() }
}
