import { type Update, withEffects } from './actions.ts'
import { complete } from './complete.ts'
import { clear, editorKey, insert, rewrite, submit } from './editor.ts'
import type { Key } from './keys.ts'
import { withNotice } from './notices.ts'
import { onPanelKey } from './on-panel.ts'
import { beginChoosing, onSelectKey } from './on-select.ts'
import { atBottom, page, toBottom, toTop } from './scroll.ts'
import type { ChatItem, State } from './state.ts'
import { awaitChat, leadsElsewhere, mustWait, withTypedAhead } from './switching.ts'

/** A key as it comes: it may have to wait for a chat that is being opened. */
export function onTyped(state: State, key: Key): Update {
  if (!mustWait(state, key)) return onKey(state, key)
  // As in the line: it takes back what is typed, and ends the program when that is nothing.
  if (key.kind !== 'key' || key.name !== 'ctrl-c') return withEffects(withTypedAhead(state, key))
  return state.typedAhead?.length === 0
    ? withEffects(state, { type: 'quit' })
    : withEffects({ ...state, typedAhead: [] })
}

function onKey(state: State, key: Key): Update {
  if (state.prefix) {
    const next: State = { ...state, prefix: false }
    return key.kind === 'key' && key.name === 'ctrl-e' ? withEffects(next, { type: 'edit' }) : onKey(next, key)
  }
  const taken = onSelectKey(state, key) ?? onPanelKey(state, key)
  if (taken !== undefined) return taken
  if (key.kind !== 'key')
    return withEffects({ ...state, editor: insert(state.editor, key.text), completion: undefined, selected: undefined })
  const empty = state.editor.text === ''
  switch (key.name) {
    case 'tab':
      return withEffects(complete(state, 1))
    case 'shift-tab':
      return withEffects(complete(state, -1))
    case 'enter':
      return onEnter(state)
    case 'escape':
      return onEscape(state)
    case 'ctrl-c':
      return empty
        ? withEffects(state, { type: 'quit' })
        : withEffects(unstashed({ ...state, editor: clear(state.editor), completion: undefined }))
    case 'ctrl-d':
      return empty ? withEffects(state, { type: 'quit' }) : onKey(state, { kind: 'key', name: 'delete' })
    case 'ctrl-s':
      return beginChoosing(state)
    case 'ctrl-x':
      return withEffects({ ...state, prefix: true })
    case 'ctrl-z':
      return withEffects(state, { type: 'suspend' })
    case 'ctrl-l':
      return withEffects(state, { type: 'redraw' })
    case 'ctrl-n':
    case 'alt-down':
      return neighbour(state, 1)
    case 'ctrl-p':
    case 'alt-up':
      return neighbour(state, -1)
    case 'alt-n':
      return withEffects(awaitChat(state), { type: 'command', name: 'next', rest: '' })
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
      return withEffects({ ...state, editor: editorKey(state.editor, key.name) ?? state.editor, completion: undefined })
  }
}

/** What is going on is ended first; what it has found stays to be looked at. */
function onEscape(state: State): Update {
  const running = state.progress !== undefined && state.panel?.hits !== undefined
  const next: State = { ...state, completion: undefined, noticeShown: false, selected: undefined }
  return withEffects(running ? next : { ...next, panel: undefined }, { type: 'cancel' })
}

function onFocus(state: State, focused: boolean): Update {
  const next: State = { ...state, focused }
  const { conversation } = state
  if (!focused || conversation === undefined || !atBottom(state)) return withEffects(next)
  return withEffects(next, { type: 'seen', chat: conversation.chat })
}

/** A line that was entered: a command, or a text to send. */
export function readLine(text: string): { readonly name: string; readonly rest: string } | { readonly text: string } {
  if (!text.startsWith('/') || text.startsWith('//')) return { text: text.startsWith('//') ? text.slice(1) : text }
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? []
  return { name, rest: rest.trim() }
}

/** What stood in the line before a message was taken into it stands there again. */
const unstashed = ({ stash, ...state }: State): State =>
  stash === undefined ? state : { ...state, editor: rewrite(state.editor, stash) }

/** What needs no account: it can be done while the daemon is gone. */
const withoutAccount: ReadonlySet<string> = new Set(['quit', 'help', 'notices', 'editor'])

function onEnter(state: State): Update {
  const { text } = state.editor
  if (text.trim() === '') return withEffects(state)
  const line = readLine(text)
  if (state.daemon === 'gone' && !('name' in line && withoutAccount.has(line.name)))
    return withEffects(
      withNotice(state, 'not done, and kept in the line: the daemon has ended; start it again, or /quit')
    )
  const next = unstashed({ ...state, editor: submit(state.editor), completion: undefined, noticeShown: false })
  if ('name' in line) {
    const { name, rest } = line
    return withEffects(leadsElsewhere(name, rest) ? awaitChat(next) : next, { type: 'command', name, rest })
  }
  if (state.conversation === undefined) return withEffects(withNotice(state, 'no chat is open: /to WHO or /join #NAME'))
  const { chat } = state.conversation
  const shown = toBottom({ ...next, panel: undefined })
  return withEffects(shown.state, { type: 'send', chat, text: line.text }, ...shown.effects)
}

function neighbour(state: State, step: 1 | -1): Update {
  const { chats, conversation } = state
  if (chats.length === 0) return withEffects(state)
  const at = chats.findIndex(({ id }) => id === conversation?.id)
  const item = chats[at === -1 ? 0 : (at + step + chats.length) % chats.length]
  return item === undefined ? withEffects(state) : switchTo(state, item)
}

const switchTo = (state: State, { chat }: ChatItem): Update => withEffects(awaitChat(state), { type: 'switch', chat })

/** The next unread chat: those that name us come before others, the list's order decides among equals. */
export function unreadChat({ chats, conversation }: State): ChatItem | undefined {
  const others = chats.filter(({ id, unread }) => unread > 0 && id !== conversation?.id)
  return others.find(({ mentions }) => mentions > 0) ?? others[0]
}
