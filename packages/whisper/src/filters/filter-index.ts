import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { type TimeSlicer, timeSlicer } from '@status-stack/utils'
import type { Envelope } from '../envelope.ts'
import { isSignedBy, openEnvelope } from '../message/wrap.ts'
import type { InterestKey } from '../route.ts'
import { topicNumber } from '../topic.ts'
import type { EnvelopeMessage } from './message.ts'

/** Who listens for what: filters and subscriptions alike. */
export interface Listener {
  readonly key: InterestKey
  /** None: every topic. */
  readonly topics: readonly Uint8Array[]
  readonly src: Uint8Array | undefined
  readonly minPow: number
  readonly allowP2P: boolean
  /** `from`: the peer whose packet brought the message, if one did. */
  readonly deliver: (message: EnvelopeMessage, from?: string) => void
}

/** An envelope that may be for a listener here. */
export interface Candidate {
  readonly envelope: Envelope
  readonly hash: Uint8Array
  readonly pow: number
  readonly p2p: boolean
  /** The peer whose packet brought it. */
  readonly from?: string | undefined
  /** Its place in the order of arrival of the pool. */
  readonly arrival?: number | undefined
}

/** Listeners by topic and key: what an envelope costs does not grow with the number of listeners on other topics. */
export interface FilterIndex {
  /** `until`: of candidates with an arrival, only those up to this one. @default all */
  readonly add: (listener: Listener, until?: number) => void
  readonly remove: (listener: Listener) => void
  /** Whether any listener could want an envelope of this topic, a number of `topicNumber`. */
  readonly hears: (topic: number) => boolean
  /**
   * Tries each distinct key of the envelope's topic once, until one opens it; whether one did. Answers at once as long as the turn has time
   * for it, else a promise. Envelopes of one topic are matched in the order of the calls; those of other topics do not wait for
   * them. Listeners that are added meanwhile are not asked. Never throws for what a peer sent.
   */
  readonly match: (candidate: Candidate) => boolean | Promise<boolean>
  readonly size: () => number
  /** Decryptions tried so far: the work that scaling tests count. */
  readonly attempts: () => number
}

/** Names a key without showing it. */
export function filterKeyId(key: InterestKey): string {
  return key.kind === 'symmetric' ? `s${bytesToHex(keccak256(key.key))}` : `a${bytesToHex(key.identity.publicKey)}`
}

type KeyGroups = Map<string, Set<Listener>>

interface Registration {
  readonly id: string
  /** Rises with the order of registration. */
  readonly order: number
  readonly until: number
}

function wants(listener: Listener, candidate: Candidate): boolean {
  // DEVIATION: go-ethereum uses a cached PoW that is 0 for peer-to-peer envelopes, which hides them from filters with a minimum.
  return candidate.pow >= listener.minPow && (!candidate.p2p || listener.allowP2P)
}

function describe(candidate: Candidate, key: InterestKey): Omit<EnvelopeMessage, 'payload' | 'padding'> {
  const { envelope, hash, pow, p2p } = candidate
  return {
    ...(key.kind === 'symmetric'
      ? { symmetricKeyHash: keccak256(key.key) }
      : { recipient: key.identity.publicKey.slice() }),
    topic: envelope.topic.slice(),
    ttl: envelope.ttl,
    sentSeconds: (envelope.expiry - envelope.ttl) >>> 0,
    pow,
    hash,
    p2p
  }
}

/** Trials and deliveries between two questions for the time: a millisecond of the dearest kind. */
const stepsPerCheck = 4

/** Runs steps until they end or the turn has no time left; then in further turns. */
function createStepper(slicer: TimeSlicer): (steps: Generator<void, boolean>) => boolean | Promise<boolean> {
  let count = 0
  const isDue = (): boolean => {
    count += 1
    return count % stepsPerCheck === 0 && slicer.due()
  }
  const later = async (steps: Generator<void, boolean>): Promise<boolean> => {
    for (;;) {
      await slicer.pause()
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done === true) return step.value
        if (isDue()) break
      }
    }
  }
  return steps => {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value
      if (isDue()) return later(steps)
    }
  }
}

/** Groups of listeners, by topic and key. */
function createGroups() {
  const byTopic = new Map<number, KeyGroups>()
  const anyTopic: KeyGroups = new Map()
  const groupsOf = (listener: Listener): { readonly topic?: number; readonly groups: KeyGroups }[] => {
    if (listener.topics.length === 0) return [{ groups: anyTopic }]
    return [...new Set(listener.topics.map(topicNumber))].map(topic => {
      let groups = byTopic.get(topic)
      if (groups === undefined) {
        groups = new Map()
        byTopic.set(topic, groups)
      }
      return { topic, groups }
    })
  }
  return {
    byTopic,
    anyTopic,
    add: (listener: Listener, id: string): void => {
      for (const { groups } of groupsOf(listener)) {
        const group = groups.get(id)
        if (group === undefined) groups.set(id, new Set([listener]))
        else group.add(listener)
      }
    },
    remove: (listener: Listener, id: string): void => {
      for (const { topic, groups } of groupsOf(listener)) {
        const group = groups.get(id)
        group?.delete(listener)
        if (group?.size === 0) groups.delete(id)
        if (topic !== undefined && groups.size === 0) byTopic.delete(topic)
      }
    }
  }
}

export function createFilterIndex(slicer: TimeSlicer = timeSlicer): FilterIndex {
  // BOUNDED: all by the caller's maxFilters.
  const { byTopic, anyTopic, add, remove } = createGroups()
  const registered = new Map<Listener, Registration>()
  // Topics whose last envelope is still being matched. BOUNDED: one for each link that waits for it.
  const matching = new Map<number, Promise<unknown>>()
  const run = createStepper(slicer)
  let attempts = 0
  let order = 0

  /** One step for each key that is tried and for each delivery. */
  function* openFor(
    candidate: Candidate,
    before: number,
    ...groups: readonly (Set<Listener> | undefined)[]
  ): Generator<void, boolean> {
    const isAsked = (listener: Listener): boolean => {
      const registration = registered.get(listener)
      if (registration === undefined || registration.order >= before) return false
      return (candidate.arrival ?? 0) <= registration.until && wants(listener, candidate)
    }
    let opened: ReturnType<typeof openEnvelope>
    let message: EnvelopeMessage | undefined
    for (const group of groups) {
      for (const listener of group ?? []) {
        if (!isAsked(listener)) continue
        if (opened === undefined || message === undefined) {
          attempts += 1
          opened = openEnvelope(candidate.envelope, listener.key)
          if (opened === undefined) return false
          message = { ...opened, ...describe(candidate, listener.key) }
        }
        if (isSignedBy(opened, listener.src)) listener.deliver(message, candidate.from)
        yield
      }
    }
    return opened !== undefined
  }

  function* tryKeys(candidate: Candidate, before: number): Generator<void, boolean> {
    const groups = byTopic.get(topicNumber(candidate.envelope.topic))
    if (groups !== undefined) {
      for (const [id, group] of groups) {
        if (yield* openFor(candidate, before, group, anyTopic.get(id))) return true
        yield
      }
    }
    for (const [id, group] of anyTopic) {
      if (groups?.has(id) === true) continue
      if (yield* openFor(candidate, before, group)) return true
      yield
    }
    return false
  }

  const remember = (topic: number, matched: Promise<boolean>): Promise<boolean> => {
    const settled = matched.finally(() => {
      if (matching.get(topic) === settled) matching.delete(topic)
    })
    matching.set(topic, settled)
    return settled
  }

  return {
    add: (listener, until = Number.POSITIVE_INFINITY) => {
      const id = filterKeyId(listener.key)
      order += 1
      registered.set(listener, { id, order, until })
      add(listener, id)
    },
    remove: listener => {
      const registration = registered.get(listener)
      if (registration === undefined) return
      registered.delete(listener)
      remove(listener, registration.id)
    },
    hears: topic => anyTopic.size > 0 || byTopic.has(topic),
    match: candidate => {
      const topic = topicNumber(candidate.envelope.topic)
      const before = order + 1
      const tried = (): boolean | Promise<boolean> => run(tryKeys(candidate, before))
      const earlier = matching.get(topic)
      if (earlier !== undefined) return remember(topic, earlier.then(tried, tried))
      const matched = tried()
      return typeof matched === 'boolean' ? matched : remember(topic, matched)
    },
    size: () => registered.size,
    attempts: () => attempts
  }
}
