import type { Action, Effect } from './actions.ts'
import { update } from './model.ts'
import type { State } from './state.ts'

/** Holds the state; the screen reads it, effects are handed out. */
export interface Store {
  readonly get: () => State
  readonly dispatch: (action: Action) => void
  readonly subscribe: (listener: () => void) => () => void
}

export function createStore(initial: State, perform: (effect: Effect) => void): Store {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    dispatch: action => {
      const next = update(state, action)
      state = next.state
      for (const listener of listeners) listener()
      for (const effect of next.effects) perform(effect)
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
