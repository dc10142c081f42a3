import { bytesToHex, equalBytes } from '@status-stack/crypto'
import type { DeliveryState, EnvelopeFact, HeldReason } from '../ledger-types.ts'
import { limits } from '../limits.ts'
import type { LegRecord } from '../storage/records.ts'
import type { PublicKey, ShownProtection } from '../types.ts'
import { weakerOf } from './policy.ts'

/** One fact about one leg. Absent fields say nothing. */
export interface LegFact {
  readonly recipient?: PublicKey | undefined
  readonly state: DeliveryState
  readonly reason?: HeldReason | undefined
  readonly protection?: ShownProtection | undefined
  readonly envelope?:
    | { readonly hash: Uint8Array; readonly expiry: number; readonly sentTo: readonly string[] }
    | undefined
  readonly hash?: Uint8Array | undefined
  readonly by?: string | undefined
}

/** Later states are stronger; a weaker fact about an older attempt does not take a leg back. */
const statesByStrength: readonly DeliveryState[] = [
  'queued',
  'held',
  'retrying',
  'sealed',
  'posted',
  'expired',
  'confirmed',
  'archived',
  'given-up',
  'acknowledged'
]

export function sameRecipient(a: PublicKey | undefined, b: PublicKey | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return equalBytes(a, b)
}

function withEnvelope(envelopes: readonly EnvelopeFact[], fact: LegFact): readonly EnvelopeFact[] {
  if (fact.envelope !== undefined) {
    const hash = bytesToHex(fact.envelope.hash)
    const fresh = {
      hash,
      expiry: fact.envelope.expiry,
      sentTo: [...fact.envelope.sentTo],
      confirmedBy: [],
      archivedBy: []
    }
    return [...envelopes.filter(known => known.hash !== hash), fresh].slice(-limits.envelopesPerLeg)
  }
  const { hash: bytes, by } = fact
  if (bytes === undefined || by === undefined) return envelopes
  const hash = bytesToHex(bytes)
  const add = (list: readonly string[]): readonly string[] =>
    list.includes(by) || list.length >= limits.confirmationsPerEnvelope ? list : [...list, by]
  return envelopes.map(known => {
    if (known.hash !== hash) return known
    return {
      ...known,
      confirmedBy: fact.state === 'confirmed' ? add(known.confirmedBy) : known.confirmedBy,
      archivedBy: fact.state === 'archived' ? add(known.archivedBy) : known.archivedBy
    }
  })
}

/** The weakest protection under which a message may have left for this recipient. */
export function protectionOf(leg: Pick<LegRecord, 'protection' | 'sealed'>): ShownProtection | undefined {
  return weakerOf(leg.protection, leg.sealed)
}

/**
 * What is known about the protection after one more fact. An envelope that has left can be recorded for good, so a stronger retry
 * improves nothing; what was sealed counts as gone until the post is known to have failed; what was held back never left.
 */
function protectionAfter(leg: LegRecord, fact: LegFact): Protections {
  const { protection, sealed, held } = leg
  switch (fact.state) {
    case 'sealed':
      // A second seal with no word about the first: a crash came between, and the first may be out.
      return protections({ protection: weakerOf(protection, sealed), sealed: fact.protection })
    case 'retrying':
      // Only a post that failed says that what was sealed has not left.
      return protections({ protection, held, sealed: fact.reason === 'offline' ? sealed : undefined })
    case 'held':
      return protections({ protection, sealed, held: fact.protection })
    default:
      if (fact.envelope === undefined) return protections({ protection, sealed, held })
      return protections({ protection: weakerOf(protection, fact.protection ?? sealed) })
  }
}

type Protections = Pick<LegRecord, 'protection' | 'sealed' | 'held'>

/** The fields that are there. */
export function protections(fields: { readonly [K in keyof Protections]?: Protections[K] | undefined }): Protections {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** A leg after one more fact. A new attempt restarts a leg that was not over. */
export function applyFact(leg: LegRecord, fact: LegFact): LegRecord {
  const over = leg.state === 'acknowledged' || (leg.state === 'given-up' && fact.state !== 'acknowledged')
  const attempt =
    fact.state === 'sealed' || fact.state === 'posted' || fact.state === 'held' || fact.state === 'retrying'
  const forward = attempt || statesByStrength.indexOf(fact.state) > statesByStrength.indexOf(leg.state)
  const state = over || !forward ? leg.state : fact.state
  // Why it ended stays: what was cancelled is given up by the layers below as well, for reasons of theirs.
  const reason = !over && state === fact.state ? fact.reason : leg.reason
  const acknowledgedBy = fact.state === 'acknowledged' ? (fact.by ?? leg.acknowledgedBy) : leg.acknowledgedBy
  return {
    ...(leg.recipient === undefined ? {} : { recipient: leg.recipient }),
    state,
    ...(reason === undefined ? {} : { reason }),
    attempts: leg.attempts + (fact.envelope === undefined ? 0 : 1),
    ...protectionAfter(leg, fact),
    ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }),
    envelopes: withEnvelope(leg.envelopes, fact)
  }
}

/** Whether nothing more will come of it. */
export const isOver = ({ state }: LegRecord): boolean => state === 'acknowledged' || state === 'given-up'

/** What is known of a recipient at first. */
export const queuedLeg = (recipient: PublicKey | undefined): LegRecord => ({
  ...(recipient === undefined ? {} : { recipient }),
  state: 'queued',
  attempts: 0,
  envelopes: []
})
