import type { Scheduler } from '@status-stack/interface'
import { createBoundedMap, createMutex } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { LedgerRecord } from '../storage/records.ts'
import type { Keys } from '../storage/stores/keys.ts'
import type { Store, Unit } from '../storage/stores/store.ts'
import type { MessageId } from '../types.ts'
import { isOver } from './ledger-facts.ts'
import { sizeOf } from './ledger-views.ts'

/** The ledgers on the disk, and those of messages on their way that are ahead of it. */
export interface LedgerStore {
  /** A ledger as it stands now, on the disk or ahead of it. */
  readonly current: (unit: Unit, messageId: MessageId) => Promise<LedgerRecord | undefined>
  readonly stage: (unit: Unit, record: LedgerRecord) => void
  /** The end of this message will be noted, and until then it is sent again: a crash may forget what is told of it. */
  readonly expectEnd: (messageId: MessageId) => void
  /** Keeps a ledger ahead of the disk, to be stored with a later one or after `limits.ledgerUnwrittenMs`. False where it has to be staged. */
  readonly postpone: (record: LedgerRecord) => boolean
  /** The ledger of a message as far as it is ahead of the disk. */
  readonly unwritten: (messageId: MessageId) => LedgerRecord | undefined
  /** Commits what is staged in the batch; one batch after the other. */
  readonly write: (stageAll: (unit: Unit) => Promise<void>) => Promise<void>
  /** Settles when nothing is ahead of the disk any more, or the disk has refused it. */
  readonly settle: () => Promise<void>
}

/** Ledgers in memory: those that are ahead of the disk, and those of messages on their way. */
function createLedgerMemory() {
  // BOUNDED: limits.ledgersUnwritten
  const unwritten = new Map<MessageId, LedgerRecord>()
  // BOUNDED: limits.ledgersKept; of what is not among them facts are stored at once
  const ending = createBoundedMap<MessageId, true>({ maxEntries: limits.ledgersKept })
  // BOUNDED: limits.ledgersKept, limits.ledgersKeptBytes. What is on the disk of messages on their way: half a dozen facts come about each.
  const underWay = createBoundedMap<MessageId, LedgerRecord>({
    maxEntries: limits.ledgersKept,
    maxBytes: limits.ledgersKeptBytes,
    sizeOf
  })
  return {
    unwritten,
    known: (messageId: MessageId): LedgerRecord | undefined => unwritten.get(messageId) ?? underWay.touch(messageId),
    expectEnd: (messageId: MessageId): void => {
      ending.set(messageId, true)
    },
    postpone: (record: LedgerRecord): boolean => {
      if (!ending.has(record.messageId)) return false
      unwritten.set(record.messageId, record)
      return true
    },
    /** Forgets a record that was staged until it is on the disk, which is when the answer is to be called. */
    staged: (record: LedgerRecord): (() => void) => {
      const { messageId, legs } = record
      underWay.delete(messageId)
      const ahead = unwritten.get(messageId)
      return () => {
        if (unwritten.get(messageId) === ahead) unwritten.delete(messageId)
        if (legs.every(isOver)) ending.delete(messageId)
        else underWay.set(messageId, record)
      }
    }
  }
}

export function createLedgerStore(store: Store, keys: Keys, scheduler: Scheduler): LedgerStore {
  const writing = createMutex()
  const memory = createLedgerMemory()
  const { unwritten } = memory
  let cancelWrite: (() => void) | undefined

  const stage = (unit: Unit, record: LedgerRecord): void => {
    unit.put(keys.ledger(record.messageId), record)
    unit.after(memory.staged(record))
  }

  /** Stages what is ahead of the disk, but for messages that were deleted meanwhile. */
  const stageUnwritten = async (unit: Unit): Promise<void> => {
    for (const [messageId, record] of [...unwritten]) {
      if (unit.staged(keys.ledger(messageId)) !== undefined) continue
      if (await store.has(keys.ledger(messageId))) stage(unit, record)
      else unwritten.delete(messageId)
    }
  }

  const write = (stageAll: (unit: Unit) => Promise<void>): Promise<void> =>
    writing.run(async () => {
      const unit = store.unit()
      await stageAll(unit)
      if (unwritten.size > limits.ledgersUnwritten) await stageUnwritten(unit)
      try {
        await unit.commit()
      } finally {
        writeLater()
      }
    })

  const writeUnwritten = (): Promise<void> =>
    write(async unit => {
      cancelWrite?.()
      cancelWrite = undefined
      await stageUnwritten(unit)
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

  return {
    current: async (unit, messageId) => {
      const known = memory.known(messageId)
      const key = keys.ledger(messageId)
      if (known === undefined) return unit.get<LedgerRecord>(key)
      // It may have been deleted with its message.
      return (await store.has(key)) ? known : undefined
    },
    stage,
    expectEnd: memory.expectEnd,
    postpone: memory.postpone,
    unwritten: messageId => unwritten.get(messageId),
    write,
    settle: async () => {
      await writing.idle()
      if (unwritten.size > 0) await writeUnwritten().catch(() => undefined)
    }
  }
}
