import type { MessageFact } from '@status-stack/account-rpc/methods'
import { type KeyHex, shortKey } from '@status-stack/account-rpc/targets'
import { handleOf, type PersonName, readable } from '@status-stack/account-rpc/words'
import { type ArgumentKind, type CommandRow, commandRows, commandTable, isCommand } from './command-table.ts'
import { replaceRange } from './editor.ts'
import { namesOf, type State } from './state.ts'

export interface Option {
  readonly value: string
  readonly note: string
}

/** What the word at the cursor may become. */
export interface Options {
  readonly start: number
  readonly end: number
  readonly options: readonly Option[]
}

const none: readonly Option[] = []

/** `^` and enough digits of an id to name one of the loaded messages. */
export const reference = (message: Pick<MessageFact, 'messageId'>): string => `^${message.messageId.slice(2, 10)}`

const people = (state: State): readonly Option[] =>
  Object.entries(state.people).map(([key, person]) => ({
    value: `@${handleOf(person)}`,
    note: aboutPerson(key, person)
  }))

/** What tells people of one name apart: the short key, and an ENS name that is only claimed. */
function aboutPerson(key: KeyHex, { kind, verified, claimed }: PersonName): string {
  const text = kind === 'key' ? '' : shortKey(key)
  return claimed === '' || verified ? text : `${text} claims ${claimed}, which is not verified`.trim()
}

function chats(state: State): readonly Option[] {
  return state.chats.map(({ chat, title, id }) => {
    if (chat.kind === 'public') return { value: `#${chat.name}`, note: '' }
    if (chat.kind === 'group') return { value: id, note: title }
    return { value: `@${handleOf(namesOf(state).person(chat.publicKey))}`, note: '' }
  })
}

function messages(state: State, own: boolean): readonly Option[] {
  const all = state.conversation?.messages ?? []
  return all
    .filter(message => (!own || message.outgoing) && !message.deleted && message.kind !== 'system')
    .slice(-20)
    .reverse()
    .map(message => ({ value: reference(message), note: readable(message.text, namesOf(state)).slice(0, 60) }))
}

function argumentOptions(state: State, kind: ArgumentKind | undefined): readonly Option[] {
  switch (kind) {
    case 'command':
      return commandRows.map(([name, { what }]) => ({ value: name, note: what }))
    case 'chat':
      return chats(state)
    case 'person':
      return people(state)
    case 'own':
    case 'any':
      return messages(state, kind === 'own')
    case 'text':
    case undefined:
      return none
    default:
      return kind.map(value => ({ value, note: '' }))
  }
}

function candidates(state: State, before: string, word: string): readonly Option[] {
  const command = /^\/([a-z-]*)/.exec(before)?.[1]
  if (command !== undefined && before === `/${command}`) {
    return commandRows.map(([name, { what }]) => ({ value: `/${name}`, note: what }))
  }
  if (command !== undefined && isCommand(command)) {
    const words = before.split(/\s+/)
    const { args }: CommandRow = commandTable[command]
    // The message may be left out: what follows it is then the first argument.
    const optional = args[0] === 'own' || args[0] === 'any'
    const skipped = optional && words.length > 1 && !word.startsWith('^') && words[1]?.startsWith('^') !== true
    const kind = args[Math.min(words.length - 2 + (skipped && word !== '' ? 1 : 0), args.length - 1)]
    if (kind !== 'text') return argumentOptions(state, kind)
  }
  return word.startsWith('@') ? people(state) : none
}

/** Completions of the word before the cursor, or undefined when there are none. */
export function optionsFor(state: State): Options | undefined {
  const { text, cursor } = state.editor
  const before = text.slice(0, cursor)
  const word = /\S*$/.exec(before)?.[0] ?? ''
  if (!before.startsWith('/') && !word.startsWith('@')) return undefined
  const wanted = word.toLocaleLowerCase()
  const options = candidates(state, before, word).filter(
    ({ value, note }) =>
      value.toLocaleLowerCase().startsWith(wanted) ||
      (wanted !== '' && !wanted.startsWith('/') && note.toLocaleLowerCase().startsWith(wanted))
  )
  return options.length === 0 ? undefined : { start: cursor - word.length, end: cursor, options }
}

/** The next or the previous of what the word before the cursor may become. */
export function complete(state: State, step: 1 | -1): State {
  const { completion, editor } = state
  const found = completion === undefined ? optionsFor(state) : undefined
  const values = completion?.values ?? found?.options.map(({ value }) => value)
  if (values === undefined) return state
  const from = completion?.index ?? (step === 1 ? -1 : 0)
  const index = (from + step + values.length) % values.length
  const start = completion?.start ?? found?.start ?? 0
  const value = `${values[index] ?? ''} `
  const next = replaceRange(editor, start, completion?.end ?? found?.end ?? 0, value)
  // The only one is taken at once, and the next word can be completed.
  if (values.length === 1) return { ...state, editor: next, completion: undefined }
  return { ...state, editor: next, completion: { start, end: next.cursor, values, index } }
}
