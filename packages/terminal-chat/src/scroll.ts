import { type Update, withEffects } from './actions.ts'
import { geometryOf } from './layout.ts'
import { conversationLines } from './message-lines.ts'
import { panelLines } from './panel-lines.ts'
import type { State } from './state.ts'
import { countLines } from './window.ts'

/** Days before the oldest stored message that a mailserver is asked for, one step after the other. */
export const archiveDays = [1, 7, 30] as const

/** Everything that arrived is in sight. */
export const atBottom = ({ scroll, conversation }: State): boolean => scroll === 0 && conversation?.hasNewer !== true

/** The newest message in sight, read again when the window is far from it. */
export function toBottom(state: State): Update {
  const { conversation } = state
  if (conversation === undefined) return withEffects(state)
  if (conversation.hasNewer) return withEffects(state, { type: 'open', chat: conversation.chat })
  return seenAt({ ...state, scroll: 0 }, state)
}

/** The oldest message in sight; its page is read from the store when it is not in memory. */
export function toTop(state: State): Update {
  const { conversation } = state
  if (conversation === undefined) return withEffects(state)
  if (conversation.complete) return withEffects(topOf(state))
  if (conversation.loading !== undefined) return withEffects(state)
  return withEffects({ ...state, conversation: { ...conversation, loading: 'older' } }, { type: 'oldest' })
}

/** With the line that says what is above, as it is once one has scrolled. */
export const topOf = (state: State): State => ({
  ...state,
  scroll: Math.max(0, countLines({ ...state, scroll: 1 }) - geometryOf(state).rows)
})

/** Where a message of the window stands: lines below it, and lines of its own. */
export function placeOf(
  state: State,
  messageId: string
): { readonly below: number; readonly height: number } | undefined {
  const { conversation } = state
  const index = conversation?.messages.findIndex(message => message.messageId === messageId) ?? -1
  if (conversation === undefined || index === -1) return undefined
  const linesFrom = (start: number): number => {
    const part = { ...state, conversation: { ...conversation, messages: conversation.messages.slice(start) } }
    return conversationLines(part, geometryOf(state).pane, Number.POSITIVE_INFINITY).length
  }
  const below = linesFrom(index + 1)
  return { below, height: linesFrom(index) - below }
}

/** A message of the window in sight, in the middle where there is as much around it. */
export function scrolledTo(state: State, messageId: string): State {
  const place = placeOf(state, messageId)
  if (place === undefined) return state
  const { rows } = geometryOf(state)
  const most = Math.max(0, countLines(state) - rows)
  const middle = place.below - Math.max(0, Math.floor((rows - place.height) / 2))
  return { ...state, scroll: Math.max(0, Math.min(most, middle)) }
}

/** A message of the window in sight, moved no further than it takes. */
export function inSight(state: State, messageId: string): State {
  const place = placeOf(state, messageId)
  if (place === undefined) return state
  const { rows } = geometryOf(state)
  const lowest = place.below + place.height - rows
  return { ...state, scroll: Math.max(0, lowest, Math.min(state.scroll, place.below)) }
}

/** Nothing is below any more: what was unread has been shown. */
function seenAt(next: State, before: State): Update {
  const { conversation } = next
  if (conversation === undefined || !atBottom(next) || atBottom(before)) return withEffects(next)
  const shown: State = { ...next, conversation: { ...conversation, below: 0 } }
  return next.focused ? withEffects(shown, { type: 'seen', chat: conversation.chat }) : withEffects(shown)
}

/** A screen up (1) or down (-1): through a page over the messages, else through the history. */
export function page(state: State, step: 1 | -1): Update {
  const { rows } = geometryOf(state)
  if (state.panel !== undefined) {
    const most = Math.max(0, panelLines(state).length - rows + 1)
    const panelScroll = Math.max(0, Math.min(most, state.panelScroll - step * Math.max(1, rows - 2)))
    return withEffects({ ...state, panelScroll })
  }
  return step === 1 ? up(state, rows) : down(state, rows)
}

function up(state: State, rows: number): Update {
  const { conversation } = state
  if (conversation === undefined) return withEffects(state)
  const wanted = state.scroll + Math.max(1, rows - 1)
  const lines = conversationLines(state, geometryOf(state).pane, wanted + rows).length
  const scroll = Math.min(wanted, Math.max(0, lines - rows))
  const next: State = { ...state, scroll }
  if (lines >= wanted + rows || conversation.loading !== undefined) return withEffects(next)
  const loading: State = { ...next, conversation: { ...conversation, loading: 'older' } }
  if (!conversation.complete) return withEffects(loading, { type: 'older' })
  // The store ends here: once more at its very top goes on in the archive.
  const further = archiveDays.some(days => days > conversation.askedDays)
  return state.network.mailservers > 0 && further && scroll === state.scroll
    ? withEffects(loading, { type: 'archive' })
    : withEffects(next)
}

function down(state: State, rows: number): Update {
  const { conversation } = state
  if (conversation === undefined) return withEffects(state)
  const wanted = state.scroll - Math.max(1, rows - 1)
  if (wanted < 0 && conversation.hasNewer) {
    if (conversation.loading !== undefined) return withEffects({ ...state, scroll: 0 })
    return withEffects({ ...state, conversation: { ...conversation, loading: 'newer' } }, { type: 'newer' })
  }
  return seenAt({ ...state, scroll: Math.max(0, wanted) }, state)
}
