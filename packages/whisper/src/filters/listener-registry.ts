import type { TimeSlicer } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { candidateOf } from '../relay/judging.ts'
import type { Pool } from '../relay/pool.ts'
import { createFilterIndex, type FilterIndex } from './filter-index.ts'
import type { Listener } from './listener.ts'

/** Where filters and subscriptions register. */
export interface ListenerRegistry {
  /** Listens from now on; what is live in the pool is matched too, in slices. @throws WhisperError `too-many-filters` */
  readonly add: (listener: Listener) => void
  readonly remove: (listener: Listener) => void
}

/**
 * New envelopes reach a listener through the index of the node. Those that are in the pool already are shown to it by one walk over the
 * pool for all listeners that came before the walk began; those that come during it share the next one.
 */
export function createListenerRegistry(
  index: FilterIndex,
  pool: Pool,
  maxFilters: number,
  slicer: TimeSlicer
): ListenerRegistry {
  // BOUNDED: maxFilters, both; a listener is in one of them until its walk is over.
  let waiting = new Map<Listener, number>()
  let walking: FilterIndex | undefined

  /** Runs in the call as long as the turn has time. */
  const walk = async (): Promise<void> => {
    while (waiting.size > 0) {
      const fresh = createFilterIndex(slicer)
      walking = fresh
      // What came after a listener was registered, the index of the node has shown to it.
      for (const [listener, until] of waiting) fresh.add(listener, until)
      waiting = new Map()
      await pool.walk((entry): Promise<void> | undefined => {
        if (!fresh.hears(entry.topic)) return undefined
        const matched = fresh.match(candidateOf(entry))
        return typeof matched === 'boolean' ? undefined : matched.then(() => undefined)
      }, slicer)
      fresh.clear()
    }
    walking = undefined
  }

  return {
    add: listener => {
      if (index.size() >= maxFilters) {
        throw new WhisperError('too-many-filters', `filters: at most ${maxFilters}`, {
          origin: 'caller',
          details: { most: maxFilters }
        })
      }
      index.add(listener)
      if (pool.size() === 0) return
      waiting.set(listener, pool.lastOrder())
      if (walking === undefined) void walk()
    },
    remove: listener => {
      index.remove(listener)
      waiting.delete(listener)
      walking?.remove(listener)
    }
  }
}
