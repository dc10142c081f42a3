import { bytesToHex, keccak256 } from '@status-stack/crypto'
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
  readonly deliver: (message: EnvelopeMessage) => void
}

/** An envelope that may be for somebody here. */
export interface Candidate {
  readonly envelope: Envelope
  readonly hash: Uint8Array
  readonly pow: number
  readonly p2p: boolean
}

/** Listeners by topic and key: what an envelope costs does not grow with the number of listeners on other topics. */
export interface FilterIndex {
  readonly add: (listener: Listener) => void
  readonly remove: (listener: Listener) => void
  /** Tries each distinct key of the envelope's topic once, until one opens it; whether one did. Never throws for what a peer sent. */
  readonly match: (candidate: Candidate) => boolean
  /** The same for one listener alone. */
  readonly matchOne: (listener: Listener, candidate: Candidate) => void
  readonly size: () => number
  /** Decryptions tried so far: the work that scaling tests count. */
  readonly attempts: () => number
}

/** Names a key without showing it. */
export function keyId(key: InterestKey): string {
  return key.kind === 'symmetric' ? `s${bytesToHex(keccak256(key.key))}` : `a${bytesToHex(key.identity.publicKey)}`
}

type KeyGroups = Map<string, Set<Listener>>

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

export function createFilterIndex(): FilterIndex {
  // BOUNDED: by the caller's maxFilters.
  const byTopic = new Map<number, KeyGroups>()
  const anyTopic: KeyGroups = new Map()
  const ids = new Map<Listener, string>()
  let attempts = 0

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

  const openFor = (listeners: Iterable<Listener>, candidate: Candidate): boolean => {
    const interested = [...listeners].filter(listener => wants(listener, candidate))
    const [first] = interested
    if (first === undefined) return false
    attempts += 1
    const opened = openEnvelope(candidate.envelope, first.key)
    if (opened === undefined) return false
    const message: EnvelopeMessage = { ...opened, ...describe(candidate, first.key) }
    for (const listener of interested) if (isSignedBy(opened, listener.src)) listener.deliver(message)
    return true
  }

  return {
    add: listener => {
      const id = keyId(listener.key)
      ids.set(listener, id)
      for (const { groups } of groupsOf(listener)) {
        const group = groups.get(id)
        if (group === undefined) groups.set(id, new Set([listener]))
        else group.add(listener)
      }
    },
    remove: listener => {
      const id = ids.get(listener)
      if (id === undefined) return
      ids.delete(listener)
      for (const { topic, groups } of groupsOf(listener)) {
        const group = groups.get(id)
        group?.delete(listener)
        if (group?.size === 0) groups.delete(id)
        if (topic !== undefined && groups.size === 0) byTopic.delete(topic)
      }
    },
    match: candidate => {
      const groups = byTopic.get(topicNumber(candidate.envelope.topic))
      if (groups !== undefined) {
        for (const [id, group] of groups) {
          const everywhere = anyTopic.get(id)
          const listeners = everywhere === undefined ? group : new Set([...group, ...everywhere])
          if (openFor(listeners, candidate)) return true
        }
      }
      for (const [id, group] of anyTopic) {
        if (groups?.has(id) !== true && openFor(group, candidate)) return true
      }
      return false
    },
    matchOne: (listener, candidate) => {
      const { topics } = listener
      const topic = topicNumber(candidate.envelope.topic)
      if (topics.length === 0 || topics.some(own => topicNumber(own) === topic)) openFor([listener], candidate)
    },
    size: () => ids.size,
    attempts: () => attempts
  }
}
