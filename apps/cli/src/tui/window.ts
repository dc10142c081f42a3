import type { Message, MessageId } from '@status-stack/status-client'
import { geometryOf } from './layout.ts'
import { conversationLines } from './message-lines.ts'
import { type Conversation, chatId, type State } from './state.ts'

/** Messages read from the store at a time. */
export const pageSize = 60
/** BOUNDED: messages of the looked-at chat in memory; others are read from the store again. */
export const keptMessages = 400
/** BOUNDED: pages remembered on the way back; beyond it every second one is forgotten and read together with the next. */
export const keptPages = 2000

export function ordered(messages: readonly Message[]): readonly Message[] {
  const unique = new Map(messages.map(message => [message.messageId, message]))
  return [...unique.values()].sort((a, b) => a.clock - b.clock || (a.messageId < b.messageId ? -1 : 1))
}

/** Lines that the whole window takes. */
export const countLines = (state: State): number =>
  conversationLines(state, geometryOf(state).pane, Number.POSITIVE_INFINITY).length

const withConversation = (state: State, change: Partial<Conversation>): State =>
  state.conversation === undefined ? state : { ...state, conversation: { ...state.conversation, ...change } }

/** The window with its newest messages dropped until it fits; the pages they stood on are remembered. */
function trimmedBelow({ messages, newer }: Conversation): Pick<Conversation, 'messages' | 'newer'> {
  const dropped = messages.slice(keptMessages)
  if (dropped.length === 0) return { messages, newer }
  const pages: MessageId[] = []
  for (let end = dropped.length; end > 0; end -= pageSize) {
    const oldest = dropped[Math.max(0, end - pageSize)]
    if (oldest !== undefined) pages.push(oldest.messageId)
  }
  const all = [...newer, ...pages]
  // The first one is the page that reaches the newest message: it always stays.
  const kept = all.length > keptPages ? all.filter((_, index) => index % 2 === 0) : all
  return { messages: messages.slice(0, keptMessages), newer: kept }
}

/** Older messages joined the window: what is in sight stays where it is, unless all of it is on the way to the beginning. */
export function withOlder(state: State, messages: readonly Message[], complete: boolean, leap = false): State {
  const { conversation } = state
  if (conversation === undefined) return state
  const all = ordered([...messages, ...conversation.messages])
  const whole = withConversation(state, { messages: all, complete, loading: undefined })
  if (all.length <= keptMessages) return whole
  const next = withConversation(whole, trimmedBelow({ ...conversation, messages: all }))
  if (leap) return { ...next, scroll: 0 }
  const gone = countLines(whole) - countLines(next)
  return { ...next, scroll: Math.max(0, state.scroll - gone) }
}

/** Messages after the window joined it; what was oldest makes room. */
export function withNewer(state: State, messages: readonly Message[]): State {
  const { conversation } = state
  if (conversation === undefined) return state
  const newer = conversation.newer.slice(0, -1)
  const all = ordered([...conversation.messages, ...messages])
  const complete = conversation.complete && all.length <= keptMessages
  const below = newer.length === 0 ? 0 : conversation.below
  const whole = withConversation(state, { messages: all, complete: conversation.complete, newer, below })
  const added = countLines(whole) - countLines(state)
  const next = withConversation(whole, { messages: all.slice(-keptMessages), complete, loading: undefined })
  const { rows } = geometryOf(state)
  return { ...next, scroll: Math.max(0, state.scroll + added - Math.max(1, rows - 1)) }
}

/** A message of the chat that is looked at joined it, if the window reaches to where it belongs. */
export function withMessage(state: State, message: Message): State {
  const { conversation } = state
  if (conversation === undefined || chatId(message.chat) !== conversation.id) return state
  const { messages, newer } = conversation
  const known = messages.some(({ messageId }) => messageId === message.messageId)
  const newest = messages.at(-1)
  const oldest = messages[0]
  const isNewest = newest === undefined || message.clock >= newest.clock
  const arrived = !known && isNewest && !message.outgoing ? 1 : 0
  if (newer.length > 0 && isNewest) return withConversation(state, { below: conversation.below + arrived })
  // Older than the window: it is read from the store when the person scrolls there.
  if (!conversation.complete && oldest !== undefined && message.clock < oldest.clock) return state
  const all = ordered([...messages, message])
  if (state.scroll === 0) {
    const trim = all.length > keptMessages
    return withConversation(state, {
      messages: trim ? all.slice(-keptMessages) : all,
      complete: conversation.complete && !trim
    })
  }
  // Who reads older messages keeps them in sight.
  const unreadFrom =
    conversation.unreadFrom ?? (message.outgoing || message.seen || !isNewest ? undefined : message.messageId)
  const next = withConversation(state, { messages: all, unreadFrom, below: conversation.below + arrived })
  const following = all.slice(all.findIndex(({ messageId }) => messageId === message.messageId) + 1)
  const after = countLines(withConversation(state, { messages: following }))
  return after < state.scroll || isNewest
    ? bounded({ ...next, scroll: state.scroll + countLines(next) - countLines(state) })
    : bounded(next)
}

/** A window that grew while older messages are read stays within its bound. */
function bounded(state: State): State {
  const { conversation } = state
  if (conversation === undefined || conversation.messages.length <= keptMessages + pageSize) return state
  const next = withConversation(state, trimmedBelow(conversation))
  return { ...next, scroll: Math.max(0, state.scroll - (countLines(state) - countLines(next))) }
}
