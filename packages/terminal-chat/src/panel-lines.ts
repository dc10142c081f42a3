import type { MessageFact } from '@status-stack/account-rpc/methods'
import { chatId } from '@status-stack/account-rpc/targets'
import { printable } from '@status-stack/utils'
import { foundLine } from './message-lines.ts'
import type { State } from './state.ts'
import { filled, type Line, shorten, widthOf, wrap } from './text.ts'

/** All lines of the panel at this width. */
export function panelLines(state: State): readonly Line[] {
  const { panel, width } = state
  if (panel === undefined) return []
  const text = panel.lines
    .flatMap(lines => lines.split('\n'))
    .flatMap(line => wrap(printable(line), width - 2))
    .map((line): Line => [{ text: ` ${line}` }])
  const { picture } = panel
  if (picture === undefined) return text
  const columns = Math.max(...picture.map(widthOf))
  // A picture that is cut is no use: better say what it needs.
  if (columns + 2 > width || picture.length + 4 > state.height) {
    const needed = `the picture needs a window of ${columns + 2} × ${picture.length + 4}`
    return [...wrap(needed, width - 2).map((line): Line => [{ text: ` ${line}`, color: 'yellow' }]), ...text]
  }
  return [...picture.map((line): Line => [{ text: ' ' }, { text: line, paper: true }]), ...text]
}

/** The page over the messages: its title, and what fits of its lines. */
export function panelRows(state: State, rows: number): readonly Line[] {
  const room = rows - 1
  const hits = state.panel?.hits
  const lines = hits === undefined ? panelLines(state) : hits.map((hit, index) => hitLine(state, hit, index))
  const at = state.panel?.at ?? 0
  // The one that is chosen stands in the middle, as far as there is something on both sides.
  const wanted = hits === undefined ? state.panelScroll : at - Math.floor(room / 2)
  const first = Math.max(0, Math.min(wanted, lines.length - room))
  const more = lines.length > room ? `, ${first + 1}–${Math.min(lines.length, first + room)} of ${lines.length}` : ''
  const further = lines.length > room ? 'PageDown goes on, ' : ''
  const keys = hits === undefined ? ` (${further}Escape closes)` : ' (↑ ↓ Enter shows it, Escape closes)'
  const title: Line = [
    { text: ` ${shorten(`${state.panel?.title ?? ''}${more}`, state.width - keys.length - 1)}`, bold: true },
    { text: keys, dim: true }
  ]
  return [title, ...filled(lines.slice(first, first + room), room)]
}

/** One hit of a search on one line. */
function hitLine(state: State, hit: MessageFact, index: number): Line {
  const elsewhere = state.panel?.hits?.some(({ chat }) => chatId(chat) !== state.conversation?.id) === true
  const text = ` ${shorten(printable(foundLine(state, hit, elsewhere)), state.width - 2)}`
  return [index === state.panel?.at ? { text: text.padEnd(state.width), inverse: true } : { text }]
}
