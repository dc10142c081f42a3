import { createHeap } from '@status-stack/utils'
import { limits } from '../limits.ts'

/** Envelopes of one peer that wait for their random delay. */
export interface Delayed {
  /** Waits until `dueMs`; nothing for one that waits already. The caller has asked whether there is room. */
  readonly add: (id: string, dueMs: number) => void
  readonly hasRoom: () => boolean
  /** The envelope whose delay ends first. */
  readonly next: () => { readonly id: string; readonly dueMs: number } | undefined
  /** Takes out what {@link Delayed.next} answers. */
  readonly shift: () => void
  readonly clear: () => void
}

interface Waiting {
  readonly id: string
  readonly dueMs: number
  at: number
}

/** Soonest first: a timer looks at what is due and not at everything that waits. */
export function createDelayed(): Delayed {
  // BOUNDED: limits.delayedEnvelopes.
  const ids = new Set<string>()
  const create = () =>
    createHeap<Waiting>((a, b) => a.dueMs - b.dueMs, {
      get: ({ at }) => at,
      set: (waiting, at) => {
        waiting.at = at
      }
    })
  let soonest = create()
  return {
    add: (id, dueMs) => {
      if (ids.has(id)) return
      ids.add(id)
      soonest.push({ id, dueMs, at: 0 })
    },
    hasRoom: () => ids.size < limits.delayedEnvelopes,
    next: () => soonest.peek(),
    shift: () => {
      const first = soonest.peek()
      if (first === undefined) return
      ids.delete(first.id)
      soonest.remove(first)
    },
    clear: () => {
      ids.clear()
      soonest = create()
    }
  }
}
