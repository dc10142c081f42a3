import type { Chat, ChatRef, Contact, LedgerEntry, Message } from '@status-stack/status-client'
import { shownName } from '@status-stack/status-client'
import { printable } from '../output.ts'
import { hexKey, shortKey } from '../view.ts'
import { optionsFor } from './complete.ts'
import { clear, editorKey, insert, replaceRange, submit } from './editor.ts'
import type { Key } from './keys.ts'
import { geometryOf, panelLines } from './layout.ts'
import { conversationLines } from './message-lines.ts'
import { type ChatItem, chatId, itemOf, type Panel, type State, titleOf } from './state.ts'

export type Action =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'resize'; readonly width: number; readonly height: number }
  | { readonly type: 'chat'; readonly chat: Chat }
  | { readonly type: 'contact'; readonly contact: Contact }
  /** A chat is looked at; `messages` oldest first. */
  | {
      readonly type: 'opened'
      readonly chat: ChatRef
      readonly messages: readonly Message[]
      readonly complete: boolean
    }
  | { readonly type: 'older'; readonly id: string; readonly messages: readonly Message[]; readonly complete: boolean }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'changed'; readonly message: Message }
  | { readonly type: 'ledgers'; readonly entries: readonly LedgerEntry[] }
  | { readonly type: 'peers'; readonly count: number }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'progress'; readonly text?: string | undefined }
  | { readonly type: 'panel'; readonly panel: Panel }

/** What the state wants done outside of it. */
export type Effect =
  | { readonly type: 'open'; readonly chat: ChatRef }
  | { readonly type: 'older' }
  | { readonly type: 'seen'; readonly chat: ChatRef }
  | { readonly type: 'send'; readonly chat: ChatRef; readonly text: string }
  | { readonly type: 'command'; readonly name: string; readonly rest: string }
  | { readonly type: 'cancel' }
  | { readonly type: 'quit' }

export interface Update {
  readonly state: State
  readonly effects: readonly Effect[]
}

/** BOUNDED: notices that are kept. */
export const keptNotices = 200
/** BOUNDED: messages kept while nobody scrolls; older ones are read from the store again. */
export const keptMessages = 400

const only = (state: State, ...effects: Effect[]): Update => ({ state, effects })

/** The next state, and what is to be done. Pure. */
export function update(state: State, action: Action): Update {
  switch (action.type) {
    case 'key':
      return onKey(state, action.key)
    case 'resize':
      return only({ ...state, width: action.width, height: action.height })
    case 'chat':
      return only(withChat(state, action.chat))
    case 'contact':
      return only(withContact(state, action.contact))
    case 'opened':
      return onOpened(state, action)
    case 'older':
      return only(withOlder(state, action))
    case 'message':
      return onMessage(state, action.message)
    case 'changed':
      return only(withChanged(state, action.message))
    case 'ledgers': {
      const entries = Object.fromEntries(action.entries.map(entry => [entry.messageId, entry]))
      return only({ ...state, ledger: { ...state.ledger, ...entries } })
    }
    case 'peers':
      return only({ ...state, peers: action.count, wasConnected: state.wasConnected || action.count > 0 })
    case 'notice':
      return only(withNotice(state, action.text))
    case 'progress':
      return only({ ...state, progress: action.text })
    case 'panel':
      return only({ ...state, panel: action.panel, panelScroll: 0 })
  }
}

export function withNotice(state: State, text: string): State {
  return { ...state, notices: [...state.notices, printable(text)].slice(-keptNotices), noticeShown: true }
}

const requestLast = ({ about }: ChatItem): number => (about.startsWith('request') ? 1 : 0)

function sorted(chats: readonly ChatItem[]): readonly ChatItem[] {
  return chats.toSorted(
    (a, b) => requestLast(a) - requestLast(b) || b.lastClock - a.lastClock || (a.title < b.title ? -1 : 1)
  )
}

function withChat(state: State, chat: Chat): State {
  const keys = [
    ...(chat.chat.kind === 'one-to-one' ? [chat.chat.publicKey] : []),
    ...(chat.group?.members.map(({ publicKey }) => publicKey) ?? [])
  ]
  const known = keys.reduce(withPerson, state)
  const others = known.chats.filter(({ id }) => id !== chat.id)
  // What was left stays only while it is looked at.
  const listed = chat.active || chat.unread > 0 || known.conversation?.id === chat.id
  return { ...known, chats: sorted(listed ? [...others, itemOf(known, chat)] : others) }
}

function withPerson(state: State, publicKey: Uint8Array): State {
  const key = hexKey(publicKey)
  if (state.people[key] !== undefined || key === hexKey(state.self)) return state
  return { ...state, people: { ...state.people, [key]: shortKey(publicKey) } }
}

function withContact(state: State, contact: Contact): State {
  const name = shownName(contact)
  const people = {
    ...state.people,
    [hexKey(contact.publicKey)]: name === undefined ? shortKey(contact.publicKey) : printable(name)
  }
  const chats = state.chats.map(item =>
    item.chat.kind === 'one-to-one' ? { ...item, title: titleOf({ people }, item.chat) } : item
  )
  return { ...state, people, chats }
}

function withAuthors(state: State, messages: readonly Message[]): State {
  return messages.reduce((known, { author }) => withPerson(known, author), state)
}

function onOpened(state: State, { chat, messages, complete }: Extract<Action, { type: 'opened' }>): Update {
  const id = chatId(chat)
  const known = withAuthors(chat.kind === 'one-to-one' ? withPerson(state, chat.publicKey) : state, messages)
  const listed = known.chats.some(item => item.id === id)
  const fresh: ChatItem = {
    id,
    chat,
    title: titleOf(known, chat),
    unread: 0,
    mentions: 0,
    about: '',
    lastClock: Number.MAX_SAFE_INTEGER
  }
  const next: State = {
    ...known,
    chats: listed ? known.chats : sorted([...known.chats, fresh]),
    conversation: { id, chat, messages, complete, loading: false },
    scroll: 0,
    panel: undefined
  }
  return only(next, { type: 'seen', chat })
}

function ordered(messages: readonly Message[]): readonly Message[] {
  const unique = new Map(messages.map(message => [message.messageId, message]))
  return [...unique.values()].sort((a, b) => a.clock - b.clock || (a.messageId < b.messageId ? -1 : 1))
}

function withOlder(state: State, { id, messages, complete }: Extract<Action, { type: 'older' }>): State {
  const { conversation } = state
  if (conversation?.id !== id) return state
  const all = ordered([...messages, ...conversation.messages])
  return {
    ...withAuthors(state, messages),
    conversation: { ...conversation, messages: all, complete, loading: false }
  }
}

const countLines = (state: State): number =>
  conversationLines(state, geometryOf(state).pane, Number.POSITIVE_INFINITY).length

function onMessage(state: State, message: Message): Update {
  const known = withPerson(state, message.author)
  const { conversation } = known
  if (conversation === undefined || chatId(message.chat) !== conversation.id) return only(known)
  const all = ordered([...conversation.messages, message])
  const trim = known.scroll === 0 && all.length > keptMessages
  const next: State = {
    ...known,
    conversation: {
      ...conversation,
      messages: trim ? all.slice(-keptMessages) : all,
      complete: conversation.complete && !trim
    }
  }
  // Who reads older messages keeps them in sight.
  if (known.scroll > 0) return only({ ...next, scroll: known.scroll + countLines(next) - countLines(known) })
  return message.outgoing ? only(next) : only(next, { type: 'seen', chat: message.chat })
}

function withChanged(state: State, message: Message): State {
  const { conversation } = state
  if (conversation === undefined) return state
  const messages = conversation.messages.map(old => (old.messageId === message.messageId ? message : old))
  return { ...state, conversation: { ...conversation, messages } }
}

function onKey(state: State, key: Key): Update {
  if (key.kind !== 'key') return only({ ...state, editor: insert(state.editor, key.text), completion: undefined })
  switch (key.name) {
    case 'tab':
      return only(complete(state, 1))
    case 'shift-tab':
      return only(complete(state, -1))
    case 'enter':
      return onEnter(state)
    case 'escape':
      return only({ ...state, panel: undefined, completion: undefined, noticeShown: false }, { type: 'cancel' })
    case 'ctrl-c':
      return state.editor.text === ''
        ? only(state, { type: 'quit' })
        : only({ ...state, editor: clear(state.editor), completion: undefined })
    case 'ctrl-d':
      return state.editor.text === '' ? only(state, { type: 'quit' }) : onKey(state, { kind: 'key', name: 'delete' })
    case 'ctrl-n':
    case 'alt-down':
      return neighbour(state, 1)
    case 'ctrl-p':
    case 'alt-up':
      return neighbour(state, -1)
    case 'page-up':
      return page(state, 1)
    case 'page-down':
      return page(state, -1)
    default:
      return only({ ...state, editor: editorKey(state.editor, key.name) ?? state.editor, completion: undefined })
  }
}

function complete(state: State, step: 1 | -1): State {
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

function onEnter(state: State): Update {
  const text = state.editor.text
  if (text.trim() === '') return only(state)
  const next: State = { ...state, editor: submit(state.editor), completion: undefined, noticeShown: false }
  if (text.startsWith('/') && !text.startsWith('//')) {
    const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? []
    return only(next, { type: 'command', name, rest: rest.trim() })
  }
  if (state.conversation === undefined) return only(withNotice(state, 'no chat is open: /to WHO or /join #NAME'))
  const said = text.startsWith('//') ? text.slice(1) : text
  return only({ ...next, scroll: 0, panel: undefined }, { type: 'send', chat: state.conversation.chat, text: said })
}

function neighbour(state: State, step: 1 | -1): Update {
  const { chats, conversation } = state
  if (chats.length === 0) return only(state)
  const at = chats.findIndex(({ id }) => id === conversation?.id)
  const item = chats[at === -1 ? 0 : (at + step + chats.length) % chats.length]
  return item === undefined ? only(state) : only(state, { type: 'open', chat: item.chat })
}

function page(state: State, step: 1 | -1): Update {
  const { rows, pane } = geometryOf(state)
  if (state.panel !== undefined) {
    const most = Math.max(0, panelLines(state).length - rows + 1)
    const panelScroll = Math.max(0, Math.min(most, state.panelScroll - step * Math.max(1, rows - 2)))
    return only({ ...state, panelScroll })
  }
  const { conversation } = state
  if (conversation === undefined) return only(state)
  const wanted = Math.max(0, state.scroll + step * Math.max(1, rows - 1))
  const lines = conversationLines(state, pane, wanted + rows).length
  const scroll = Math.min(wanted, Math.max(0, lines - rows))
  if (step === 1 && lines < wanted + rows && !conversation.complete && !conversation.loading) {
    return only({ ...state, scroll, conversation: { ...conversation, loading: true } }, { type: 'older' })
  }
  return scroll === 0 && state.scroll > 0
    ? only({ ...state, scroll }, { type: 'seen', chat: conversation.chat })
    : only({ ...state, scroll })
}
