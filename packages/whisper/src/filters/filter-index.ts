import type { AesGcmTrialKey } from '@status-stack/crypto'
import { type TimeSlicer, timeSlicer } from '@status-stack/utils'
import { firstOpening } from '../message/symmetric.ts'
import { type EnvelopeOpener, isSignedBy } from '../message/wrap.ts'
import { type Found, foundOf } from './found.ts'
import { createGroups, createOpeners, type KeyGroup, type Registration } from './key-groups.ts'
import { idOf, nameOf } from './key-name.ts'
import type { Candidate, Listener } from './listener.ts'
import { createStepper } from './stepper.ts'

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

function admitsP2P({ allowP2P }: Listener, { arrival }: Candidate): boolean {
  return allowP2P === true || (allowP2P === 'pooled' && arrival !== undefined)
}

function wants(listener: Listener, candidate: Candidate): boolean {
  // DEVIATION: go-ethereum uses a cached PoW that is 0 for peer-to-peer envelopes, which hides them from filters with a minimum.
  return candidate.pow >= listener.minPow && (!candidate.p2p || admitsP2P(listener, candidate))
}

/** Whether a listener is asked for a candidate that came before the registration numbered `before`. */
function isAsked({ listener, order, until }: Registration, candidate: Candidate, before: number): boolean {
  return order < before && (candidate.arrival ?? 0) <= until && wants(listener, candidate)
}

/** Symmetric keys that are tried together, some 10 µs of work; with fewer, each by itself. */
const [mostTogether, fewestTogether] = [16, 3]
/** Bytes of data from which a trial is a long step by itself. */
const longData = 1024

/** Those who have a key: for one topic, and for all. */
interface Holders {
  readonly first: KeyGroup
  readonly second: KeyGroup | undefined
}

/** Keys that wait to be tried together on one envelope. */
interface Trials {
  readonly keys: AesGcmTrialKey[]
  readonly holders: Holders[]
}

/** Lists of those whose keys may open an envelope of a topic, made once and not for each envelope. */
function createHolderLists({ byTopic, anyTopic }: Pick<ReturnType<typeof createGroups>, 'byTopic' | 'anyTopic'>) {
  // BOUNDED: the topics that listeners name, and one for all others.
  const lists = new Map<number | undefined, readonly Holders[]>()
  return {
    of: (number: number): readonly Holders[] => {
      const groups = byTopic.get(number)
      const topic = groups === undefined ? undefined : number
      let list = lists.get(topic)
      if (list === undefined) {
        const own = [...(groups ?? [])].map(([id, first]) => ({ first, second: anyTopic.get(id) }))
        const rest = [...anyTopic].filter(([id]) => groups?.has(id) !== true)
        list = [...own, ...rest.map(([, first]) => ({ first, second: undefined }))]
        lists.set(topic, list)
      }
      return list
    },
    /** Listeners have come or gone. */
    forget: (): void => lists.clear()
  }
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
  let attempts = 0
  let order = 0

  /** One step for each key that is tried and for each delivery. */
  function* openFor(candidate: Candidate, before: number, { first, second }: Holders): Generator<void, boolean> {
    let found: Found | undefined
    for (const group of [first, second]) {
      for (const registration of group ?? []) {
        if (!isAsked(registration, candidate, before)) continue
        if (found === undefined) {
          attempts += 1
          const opened = registration.opener.open(candidate.data)
          if (opened === undefined) return false
          found = foundOf(opened, candidate, registration.name)
        }
        const { listener } = registration
        if (isSignedBy(found.opened, listener.src)) listener.deliver(found, candidate.from)
        yield
      }
    }
    return found !== undefined
  }

  /** The key, if anyone who has it is asked for the candidate. */
  const askedKey = (candidate: Candidate, before: number, { first, second }: Holders): EnvelopeOpener | undefined => {
    for (const registration of first) if (isAsked(registration, candidate, before)) return registration.opener
    if (second === undefined) return undefined
    for (const registration of second) if (isAsked(registration, candidate, before)) return registration.opener
    return undefined
  }

  /** One step for all the keys that wait. */
  function* tryTogether(candidate: Candidate, before: number, { keys, holders }: Trials): Generator<void, boolean> {
    while (keys.length > 0) {
      const at = firstOpening(keys, candidate.data)
      const found = holders[at]
      const tried = found === undefined ? keys.length : at
      attempts += tried
      keys.splice(0, tried + 1)
      holders.splice(0, tried + 1)
      if (found !== undefined && (yield* openFor(candidate, before, found))) return true
      yield
    }
    return false
  }

  function* tryKeys(candidate: Candidate, before: number): Generator<void, boolean> {
    const { topic, data } = candidate
    const list = lists.of(topic)
    const isAlone = data.length > longData || list.length < fewestTogether
    let trials: Trials | undefined
    for (const holders of list) {
      const opener = askedKey(candidate, before, holders)
      if (opener === undefined) continue
      if (isAlone || opener.trial === undefined) {
        if (yield* openFor(candidate, before, holders)) return true
        yield
        continue
      }
      trials ??= { keys: [], holders: [] }
      trials.keys.push(opener.trial)
      trials.holders.push(holders)
      if (trials.keys.length === mostTogether && (yield* tryTogether(candidate, before, trials))) return true
    }
    return trials === undefined ? false : yield* tryTogether(candidate, before, trials)
  }

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
      const tried = (): boolean | Promise<boolean> => run(tryKeys(candidate, before))
      const earlier = matching.get(topic)
      if (earlier !== undefined) return remember(topic, earlier.then(tried, tried))
      const matched = tried()
      return typeof matched === 'boolean' ? matched : remember(topic, matched)
    },
    topics: () => byTopic.keys(),
    size: () => registered.size,
    attempts: () => attempts
  }
}
