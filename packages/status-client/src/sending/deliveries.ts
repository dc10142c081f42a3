import { bytesToHex, equalBytes } from '@status-stack/crypto'
import type { Scheduler } from '@status-stack/interface'
import { createBoundedMap, createMutex } from '@status-stack/utils'
import type { DeliveryEvent } from '../events.ts'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { LedgerRecord } from '../storage/records.ts'
import type { Keys } from '../storage/stores/keys.ts'
import type { Store, Unit } from '../storage/stores/store.ts'
import type { ChatRef, LedgerEntry, LedgerLeg, MessageId, PublicKey } from '../types.ts'
import { applyFact, isOver, type LegFact, protectionOf, protections, sameRecipient } from './ledger-facts.ts'

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

/** Envelopes that an archive may still report. */
const recentEnvelopes = 5000

/** Bytes that a record takes in memory, about: most are ids of peers. */
function sizeOf({ legs }: LedgerRecord): number {
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

export interface DeliveryDeps {
  readonly store: Store
  readonly keys: Keys
  /** Our own public key. */
  readonly self: PublicKey
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly emit: (event: DeliveryEvent) => void
}

/** For every message: who confirmed it, who archived it, which device acknowledged it, what is retrying, what was given up. */
export function createDeliveries({ store, keys, self, clock, scheduler, emit }: DeliveryDeps): Deliveries {
  const writing = createMutex()
  // BOUNDED: recentEnvelopes, oldest evicted; only for the archived fact, which a later session does not need
  const envelopes = new Map<string, { readonly messageId: MessageId; readonly recipient: PublicKey | undefined }>()
  // BOUNDED: facts wait here only while a write is under way; each came from a message of ours
  let waiting = new Map<MessageId, { readonly facts: LegFact[]; isAwaited: boolean }>()
  // BOUNDED: limits.ledgersUnwritten. Ledgers that are ahead of the disk.
  const unwritten = new Map<MessageId, LedgerRecord>()
  let cancelWrite: (() => void) | undefined
  // BOUNDED: limits.ledgersKept; of what is not among them facts are stored at once
  const ending = createBoundedMap<MessageId, true>({ maxEntries: limits.ledgersKept })
  let flushing: Promise<void> | undefined
  let flushedMs = Number.NEGATIVE_INFINITY
  /** Ends the rest before a flush. */
  let hurry = (): void => {}

  // BOUNDED: limits.ledgersKept, limits.ledgersKeptBytes. What is on the disk of messages on their way: half a dozen facts come about each.
  const underWay = createBoundedMap<MessageId, LedgerRecord>({
    maxEntries: limits.ledgersKept,
    maxBytes: limits.ledgersKeptBytes,
    sizeOf
  })

  const recordOf = async (unit: Unit, messageId: MessageId): Promise<LedgerRecord | undefined> => {
    const known = unwritten.get(messageId) ?? underWay.touch(messageId)
    const key = keys.ledger(messageId)
    if (known === undefined) return unit.get<LedgerRecord>(key)
    // It may have been deleted with its message.
    return (await store.has(key)) ? known : undefined
  }

  /** Stages a record; `underWay` follows once it is on the disk, and knows nothing of it before. */
  const put = (unit: Unit, record: LedgerRecord): void => {
    const { messageId, legs } = record
    unit.put(keys.ledger(messageId), record)
    underWay.delete(messageId)
    const ahead = unwritten.get(messageId)
    unit.after(() => {
      if (unwritten.get(messageId) === ahead) unwritten.delete(messageId)
      if (legs.every(isOver)) ending.delete(messageId)
      else underWay.set(messageId, record)
    })
  }

  /** Stages what is ahead of the disk, but for messages that were deleted meanwhile. */
  const putUnwritten = async (unit: Unit): Promise<void> => {
    for (const [messageId, record] of [...unwritten]) {
      if (unit.staged(keys.ledger(messageId)) !== undefined) continue
      if (await store.has(keys.ledger(messageId))) put(unit, record)
      else unwritten.delete(messageId)
    }
  }

  const writeUnwritten = (): Promise<void> =>
    writing.run(async () => {
      cancelWrite?.()
      cancelWrite = undefined
      const unit = store.unit()
      await putUnwritten(unit)
      try {
        await unit.commit()
      } finally {
        writeLater()
      }
    })

  /** Sees to it that what is ahead of the disk does not stay so. */
  const writeLater = (): void => {
    if (unwritten.size === 0 || cancelWrite !== undefined) return
    cancelWrite = scheduler.after(limits.ledgerUnwrittenMs, () => {
      cancelWrite = undefined
      // A disk that is full now is tried again.
      writeUnwritten().catch(() => undefined)
    })
  }

  /** The record after some facts, of which listeners are told once the unit is on the disk. */
  const withFacts = (unit: Unit, record: LedgerRecord, facts: readonly LegFact[]): LedgerRecord => {
    const { messageId, chat } = record
    let { legs } = record
    for (const fact of facts) {
      const before = legs.find(leg => sameRecipient(leg.recipient, fact.recipient))
      if (before === undefined) continue
      const after = applyFact(before, fact)
      legs = legs.map(leg => (leg === before ? after : leg))
      const { state, recipient, reason, protection, by } = fact
      // What was cancelled is given up by the layers below as well: an end is told once.
      if (state === 'given-up' && isOver(before)) continue
      unit.after(() => emit({ messageId, chat, state, recipient, reason, protection, by }))
    }
    return { ...record, legs }
  }

  const flush = async (): Promise<void> => {
    const batch = waiting
    waiting = new Map()
    flushing = undefined
    const unit = store.unit()
    for (const [messageId, { facts, isAwaited }] of batch) {
      const record = await recordOf(unit, messageId)
      if (record === undefined) continue
      const after = withFacts(unit, record, facts)
      if (isAwaited || !ending.has(messageId)) put(unit, after)
      else unwritten.set(messageId, after)
    }
    if (unwritten.size > limits.ledgersUnwritten) await putUnwritten(unit)
    try {
      await unit.commit()
    } finally {
      flushedMs = clock.nowMs()
      writeLater()
    }
  }

  const rested = (): Promise<void> => {
    const restMs = flushedMs + limits.ledgerRestMs - clock.nowMs()
    // A clock that was set back since makes nobody wait.
    if (restMs <= 0 || restMs > limits.ledgerRestMs) return Promise.resolve()
    return new Promise(resolve => {
      const cancel = scheduler.after(restMs, resolve)
      hurry = () => {
        cancel()
        resolve()
      }
    })
  }

  const add = (messageId: MessageId, fact: LegFact, isAwaited: boolean): Promise<void> => {
    if (fact.envelope !== undefined) {
      envelopes.set(bytesToHex(fact.envelope.hash), { messageId, recipient: fact.recipient })
      const oldest = envelopes.keys().next()
      if (envelopes.size > recentEnvelopes && oldest.done !== true) envelopes.delete(oldest.value)
    }
    const entry = waiting.get(messageId) ?? { facts: [], isAwaited: false }
    entry.facts.push(fact)
    entry.isAwaited ||= isAwaited
    waiting.set(messageId, entry)
    // Facts that come while a write is under way share the next one.
    flushing ??= rested().then(() => writing.run(flush))
    return flushing
  }

  const note = (messageId: MessageId, fact: LegFact): Promise<void> => {
    const noted = add(messageId, fact, true)
    hurry()
    return noted
  }

  const idle = async (): Promise<void> => {
    hurry()
    await flushing?.catch(() => undefined)
    await writing.idle()
    if (unwritten.size > 0) await writeUnwritten().catch(() => undefined)
  }

  return {
    open: (unit, { messageId, chat, queuedMs, ends = false }, to) => {
      const legs = to.map(recipient => ({
        ...(recipient === undefined ? {} : { recipient }),
        state: 'queued' as const,
        attempts: 0,
        envelopes: []
      }))
      put(unit, { messageId, chat, queuedMs, legs })
      if (ends) ending.set(messageId, true)
      unit.after(() => {
        for (const recipient of to) emit({ messageId, chat, state: 'queued', recipient })
      })
    },
    note,
    noteSoon: (messageId, fact) => add(messageId, fact, false),
    unwritten: messageId => unwritten.get(messageId),
    archived: async (hash, server) => {
      const known = envelopes.get(bytesToHex(hash))
      if (known === undefined) return
      await note(known.messageId, { recipient: known.recipient, state: 'archived', hash, by: server })
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
      const legs = record.legs.map(leg => {
        const { sealed: _, held, ...shown } = leg
        return { ...shown, ...protections({ protection: protectionOf(leg) ?? held }) }
      })
      return { ...record, legs, complete: complete(legs, self) }
    },
    idle
  }
}
