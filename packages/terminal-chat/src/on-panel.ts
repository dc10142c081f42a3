import { type Update, withEffects } from './actions.ts'
import type { Key } from './keys.ts'
import type { State } from './state.ts'
import { awaitChat } from './switching.ts'

/** Keys of the page of a search: arrows choose a hit, Enter goes there. `undefined` when a key is not for it. */
export function onPanelKey(state: State, key: Key): Update | undefined {
  const { panel, editor } = state
  if (key.kind !== 'key' || panel?.hits === undefined || editor.text !== '') return undefined
  const { hits, at = 0 } = panel
  const choose = (index: number): Update =>
    withEffects({ ...state, panel: { ...panel, at: Math.max(0, Math.min(hits.length - 1, index)) } })
  switch (key.name) {
    case 'up':
      return choose(at - 1)
    case 'down':
      return choose(at + 1)
    case 'home':
      return choose(0)
    case 'end':
      return choose(hits.length - 1)
    case 'page-up':
      return choose(at - Math.max(1, Math.floor(state.height / 2)))
    case 'page-down':
      return choose(at + Math.max(1, Math.floor(state.height / 2)))
    case 'enter': {
      const hit = hits[at]
      if (hit === undefined) return withEffects(state)
      return withEffects(
        awaitChat(state),
        { type: 'cancel' },
        { type: 'jump', chat: hit.chat, messageId: hit.messageId }
      )
    }
    default:
      return undefined
  }
}
