import type { LedgerFact, MessageFact } from '@status-stack/account-rpc/methods'
import { chatId } from '@status-stack/account-rpc/targets'
import { type Action, type Update, withEffects } from './actions.ts'
import { geometryOf } from './layout.ts'
import { unreadLines } from './message-lines.ts'
import { sorted, withAuthors, withChat, withPerson } from './people.ts'
import { atBottom, scrolledTo } from './scroll.ts'
import { type ChatItem, type State, titleOf } from './state.ts'
import { withLineOf } from './switching.ts'
import { keptMessages, withMessage, withNewer } from './window.ts'

/** An invitation counts as unread until it is looked at. */
const lookedAt = (item: ChatItem): ChatItem => (item.invited && item.unread === 1 ? { ...item, unread: 0 } : item)

/** A chat is looked at: its newest messages, or those around the one that was searched for. */
export function onOpened(
  before: State,
  { chat, messages, complete, draft = '', around }: Extract<Action, { type: 'opened' }>
): Update {
  const id = chatId(chat)
  const state = withLineOf(before, id, draft)
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
    invited: false,
    muted: false,
    lastClock: Number.MAX_SAFE_INTEGER
  }
  const seenFrom = state.conversation?.id === id ? state.conversation.unreadFrom : undefined
  const unreadFrom = messages.find(({ seen, outgoing }) => !seen && !outgoing)?.messageId ?? seenFrom
  const window = { messages: messages.slice(-keptMessages), complete: complete && messages.length <= keptMessages }
  const hasNewer = around?.hasNewer ?? false
  const next: State = {
    ...known,
    chats: listed ? known.chats.map(item => (item.id === id ? lookedAt(item) : item)) : sorted([...known.chats, fresh]),
    invitationsSeen: known.invitationsSeen.includes(id) ? known.invitationsSeen : [...known.invitationsSeen, id],
    conversation: { id, chat, ...window, hasNewer, unreadFrom, below: 0, askedDays: 0 },
    scroll: 0,
    selected: undefined,
    panel: undefined,
    ledger: {}
  }
  if (around !== undefined) return withEffects(scrolledTo({ ...next, selected: around.messageId }, around.messageId))
  // More unread than fits: reading begins where it begins.
  const { pane, rows } = geometryOf(next)
  const scroll = seenFrom === unreadFrom ? 0 : Math.max(0, unreadLines(next, pane) - rows)
  return scroll === 0 && state.focused ? withEffects(next, { type: 'seen', chat }) : withEffects({ ...next, scroll })
}

export function onNewer(state: State, messages: readonly MessageFact[], complete: boolean): Update {
  const next = withNewer(withAuthors(state, messages), messages, complete)
  const { conversation } = next
  if (conversation === undefined || !atBottom(next)) return withEffects(next)
  return withEffects(next, { type: 'seen', chat: conversation.chat })
}

export function onMessage(state: State, message: MessageFact): Update {
  const known = withMessage(withPerson(state, message.author), message)
  if (message.outgoing) return withEffects(known)
  const here = state.conversation?.id === chatId(message.chat)
  if (here && state.focused && atBottom(state)) return withEffects(known, { type: 'seen', chat: message.chat })
  const marked = here && state.focused === false ? withFirstUnread(known, message) : known
  const text = named(state, message) ? 'a message that names you' : 'a new message'
  return rings(state, message)
    ? withEffects(marked, { type: 'bell', title: titleHere(state, message), text })
    : withEffects(marked)
}

function withFirstUnread(state: State, message: MessageFact): State {
  const { conversation } = state
  if (conversation === undefined || message.seen) return state
  const position = conversation.messages.findIndex(({ messageId }) => messageId === conversation.unreadFrom)
  const seen = position === -1 || conversation.messages[position]?.seen === true
  return seen ? { ...state, conversation: { ...conversation, unreadFrom: message.messageId } } : state
}

/** Muted chats do not ring, nor do strangers, and of public chats only what names us. */
function rings(state: State, message: MessageFact): boolean {
  if (message.kind === 'system' || message.deleted) return false
  const item = state.chats.find(({ id }) => id === chatId(message.chat))
  if (item?.muted === true) return false
  return message.chat.kind === 'public' ? named(state, message) : item !== undefined && !item.request
}

const named = (state: State, { mentions }: MessageFact): boolean => mentions.includes(state.self)

const titleHere = (state: State, { chat }: MessageFact): string =>
  state.chats.find(({ id }) => id === chatId(chat))?.title ?? titleOf(state, chat)

/** An invitation that has just come rings, as a message does. */
export function onChat(state: State, { chat, known }: Extract<Action, { type: 'chat' }>): Update {
  const before = state.chats.find(({ id }) => id === chat.id)
  const next = withChat(state, chat)
  const item = next.chats.find(({ id }) => id === chat.id)
  if (known === true || item?.invited !== true || before?.invited === true || item.muted) return withEffects(next)
  return withEffects(next, { type: 'bell', title: item.title, text: 'you are invited to a group' })
}

/** A message as it is since it was edited, deleted or reacted to. */
export function withChanged(state: State, message: MessageFact): State {
  const { conversation } = state
  if (conversation === undefined) return state
  const messages = conversation.messages.map(old => (old.messageId === message.messageId ? message : old))
  return { ...state, conversation: { ...conversation, messages } }
}

/** BOUNDED: what is known of deliveries goes with the messages that are in memory. */
export function withLedger(state: State, entries: readonly LedgerFact[]): State {
  const all = { ...state.ledger, ...Object.fromEntries(entries.map(entry => [entry.messageId, entry])) }
  if (Object.keys(all).length <= 2 * keptMessages) return { ...state, ledger: all }
  const loaded = new Set(state.conversation?.messages.map(({ messageId }) => messageId))
  for (const { messageId } of entries) loaded.add(messageId)
  return { ...state, ledger: Object.fromEntries(Object.entries(all).filter(([id]) => loaded.has(id))) }
}
