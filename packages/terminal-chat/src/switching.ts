import { isCommand } from './command-table.ts'
import { type Editor, editorKey, emptyEditor, insert, submit } from './editor.ts'
import type { Key } from './keys.ts'
import type { State } from './state.ts'

/** BOUNDED: keys that wait while a chat is opened, which takes milliseconds; more are not taken. */
export const mostTypedAhead = 10_000

/** What is about the terminal, not about a chat: it waits for none. */
const aboutTerminal: ReadonlySet<string> = new Set(['focus-in', 'focus-out', 'ctrl-l', 'ctrl-z'])

/**
 * Whether a command leads to another chat: what is typed behind it is meant for that one. An unknown command may be the slip of
 * one that does.
 */
export function leadsElsewhere(name: string, rest: string): boolean {
  if (name === 'join') return rest !== ''
  return name === 'to' || name === 'next' || name === 'group-create' || !isCommand(name)
}

/** From now on keys wait until the chat that is meant is there. */
export const awaitChat = (state: State): State => ({ ...state, typedAhead: state.typedAhead ?? [] })

/** Whether the key has to wait for the chat that is being opened. */
export const mustWait = ({ typedAhead }: State, key: Key): boolean =>
  typedAhead !== undefined && !(key.kind === 'key' && aboutTerminal.has(key.name))

export function withTypedAhead(state: State, key: Key): State {
  const { typedAhead = [] } = state
  return typedAhead.length >= mostTypedAhead ? state : { ...state, typedAhead: [...typedAhead, key] }
}

/** What was typed for a chat that could not be opened: it stands in the line, and nothing of it was done. */
export function putBack(editor: Editor, keys: readonly Key[]): Editor {
  const written = keys.reduce<Editor>((line, key) => {
    if (key.kind !== 'key') return insert(line, key.text)
    return key.name === 'enter' ? insert(line, '\n') : (editorKey(line, key.name) ?? line)
  }, editor)
  const text = written.text.trimEnd()
  return { ...written, text, cursor: Math.min(written.cursor, text.length) }
}

/** The line as it is kept: one that was only looked up in the history is none, nor is a message that is being changed. */
export function lineOf({ editor, stash }: Pick<State, 'editor' | 'stash'>): string {
  const { text, at, history, draft } = editor
  return stash ?? (at < history.length && text === history[at] ? draft : text)
}

/** Each chat has a line of its own: that of the chat which is left is kept, and that of the next one comes up. */
export function withLineOf(state: State, id: string, stored: string): State {
  const { conversation, editor } = state
  if (conversation?.id === id) return state
  const mine = state.drafts[id] ?? stored
  const written = lineOf(state)
  // What was typed before any chat was open is for the first one; with a line there already, Up brings it back.
  if (conversation === undefined && mine === '') return state
  const { history } = conversation === undefined && written !== '' ? submit(editor) : editor
  const line = { ...emptyEditor, history, at: history.length, killed: editor.killed, text: mine, cursor: mine.length }
  const drafts = conversation === undefined ? state.drafts : { ...state.drafts, [conversation.id]: written }
  return { ...state, editor: line, drafts, stash: undefined, choosing: undefined, completion: undefined }
}
