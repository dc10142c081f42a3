import { emojiPictures, emojis, type MessageFact } from '@status-stack/account-rpc/methods'
import { handleOf } from '@status-stack/account-rpc/words'
import { type Effect, type Update, withEffects } from './actions.ts'
import { reference } from './complete.ts'
import { rewrite } from './editor.ts'
import type { Key } from './keys.ts'
import { withNotice } from './notices.ts'
import { inSight, placeOf } from './scroll.ts'
import { choices } from './select-keys.ts'
import { namesOf, type State } from './state.ts'
import { graphemesOf } from './text.ts'

const left = (state: State): State => ({ ...state, choosing: undefined, selected: undefined })

/** Begins to choose: with the message that is highlighted, else with the newest in sight. */
export function beginChoosing(before: State): Update {
  const state: State = { ...before, panel: undefined, completion: undefined, noticeShown: false }
  const all = choices(state)
  const known = all.find(({ messageId }) => messageId === state.selected)
  const shown = all.findLast(({ messageId }) => (placeOf(state, messageId)?.below ?? -1) >= state.scroll)
  const first = known ?? shown ?? all.at(-1)
  if (first === undefined) return withEffects(withNotice(before, 'there is no message here to choose'))
  return withEffects(inSight({ ...state, choosing: 'message', selected: first.messageId }, first.messageId))
}

/** Keys while a message is being chosen; `undefined` when none is. */
export function onSelectKey(state: State, key: Key): Update | undefined {
  if (state.choosing === undefined) return undefined
  if (key.kind === 'paste') return withEffects(state)
  if (key.kind === 'key') return onNamedKey(state, key.name)
  let now: State = state
  const effects: Effect[] = []
  for (const letter of graphemesOf(key.text)) {
    // What comes behind the key that ends it was typed too fast to be meant for the line.
    if (now.choosing === undefined) break
    const next = onLetter(now, letter)
    now = next.state
    effects.push(...next.effects)
  }
  return withEffects(now, ...effects)
}

function onNamedKey(state: State, name: string): Update | undefined {
  switch (name) {
    case 'up':
      return move(state, -1)
    case 'down':
      return move(state, 1)
    case 'page-up':
      return move(state, -10)
    case 'page-down':
      return move(state, 10)
    case 'home':
      return move(state, Number.NEGATIVE_INFINITY)
    case 'end':
      return move(state, Number.POSITIVE_INFINITY)
    case 'enter':
      return onLetter(state, 'r')
    case 'escape':
      return withEffects(state.choosing === 'message' ? left(state) : { ...state, choosing: 'message' })
    case 'ctrl-s':
    case 'ctrl-c':
      return withEffects(left(state))
    case 'focus-in':
    case 'focus-out':
    case 'ctrl-l':
    case 'ctrl-z':
      return undefined
    default:
      return withEffects(state)
  }
}

/** So many messages up or down; beyond what is in memory more of it is read. */
function move(state: State, step: number): Update {
  const all = choices(state)
  const { conversation } = state
  const at = all.findIndex(({ messageId }) => messageId === state.selected)
  const to = Math.max(0, Math.min(all.length - 1, at + step))
  const next = all[to]
  if (conversation === undefined || next === undefined) return withEffects(left(state))
  const moved = inSight({ ...state, choosing: 'message', selected: next.messageId }, next.messageId)
  const more = step < 0 ? !conversation.complete : conversation.hasNewer
  if (at + step === to || !more || conversation.loading !== undefined) return withEffects(moved)
  const loading = step < 0 ? 'older' : 'newer'
  return withEffects({ ...moved, conversation: { ...conversation, loading } }, { type: loading })
}

function onLetter(state: State, letter: string): Update {
  const message = choices(state).find(({ messageId }) => messageId === state.selected)
  if (message === undefined) return withEffects(left(state))
  const run = (name: string, rest = ''): Update =>
    withEffects(left(state), { type: 'command', name, rest: `${reference(message)} ${rest}`.trim() })
  if (state.choosing === 'reaction') {
    const emoji = emojis[Number(letter) - 1] ?? emojis.find(name => emojiPictures[name] === letter)
    return emoji === undefined ? withEffects({ ...state, choosing: 'message' }) : run('react', emoji)
  }
  if (state.choosing === 'deletion')
    return letter === 'd' ? run('delete') : withEffects({ ...state, choosing: 'message' })
  const own = (next: () => Update): Update =>
    message.outgoing ? next() : withEffects(withNotice(state, 'only messages of yours can be changed'))
  const withFile = (name: string): Update =>
    message.attachment === undefined ? withEffects(withNotice(state, 'it holds no image and no sound')) : run(name)
  switch (letter) {
    case 'k':
      return move(state, -1)
    case 'j':
      return move(state, 1)
    case 'q':
      return withEffects(left(state))
    case 'r':
      return withEffects(replying(state, message))
    case 'a':
    case '+':
      return withEffects({ ...state, choosing: 'reaction' })
    case 'e':
      return own(() => withEffects(editing(state, message)))
    case 'd':
      return own(() => withEffects({ ...state, choosing: 'deletion' }))
    case 'c':
      return run('copy')
    case 's':
      return withFile('save')
    case 'o':
      return withFile('open')
    case 'v':
      return withFile('view')
    case 'i':
      return own(() => run('ledger'))
    default:
      return withEffects(state)
  }
}

/** The line becomes the answer; what stood in it becomes its text, unless that was a command, which comes back afterwards. */
function replying(state: State, message: MessageFact): State {
  const { text } = state.editor
  const kept = text.startsWith('/') ? '' : text
  const stash = text.startsWith('/') ? { stash: text } : {}
  return { ...left(state), ...stash, editor: rewrite(state.editor, `/reply ${reference(message)} ${kept}`) }
}

/** The line becomes the text to change, with names for keys; what stood in it comes back afterwards. */
function editing(state: State, message: MessageFact): State {
  const names = namesOf(state)
  const text = message.text.replace(/@(0x04[0-9a-f]{128})/g, (written, key: string) =>
    state.people[key] === undefined ? written : `@${handleOf(names.person(key))}`
  )
  const stash = state.editor.text === '' ? {} : { stash: state.editor.text }
  return { ...left(state), ...stash, editor: rewrite(state.editor, `/edit ${reference(message)} ${text}`) }
}
