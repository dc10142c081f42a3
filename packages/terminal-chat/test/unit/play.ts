import type { Action, Effect } from '../../src/actions.ts'
import { createKeyReader } from '../../src/keys.ts'
import { update } from '../../src/model.ts'
import type { State } from '../../src/state.ts'

export interface Played {
  readonly state: State
  readonly effects: readonly Effect[]
}

/** What the chat looks like after these actions, and everything it asked for meanwhile. */
export function play(state: State, ...actions: readonly Action[]): Played {
  return actions.reduce<Played>(
    (now, action) => {
      const next = update(now.state, action)
      return { state: next.state, effects: [...now.effects, ...next.effects] }
    },
    { state, effects: [] }
  )
}

/** The keys of a text that comes in one read, as actions. */
export function typed(text: string): Action[] {
  const keys: Action[] = []
  const reader = createKeyReader(key => keys.push({ type: 'key', key }))
  reader.feed(text)
  reader.flush()
  return keys
}
