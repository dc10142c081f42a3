import { type ReadonlySignal, signal } from '@preact/signals'

/** Searches for proof of work that are going on. */
export interface WorkState {
  readonly searches: number
  /** How far the one that was heard of last has come, 0 … 1: an expectation, the search may take longer. */
  readonly done: number
}

/** One step of a search, as Whisper reports it. */
export interface WorkStep {
  readonly tries: number
  readonly expected: number
}

/** Counts searches and their progress for people to see. */
export interface Work {
  readonly state: ReadonlySignal<WorkState>
  /** Runs one search. */
  readonly during: <T>(search: (onProgress: (step: WorkStep) => void) => Promise<T>) => Promise<T>
}

export function createWork(): Work {
  const state = signal<WorkState>({ searches: 0, done: 0 })
  const change = (by: number): void => {
    state.value = { searches: state.value.searches + by, done: 0 }
  }
  return {
    state,
    during: async search => {
      change(1)
      try {
        return await search(({ tries, expected }) => {
          state.value = { ...state.value, done: expected > 0 ? Math.min(1, tries / expected) : 1 }
        })
      } finally {
        change(-1)
      }
    }
  }
}
