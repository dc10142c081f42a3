import { only, type Update } from './actions.ts'
import { geometryOf, panelLines } from './layout.ts'
import { conversationLines } from './message-lines.ts'
import type { State } from './state.ts'
import { countLines } from './window.ts'

/** Days before the oldest stored message that a mailserver is asked for, one step after the other. */
export const archiveDays = [1, 7, 30] as const

/** Everything that arrived is in sight. */
export const atBottom = ({ scroll, conversation }: State): boolean =>
  scroll === 0 && (conversation?.newer.length ?? 0) === 0

/** The newest message in sight, read again when the window is far from it. */
export function toBottom(state: State): Update {
  const { conversation } = state
  if (conversation === undefined) return only(state)
  if (conversation.newer.length > 0) return only(state, { type: 'open', chat: conversation.chat })
  return seenAt({ ...state, scroll: 0 }, state)
}

/** The oldest message in sight; reads all of the history that is not in memory. */
export function toTop(state: State): Update {
  const { conversation } = state
  if (conversation === undefined) return only(state)
  if (conversation.complete) return only(topOf(state))
  if (conversation.loading !== undefined) return only(state)
  return only({ ...state, conversation: { ...conversation, loading: 'older' } }, { type: 'oldest' })
}

/** With the line that says what is above, as it is once one has scrolled. */
export const topOf = (state: State): State => ({
  ...state,
  scroll: Math.max(0, countLines({ ...state, scroll: 1 }) - geometryOf(state).rows)
})

/** Nothing is below any more: what was unread has been shown. */
function seenAt(next: State, before: State): Update {
  const { conversation } = next
  if (conversation === undefined || !atBottom(next) || atBottom(before)) return only(next)
  const shown: State = { ...next, conversation: { ...conversation, below: 0 } }
  return next.focused ? only(shown, { type: 'seen', chat: conversation.chat }) : only(shown)
}

/** A screen up (1) or down (-1): through a page over the messages, else through the history. */
export function page(state: State, step: 1 | -1): Update {
  const { rows } = geometryOf(state)
  if (state.panel !== undefined) {
    const most = Math.max(0, panelLines(state).length - rows + 1)
    const panelScroll = Math.max(0, Math.min(most, state.panelScroll - step * Math.max(1, rows - 2)))
    return only({ ...state, panelScroll })
  }
  return step === 1 ? up(state, rows) : down(state, rows)
}

function up(state: State, rows: number): Update {
  const { conversation } = state
  if (conversation === undefined) return only(state)
  const wanted = state.scroll + Math.max(1, rows - 1)
  const lines = conversationLines(state, geometryOf(state).pane, wanted + rows).length
  const scroll = Math.min(wanted, Math.max(0, lines - rows))
  const next: State = { ...state, scroll }
  if (lines >= wanted + rows || conversation.loading !== undefined) return only(next)
  const loading: State = { ...next, conversation: { ...conversation, loading: 'older' } }
  if (!conversation.complete) return only(loading, { type: 'older' })
  // The store ends here: once more at its very top goes on in the archive.
  const further = archiveDays.some(days => days > conversation.askedDays)
  return state.network.mailservers > 0 && further && scroll === state.scroll
    ? only(loading, { type: 'archive' })
    : only(next)
}

function down(state: State, rows: number): Update {
  const { conversation } = state
  if (conversation === undefined) return only(state)
  const wanted = state.scroll - Math.max(1, rows - 1)
  if (wanted < 0 && conversation.newer.length > 0) {
    if (conversation.loading !== undefined) return only({ ...state, scroll: 0 })
    return only({ ...state, conversation: { ...conversation, loading: 'newer' } }, { type: 'newer' })
  }
  return seenAt({ ...state, scroll: Math.max(0, wanted) }, state)
}
