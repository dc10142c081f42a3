import type { MessageFact } from '@status-stack/account-rpc/methods'
import { chatId } from '@status-stack/account-rpc/targets'
import { geometryOf } from './layout.ts'
import { conversationLines } from './message-lines.ts'
import type { Conversation, State } from './state.ts'

/** Messages read from the store at a time. */
export const pageSize = 60
/** BOUNDED: messages of the looked-at chat in memory; others are read from the store again. */
export const keptMessages = 400

function ordered(messages: readonly MessageFact[]): readonly MessageFact[] {
  const unique = new Map(messages.map(message => [message.messageId, message]))
  return [...unique.values()].sort((a, b) => a.clock - b.clock || (a.messageId < b.messageId ? -1 : 1))
}

/** Lines that the whole window takes. */
export const countLines = (state: State): number =>
  conversationLines(state, geometryOf(state).pane, Number.POSITIVE_INFINITY).length

const withConversation = (state: State, change: Partial<Conversation>): State =>
  state.conversation === undefined ? state : { ...state, conversation: { ...state.conversation, ...change } }

/** The window with its newest messages dropped until it fits: they are read again on the way down. */
function trimmedBelow({ messages, hasNewer }: Conversation): Pick<Conversation, 'messages' | 'hasNewer'> {
  return { messages: messages.slice(0, keptMessages), hasNewer: hasNewer || messages.length > keptMessages }
}

/**
 * Older messages joined the window: what is in sight stays where it is. With `leap` they are the beginning of the chat, and unless they reach
 * up to the window they take its place.
 */
export function withOlder(state: State, messages: readonly MessageFact[], complete: boolean, leap = false): State {
  const { conversation } = state
  if (conversation === undefined) return state
  const all = ordered([...messages, ...conversation.messages])
  const joins = messages.some(({ messageId }) => messageId === conversation.messages[0]?.messageId)
  if (leap && !joins) {
    // What lies between them and the window that was is read on the way down.
    const first = { messages: ordered(messages), complete, loading: undefined, hasNewer: true }
    return { ...withConversation(state, first), scroll: 0 }
  }
  const whole = withConversation(state, { messages: all, complete, loading: undefined })
  if (all.length <= keptMessages) return whole
  const next = withConversation(whole, trimmedBelow({ ...conversation, messages: all }))
  const gone = countLines(whole) - countLines(next)
  return { ...next, scroll: Math.max(0, state.scroll - gone) }
}

/** Messages after the window joined it; what was oldest makes room. */
export function withNewer(state: State, messages: readonly MessageFact[], reached: boolean): State {
  const { conversation } = state
  if (conversation === undefined) return state
  const hasNewer = conversation.hasNewer && !reached
  const all = ordered([...conversation.messages, ...messages])
  const complete = conversation.complete && all.length <= keptMessages
  const below = hasNewer ? conversation.below : 0
  const whole = withConversation(state, { messages: all, complete: conversation.complete, hasNewer, below })
  const added = countLines(whole) - countLines(state)
  const next = withConversation(whole, { messages: all.slice(-keptMessages), complete, loading: undefined })
  const { rows } = geometryOf(state)
  return { ...next, scroll: Math.max(0, state.scroll + added - Math.max(1, rows - 1)) }
}

/** A message of the chat that is looked at joined it, if the window reaches to where it belongs. */
export function withMessage(state: State, message: MessageFact): State {
  const { conversation } = state
  if (conversation === undefined || chatId(message.chat) !== conversation.id) return state
  const { messages, hasNewer } = conversation
  const known = messages.some(({ messageId }) => messageId === message.messageId)
  const newest = messages.at(-1)
  const oldest = messages[0]
  const isNewest = newest === undefined || message.clock >= newest.clock
  const arrived = !known && isNewest && !message.outgoing ? 1 : 0
  if (hasNewer && isNewest) return withConversation(state, { below: conversation.below + arrived })
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
