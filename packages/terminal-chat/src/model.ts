import { type Action, type Effect, type Update, withEffects } from './actions.ts'
import { rewrite } from './editor.ts'
import { withNotice } from './notices.ts'
import { onTyped } from './on-keys.ts'
import { onChat, onMessage, onNewer, onOpened, withChanged, withLedger } from './on-messages.ts'
import { withAuthors, withContact } from './people.ts'
import { topOf } from './scroll.ts'
import type { State } from './state.ts'
import { putBack } from './switching.ts'
import { withOlder } from './window.ts'

/** The next state, and what is to be done. Pure. */
export function update(state: State, action: Action): Update {
  switch (action.type) {
    case 'key':
      return onTyped(state, action.key)
    case 'resize':
      return withEffects({ ...state, width: action.width, height: action.height })
    case 'chat':
      return onChat(state, action)
    case 'contact':
      return withEffects(withContact(state, action.contact))
    case 'opened':
      return onOpened(state, action)
    case 'older':
      return state.conversation?.id === action.id
        ? withEffects(withOlder(withAuthors(state, action.messages), action.messages, action.complete, action.leap))
        : withEffects(state)
    case 'newer':
      return state.conversation?.id === action.id
        ? onNewer(state, action.messages, action.complete)
        : withEffects(state)
    case 'asked':
      return state.conversation?.id === action.id
        ? withEffects({ ...state, conversation: { ...state.conversation, askedDays: action.days, loading: undefined } })
        : withEffects(state)
    case 'top':
      return withEffects(topOf(state))
    case 'message':
      return onMessage(state, action.message)
    case 'changed':
      return withEffects(withChanged(state, action.message))
    case 'ledger':
      return withEffects(withLedger(state, action.entries))
    case 'peers':
      return withEffects({ ...state, peers: action.count, wasConnected: state.wasConnected || action.count > 0 })
    case 'daemon':
      return onDaemon(state, action.is)
    case 'notice':
      return withEffects(withNotice(state, action.text))
    case 'progress':
      return withEffects({ ...state, progress: action.text })
    case 'panel':
      return withEffects({ ...state, panel: action.panel, panelScroll: 0 })
    case 'hits':
      return withEffects(withHits(state, action))
    case 'written':
      return withEffects({ ...state, editor: rewrite(state.editor, action.text), completion: undefined })
    case 'arrived':
      return onArrived(state, action.opened)
  }
}

/** What was typed since another chat was asked for is done there, or, when there is none, not at all. */
function onArrived(state: State, opened: boolean): Update {
  const { typedAhead: keys, ...rest } = state
  if (keys === undefined || keys.length === 0) return withEffects(rest)
  if (opened) {
    const effects: Effect[] = []
    let now: State = rest
    for (const key of keys) {
      const next = update(now, { type: 'key', key })
      now = next.state
      effects.push(...next.effects)
    }
    return withEffects(now, ...effects)
  }
  const held: State = { ...rest, editor: putBack(rest.editor, keys) }
  const entered = keys.some(key => key.kind === 'key' && key.name === 'enter')
  const why = state.notices.at(-1) ?? 'the chat could not be opened'
  return withEffects(entered ? withNotice(held, `not sent, but kept in the line: ${why}`) : held)
}

function onDaemon(state: State, is: 'attached' | 'gone'): Update {
  const next: State = { ...state, daemon: is, progress: undefined }
  if (is === 'gone')
    return withEffects(
      withNotice(next, 'the daemon has ended: your line is kept; this goes on when it is started again')
    )
  if (state.daemon !== 'gone') return withEffects(next)
  const told = withNotice(next, 'the daemon is there again')
  return state.conversation === undefined
    ? withEffects(told)
    : withEffects(told, { type: 'open', chat: state.conversation.chat })
}

/** Hits as they are found; the one that is chosen stays chosen. */
function withHits(state: State, { title, hits }: Extract<Action, { type: 'hits' }>): State {
  const at = state.panel?.hits === undefined ? 0 : (state.panel.at ?? 0)
  return { ...state, panel: { title, lines: [], hits, at }, panelScroll: 0 }
}
