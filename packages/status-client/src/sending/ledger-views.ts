import { equalBytes } from '@status-stack/crypto'
import type { LedgerEntry, LedgerLeg } from '../ledger-types.ts'
import type { LedgerRecord } from '../storage/records.ts'
import type { PublicKey } from '../types.ts'
import { protectionOf, protections } from './ledger-facts.ts'

/** Bytes that a record takes in memory, about: most are ids of peers. */
export function sizeOf({ legs }: LedgerRecord): number {
  const ids = legs.flatMap(({ envelopes }) =>
    envelopes.map(({ sentTo, confirmedBy, archivedBy }) => 2 + sentTo.length + confirmedBy.length + archivedBy.length)
  )
  return 256 * (1 + legs.length) + 160 * ids.reduce((sum, count) => sum + count, 0)
}

function complete(legs: readonly LedgerLeg[], self: PublicKey): boolean {
  const others = legs.filter(leg => leg.recipient === undefined || !equalBytes(leg.recipient, self))
  return others.every(leg => {
    if (leg.recipient !== undefined) return leg.state === 'acknowledged'
    return leg.state === 'confirmed' || leg.state === 'archived'
  })
}

/** The ledger of a message as it is shown. */
export function entryOf(record: LedgerRecord, self: PublicKey): LedgerEntry {
  const legs = record.legs.map(leg => {
    const { sealed: _, held, ...shown } = leg
    return { ...shown, ...protections({ protection: protectionOf(leg) ?? held }) }
  })
  return { ...record, legs, complete: complete(legs, self) }
}
