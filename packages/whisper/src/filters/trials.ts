import type { AesGcmTrialKey } from '@status-stack/crypto'
import { firstOpening } from '../message/symmetric.ts'
import { type EnvelopeOpener, isSignedBy } from '../message/wrap.ts'
import { type Found, foundOf } from './found.ts'
import type { Holders } from './holder-lists.ts'
import type { Registration } from './key-groups.ts'
import type { Candidate, Listener } from './listener.ts'

/** Tries keys on candidates, step by step. */
export interface Trials {
  /** Tries the keys of those who are asked, each once, until one opens the candidate; whether one did. Who registered from `before` on is not asked. */
  readonly of: (candidate: Candidate, before: number, holders: readonly Holders[]) => Generator<void, boolean>
  /** Decryptions so far. */
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

/** Keys that wait to be tried together on one envelope. */
interface Waiting {
  readonly keys: AesGcmTrialKey[]
  readonly holders: Holders[]
}

/** One for all candidates of an index. */
export function createTrials(): Trials {
  let attempts = 0

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
  function* tryTogether(candidate: Candidate, before: number, { keys, holders }: Waiting): Generator<void, boolean> {
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

  function* tryKeys(candidate: Candidate, before: number, list: readonly Holders[]): Generator<void, boolean> {
    const { data } = candidate
    const isAlone = data.length > longData || list.length < fewestTogether
    let waiting: Waiting | undefined
    for (const holders of list) {
      const opener = askedKey(candidate, before, holders)
      if (opener === undefined) continue
      if (isAlone || opener.trial === undefined) {
        if (yield* openFor(candidate, before, holders)) return true
        yield
        continue
      }
      waiting ??= { keys: [], holders: [] }
      waiting.keys.push(opener.trial)
      waiting.holders.push(holders)
      if (waiting.keys.length === mostTogether && (yield* tryTogether(candidate, before, waiting))) return true
    }
    return waiting === undefined ? false : yield* tryTogether(candidate, before, waiting)
  }

  return { of: tryKeys, attempts: () => attempts }
}
