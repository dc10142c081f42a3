import { type TimeSlicer, timeSlicer } from '@status-stack/utils'
import { createHolderLists } from './holder-lists.ts'
import { createGroups, createOpeners, type Registration } from './key-groups.ts'
import { idOf, nameOf } from './key-name.ts'
import type { Candidate, Listener } from './listener.ts'
import { createStepper } from './stepper.ts'
import { createTrials } from './trials.ts'

/** Listeners by topic and key: what an envelope costs does not grow with the number of listeners on other topics. */
export interface FilterIndex {
  /** `until`: of candidates with an arrival, only those up to this one. @default all */
  readonly add: (listener: Listener, until?: number) => void
  readonly remove: (listener: Listener) => void
  /** Removes all: what was prepared of their keys is overwritten. */
  readonly clear: () => void
  /** Whether any listener could want an envelope of this topic, a number of `topicNumber`. */
  readonly hears: (topic: number) => boolean
  /**
   * Tries each distinct key of the envelope's topic once, until one opens it; whether one did. Answers at once as long as the turn has time
   * for it, else a promise. Envelopes of one topic are matched in the order of the calls; those of other topics do not wait for
   * them. Listeners that are added meanwhile are not asked. Never throws for what a peer sent.
   */
  readonly match: (candidate: Candidate) => boolean | Promise<boolean>
  /** Every topic that a listener names, each once. */
  readonly topics: () => Iterable<number>
  readonly size: () => number
  /** Decryptions tried so far: the work that scaling tests count. */
  readonly attempts: () => number
}

export function createFilterIndex(slicer: TimeSlicer = timeSlicer): FilterIndex {
  // BOUNDED: all by the caller's maxFilters.
  const groups = createGroups()
  const { byTopic, anyTopic } = groups
  const lists = createHolderLists(groups)
  const registered = new Map<Listener, Registration>()
  // Topics whose last envelope is still being matched. BOUNDED: one for each link that waits for it.
  const matching = new Map<number, Promise<unknown>>()
  const run = createStepper(slicer)
  const openers = createOpeners()
  const trials = createTrials()
  let order = 0

  const remember = (topic: number, matched: Promise<boolean>): Promise<boolean> => {
    const settled = matched.finally(() => {
      if (matching.get(topic) === settled) matching.delete(topic)
    })
    matching.set(topic, settled)
    return settled
  }

  const forget = (listener: Listener): void => {
    const registration = registered.get(listener)
    if (registration === undefined) return
    registered.delete(listener)
    openers.release(registration.id)
    groups.remove(registration)
    lists.forget()
  }

  return {
    add: (listener, until = Number.POSITIVE_INFINITY) => {
      const name = nameOf(listener.key)
      const id = idOf(name)
      order += 1
      const registration = { listener, id, name, order, until, opener: openers.take(listener.key, id) }
      registered.set(listener, registration)
      groups.add(registration)
      lists.forget()
    },
    remove: forget,
    clear: () => {
      for (const listener of [...registered.keys()]) forget(listener)
    },
    hears: topic => anyTopic.size > 0 || byTopic.has(topic),
    match: candidate => {
      const { topic } = candidate
      const before = order + 1
      const tried = (): boolean | Promise<boolean> => run(trials.of(candidate, before, lists.of(topic)))
      const earlier = matching.get(topic)
      if (earlier !== undefined) return remember(topic, earlier.then(tried, tried))
      const matched = tried()
      return typeof matched === 'boolean' ? matched : remember(topic, matched)
    },
    topics: () => byTopic.keys(),
    size: () => registered.size,
    attempts: trials.attempts
  }
}
