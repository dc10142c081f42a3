import { bytesToHex } from '@status-stack/crypto'
import type { Scheduler } from '@status-stack/interface'
import { createBoundedMap } from '@status-stack/utils'
import type { DeliveryEvent } from '../events.ts'
import type { LedgerEntry } from '../ledger-types.ts'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { LedgerRecord } from '../storage/records.ts'
import type { Keys } from '../storage/stores/keys.ts'
import type { Store, Unit } from '../storage/stores/store.ts'
import type { ChatRef, MessageId, PublicKey } from '../types.ts'
import { createFactBatches } from './fact-batches.ts'
import { applyFact, isOver, type LegFact, queuedLeg, sameRecipient } from './ledger-facts.ts'
import { createLedgerStore } from './ledger-store.ts'
import { entryOf } from './ledger-views.ts'

/** What the ledger of a message begins with. */
export interface NewEntry {
  readonly messageId: MessageId
  readonly chat: ChatRef
  readonly queuedMs: number
  /**
   * Its end will be noted, and until then it is sent again: a crash may forget what was noted soon, as that comes again.
   * @default false
   */
  readonly ends?: boolean
}

export interface Deliveries {
  /** Stages a new entry in the batch that stores the message. */
  readonly open: (unit: Unit, entry: NewEntry, to: readonly (PublicKey | undefined)[]) => void
  /** Notes a fact; on disk when it resolves. Facts about unknown messages are ignored. */
  readonly note: (messageId: MessageId, fact: LegFact) => Promise<void>
  /**
   * The same for what nobody waits for: facts of one moment share a batch. Of a message that will be acknowledged they are told at once, and stored
   * with a later fact or after `limits.ledgerUnwrittenMs`.
   */
  readonly noteSoon: (messageId: MessageId, fact: LegFact) => Promise<void>
  /** The ledger of a message as far as it is ahead of the disk. */
  readonly unwritten: (messageId: MessageId) => LedgerRecord | undefined
  readonly read: (messageId: MessageId) => Promise<LedgerEntry | undefined>
  /** A mailserver returned one of our own envelopes: it holds it. */
  readonly archived: (hash: Uint8Array, server: string) => Promise<void>
  /** Messages that still wait for this recipient. */
  readonly pendingFor: (recipient: PublicKey) => Promise<readonly MessageId[]>
  readonly idle: () => Promise<void>
}

export interface DeliveryDeps {
  readonly store: Store
  readonly keys: Keys
  /** Our own public key. */
  readonly self: PublicKey
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly emit: (event: DeliveryEvent) => void
}

/** A record after some facts, and what listeners are told of them. */
function withFacts(
  record: LedgerRecord,
  facts: readonly LegFact[]
): { readonly record: LedgerRecord; readonly events: readonly DeliveryEvent[] } {
  const { messageId, chat } = record
  let { legs } = record
  const events: DeliveryEvent[] = []
  for (const fact of facts) {
    const before = legs.find(leg => sameRecipient(leg.recipient, fact.recipient))
    if (before === undefined) continue
    const after = applyFact(before, fact)
    legs = legs.map(leg => (leg === before ? after : leg))
    const { state, recipient, reason, protection, by } = fact
    // What was cancelled is given up by the layers below as well: an end is told once.
    if (state === 'given-up' && isOver(before)) continue
    events.push({ messageId, chat, state, recipient, reason, protection, by })
  }
  return { record: { ...record, legs }, events }
}

/** For every message: who confirmed it, who archived it, which device acknowledged it, what is retrying, what was given up. */
export function createDeliveries({ store, keys, self, clock, scheduler, emit }: DeliveryDeps): Deliveries {
  // BOUNDED: limits.envelopesAwaited; only for the archived fact, which a later session does not need
  const envelopes = createBoundedMap<
    string,
    { readonly messageId: MessageId; readonly recipient: PublicKey | undefined }
  >({
    maxEntries: limits.envelopesAwaited
  })
  /** Once a person has a message, nobody asks where else its envelopes are. */
  const forgetEnvelopes = ({ legs }: LedgerRecord): void => {
    for (const { state, envelopes: sent } of legs)
      if (state === 'acknowledged') for (const { hash } of sent) envelopes.delete(hash)
  }
  const ledgers = createLedgerStore(store, keys, scheduler)
  const batches = createFactBatches({
    clock,
    scheduler,
    handle: take =>
      ledgers.write(async unit => {
        for (const [messageId, { facts, isAwaited }] of take()) {
          const before = await ledgers.current(unit, messageId)
          if (before === undefined) continue
          const { record, events } = withFacts(before, facts)
          unit.after(() => {
            forgetEnvelopes(record)
            events.forEach(emit)
          })
          if (isAwaited || !ledgers.postpone(record)) ledgers.stage(unit, record)
        }
      })
  })

  const add = (messageId: MessageId, fact: LegFact, isAwaited: boolean): Promise<void> => {
    if (fact.envelope !== undefined)
      envelopes.set(bytesToHex(fact.envelope.hash), { messageId, recipient: fact.recipient })
    return batches.add(messageId, fact, isAwaited)
  }

  const idle = async (): Promise<void> => {
    await batches.idle()
    await ledgers.settle()
  }

  return {
    open: (unit, { messageId, chat, queuedMs, ends = false }, to) => {
      ledgers.stage(unit, { messageId, chat, queuedMs, legs: to.map(queuedLeg) })
      if (ends) ledgers.expectEnd(messageId)
      unit.after(() => {
        for (const recipient of to) emit({ messageId, chat, state: 'queued', recipient })
      })
    },
    note: (messageId, fact) => add(messageId, fact, true),
    noteSoon: (messageId, fact) => add(messageId, fact, false),
    unwritten: ledgers.unwritten,
    archived: async (hash, server) => {
      const known = envelopes.get(bytesToHex(hash))
      if (known === undefined) return
      await add(known.messageId, { recipient: known.recipient, state: 'archived', hash, by: server }, true)
    },
    pendingFor: async recipient => {
      await idle()
      const found: MessageId[] = []
      for await (const { value } of store.range<LedgerRecord>(keys.all('ledger'))) {
        const leg = value.legs.find(candidate => sameRecipient(candidate.recipient, recipient))
        if (leg !== undefined && !isOver(leg)) found.push(value.messageId)
      }
      return found
    },
    read: async messageId => {
      await idle()
      const record = await store.get<LedgerRecord>(keys.ledger(messageId))
      if (record === undefined) return undefined
      return entryOf(record, self)
    },
    idle
  }
}
