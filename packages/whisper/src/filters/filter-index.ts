import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { type TimeSlicer, timeSlicer } from '@status-stack/utils'
import type { Envelope } from '../envelope.ts'
import { createEnvelopeOpener, type EnvelopeOpener, isSignedBy, type OpenedMessage } from '../message/wrap.ts'
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
  /** `pooled`: those that reach a light node through its pool, but not those of packet 127. */
  readonly allowP2P: boolean | 'pooled'
  /** `from`: the peer whose packet brought the message, if one did. */
  readonly deliver: (message: EnvelopeMessage, from?: string) => void
}

/** An envelope that may be for a listener here. */
export interface Candidate {
  readonly envelope: Omit<Envelope, 'nonce'> & { readonly nonce?: bigint }
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
  /** Every topic that a listener names, each once. */
  readonly topics: () => Iterable<number>
  readonly size: () => number
  /** Decryptions tried so far: the work that scaling tests count. */
  readonly attempts: () => number
}

/** What names a key without showing it: the hash of a symmetric one, or a public key. */
interface KeyName {
  readonly kind: InterestKey['kind']
  readonly bytes: Uint8Array
}

function nameOf(key: InterestKey): KeyName {
  return key.kind === 'symmetric'
    ? { kind: 'symmetric', bytes: keccak256(key.key) }
    : { kind: 'asymmetric', bytes: key.identity.publicKey.slice() }
}

const idOf = ({ kind, bytes }: KeyName): string => `${kind === 'symmetric' ? 's' : 'a'}${bytesToHex(bytes)}`

/** Names a key without showing it, as text. */
export function filterKeyId(key: InterestKey): string {
  return idOf(nameOf(key))
}

type KeyGroups = Map<string, Set<Listener>>

interface Registration {
  readonly id: string
  readonly name: KeyName
  readonly open: EnvelopeOpener
  /** Rises with the order of registration. */
  readonly order: number
  readonly until: number
}

function admitsP2P({ allowP2P }: Listener, { arrival }: Candidate): boolean {
  return allowP2P === true || (allowP2P === 'pooled' && arrival !== undefined)
}

function wants(listener: Listener, candidate: Candidate): boolean {
  // DEVIATION: go-ethereum uses a cached PoW that is 0 for peer-to-peer envelopes, which hides them from filters with a minimum.
  return candidate.pow >= listener.minPow && (!candidate.p2p || admitsP2P(listener, candidate))
}

/** Whether a listener is asked for a candidate that came before the registration numbered `before`. */
function isAsked(listener: Listener, { order, until }: Registration, candidate: Candidate, before: number): boolean {
  return order < before && (candidate.arrival ?? 0) <= until && wants(listener, candidate)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** What is told of an opened message. One literal, and what is optional behind it in one order: spreading would give each its own form. */
function messageOf(
  { payload, padding, signature, signer }: OpenedMessage,
  candidate: Candidate,
  name: KeyName
): EnvelopeMessage {
  const { envelope, hash, pow, p2p } = candidate
  const message: Mutable<EnvelopeMessage> = {
    payload,
    padding,
    topic: envelope.topic.slice(),
    ttl: envelope.ttl,
    sentSeconds: (envelope.expiry - envelope.ttl) >>> 0,
    pow,
    hash,
    p2p
  }
  if (name.kind === 'symmetric') message.symmetricKeyHash = name.bytes.slice()
  else message.recipient = name.bytes.slice()
  if (signature !== undefined) message.signature = signature
  if (signer !== undefined) message.signer = signer
  return message
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

/** Symmetric keys, prepared once however many listeners have them; an identity is asked as it is. */
function createOpeners() {
  // BOUNDED: one for each listener.
  const openers = new Map<string, { readonly open: EnvelopeOpener; listeners: number }>()
  return {
    take: (key: InterestKey, id: string): EnvelopeOpener => {
      if (key.kind === 'asymmetric') return createEnvelopeOpener(key)
      let opener = openers.get(id)
      if (opener === undefined) {
        opener = { open: createEnvelopeOpener(key), listeners: 0 }
        openers.set(id, opener)
      }
      opener.listeners += 1
      return opener.open
    },
    release: (id: string): void => {
      const opener = openers.get(id)
      if (opener === undefined) return
      opener.listeners -= 1
      if (opener.listeners === 0) openers.delete(id)
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
  const openers = createOpeners()
  let attempts = 0
  let order = 0

  /** One step for each key that is tried and for each delivery. */
  function* openFor(
    candidate: Candidate,
    before: number,
    ...groups: readonly (Set<Listener> | undefined)[]
  ): Generator<void, boolean> {
    let opened: OpenedMessage | undefined
    let message: EnvelopeMessage | undefined
    for (const group of groups) {
      for (const listener of group ?? []) {
        const registration = registered.get(listener)
        if (registration === undefined || !isAsked(listener, registration, candidate, before)) continue
        if (opened === undefined || message === undefined) {
          attempts += 1
          opened = registration.open(candidate.envelope.data)
          if (opened === undefined) return false
          message = messageOf(opened, candidate, registration.name)
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
      const name = nameOf(listener.key)
      const id = idOf(name)
      order += 1
      registered.set(listener, { id, name, order, until, open: openers.take(listener.key, id) })
      add(listener, id)
    },
    remove: listener => {
      const registration = registered.get(listener)
      if (registration === undefined) return
      registered.delete(listener)
      openers.release(registration.id)
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
    topics: () => byTopic.keys(),
    size: () => registered.size,
    attempts: () => attempts
  }
}
