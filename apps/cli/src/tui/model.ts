import { equalBytes } from '@status-stack/crypto'
import type { LedgerEntry, Message } from '@status-stack/status-client'
import { printable } from '../output.ts'
import { type Action, only, type Update } from './actions.ts'
import { optionsFor } from './complete.ts'
import { clear, editorKey, insert, replaceRange, rewrite, submit } from './editor.ts'
import type { Key } from './keys.ts'
import { geometryOf } from './layout.ts'
import { unreadLines } from './message-lines.ts'
import { sorted, withAuthors, withChat, withContact, withPerson } from './people.ts'
import { atBottom, page, toBottom, topOf, toTop } from './scroll.ts'
import { type ChatItem, chatId, type State, titleOf } from './state.ts'
import { keptMessages, withMessage, withNewer, withOlder } from './window.ts'

/** BOUNDED: notices that are kept. */
export const keptNotices = 200

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
      return state.conversation?.id === action.id
        ? only(withOlder(withAuthors(state, action.messages), action.messages, action.complete, action.leap))
        : only(state)
    case 'newer':
      return state.conversation?.id === action.id ? onNewer(state, action.messages) : only(state)
    case 'asked':
      return state.conversation?.id === action.id
        ? only({ ...state, conversation: { ...state.conversation, askedDays: action.days, loading: undefined } })
        : only(state)
    case 'top':
      return only(topOf(state))
    case 'message':
      return onMessage(state, action.message)
    case 'changed':
      return only(withChanged(state, action.message))
    case 'ledger':
      return only(withLedger(state, action.entries))
    case 'peers':
      return only({ ...state, peers: action.count, wasConnected: state.wasConnected || action.count > 0 })
    case 'notice':
      return only(withNotice(state, action.text))
    case 'progress':
      return only({ ...state, progress: action.text })
    case 'panel':
      return only({ ...state, panel: action.panel, panelScroll: 0 })
    case 'written':
      return only({ ...state, editor: rewrite(state.editor, action.text), completion: undefined })
    case 'next':
      return nextUnread(state)
  }
}

export function withNotice(state: State, text: string): State {
  return { ...state, notices: [...state.notices, printable(text)].slice(-keptNotices), noticeShown: true }
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
    request: false,
    lastClock: Number.MAX_SAFE_INTEGER
  }
  const before = state.conversation?.id === id ? state.conversation.unreadFrom : undefined
  const unreadFrom = messages.find(({ seen, outgoing }) => !seen && !outgoing)?.messageId ?? before
  const window = { messages: messages.slice(-keptMessages), complete: complete && messages.length <= keptMessages }
  const next: State = {
    ...known,
    chats: listed ? known.chats : sorted([...known.chats, fresh]),
    conversation: { id, chat, ...window, newer: [], unreadFrom, below: 0, askedDays: 0 },
    scroll: 0,
    panel: undefined,
    ledger: {}
  }
  // More unread than fits: reading begins where it begins.
  const { pane, rows } = geometryOf(next)
  const scroll = before === unreadFrom ? 0 : Math.max(0, unreadLines(next, pane) - rows)
  return scroll === 0 && state.focused ? only(next, { type: 'seen', chat }) : only({ ...next, scroll })
}

function onNewer(state: State, messages: readonly Message[]): Update {
  const next = withNewer(withAuthors(state, messages), messages)
  const { conversation } = next
  if (conversation === undefined || !atBottom(next)) return only(next)
  return only(next, { type: 'seen', chat: conversation.chat })
}

function onMessage(state: State, message: Message): Update {
  const known = withMessage(withPerson(state, message.author), message)
  if (message.outgoing) return only(known)
  const here = state.conversation?.id === chatId(message.chat)
  if (here && state.focused && atBottom(state)) return only(known, { type: 'seen', chat: message.chat })
  const marked = here && state.focused === false ? withFirstUnread(known, message) : known
  return rings(state, message) ? only(marked, { type: 'bell' }) : only(marked)
}

function withFirstUnread(state: State, message: Message): State {
  const { conversation } = state
  if (conversation === undefined || message.seen) return state
  const position = conversation.messages.findIndex(({ messageId }) => messageId === conversation.unreadFrom)
  const seen = position === -1 || conversation.messages[position]?.seen === true
  return seen ? { ...state, conversation: { ...conversation, unreadFrom: message.messageId } } : state
}

/** Strangers do not ring, and of public chats only what names us. */
function rings(state: State, message: Message): boolean {
  if (message.content.kind === 'system' || message.deleted) return false
  if (message.chat.kind === 'public') return message.mentions.some(key => equalBytes(key, state.self))
  const item = state.chats.find(({ id }) => id === chatId(message.chat))
  return item !== undefined && !item.request
}

function withChanged(state: State, message: Message): State {
  const { conversation } = state
  if (conversation === undefined) return state
  const messages = conversation.messages.map(old => (old.messageId === message.messageId ? message : old))
  return { ...state, conversation: { ...conversation, messages } }
}

/** BOUNDED: what is known of deliveries goes with the messages that are in memory. */
function withLedger(state: State, entries: readonly LedgerEntry[]): State {
  const all = { ...state.ledger, ...Object.fromEntries(entries.map(entry => [entry.messageId, entry])) }
  if (Object.keys(all).length <= 2 * keptMessages) return { ...state, ledger: all }
  const loaded = new Set(state.conversation?.messages.map(({ messageId }) => messageId))
  for (const { messageId } of entries) loaded.add(messageId)
  return { ...state, ledger: Object.fromEntries(Object.entries(all).filter(([id]) => loaded.has(id))) }
}

function onKey(state: State, key: Key): Update {
  if (state.prefix) {
    const next: State = { ...state, prefix: false }
    return key.kind === 'key' && key.name === 'ctrl-e' ? only(next, { type: 'edit' }) : onKey(next, key)
  }
  if (key.kind !== 'key') return only({ ...state, editor: insert(state.editor, key.text), completion: undefined })
  const empty = state.editor.text === ''
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
      return empty
        ? only(state, { type: 'quit' })
        : only({ ...state, editor: clear(state.editor), completion: undefined })
    case 'ctrl-d':
      return empty ? only(state, { type: 'quit' }) : onKey(state, { kind: 'key', name: 'delete' })
    case 'ctrl-x':
      return only({ ...state, prefix: true })
    case 'ctrl-z':
      return only(state, { type: 'suspend' })
    case 'ctrl-l':
      return only(state, { type: 'redraw' })
    case 'ctrl-n':
    case 'alt-down':
      return neighbour(state, 1)
    case 'ctrl-p':
    case 'alt-up':
      return neighbour(state, -1)
    case 'alt-n':
      return nextUnread(state)
    case 'page-up':
      return page(state, 1)
    case 'page-down':
      return page(state, -1)
    case 'ctrl-home':
      return toTop(state)
    case 'ctrl-end':
      return toBottom(state)
    case 'focus-in':
    case 'focus-out':
      return onFocus(state, key.name === 'focus-in')
    default:
      if (empty && key.name === 'home') return toTop(state)
      if (empty && key.name === 'end') return toBottom(state)
      return only({ ...state, editor: editorKey(state.editor, key.name) ?? state.editor, completion: undefined })
  }
}

function onFocus(state: State, focused: boolean): Update {
  const next: State = { ...state, focused }
  const { conversation } = state
  if (!focused || conversation === undefined || !atBottom(state)) return only(next)
  return only(next, { type: 'seen', chat: conversation.chat })
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

/** A line that was entered: a command, or a text to send. */
export function readLine(text: string): { readonly name: string; readonly rest: string } | { readonly text: string } {
  if (!text.startsWith('/') || text.startsWith('//')) return { text: text.startsWith('//') ? text.slice(1) : text }
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? []
  return { name, rest: rest.trim() }
}

function onEnter(state: State): Update {
  const { text } = state.editor
  if (text.trim() === '') return only(state)
  const next: State = { ...state, editor: submit(state.editor), completion: undefined, noticeShown: false }
  const line = readLine(text)
  if ('name' in line) return only(next, { type: 'command', ...line })
  if (state.conversation === undefined) return only(withNotice(state, 'no chat is open: /to WHO or /join #NAME'))
  const { chat } = state.conversation
  const shown = toBottom({ ...next, panel: undefined })
  return only(shown.state, { type: 'send', chat, text: line.text }, ...shown.effects)
}

function neighbour(state: State, step: 1 | -1): Update {
  const { chats, conversation } = state
  if (chats.length === 0) return only(state)
  const at = chats.findIndex(({ id }) => id === conversation?.id)
  const item = chats[at === -1 ? 0 : (at + step + chats.length) % chats.length]
  return item === undefined ? only(state) : only(state, { type: 'open', chat: item.chat })
}

/** Chats that name us come before others, the list's order decides among equals. */
function nextUnread(state: State): Update {
  const others = state.chats.filter(({ id, unread }) => unread > 0 && id !== state.conversation?.id)
  const item = others.find(({ mentions }) => mentions > 0) ?? others[0]
  return item === undefined
    ? only(withNotice(state, 'nothing is unread'))
    : only(state, { type: 'open', chat: item.chat })
}
