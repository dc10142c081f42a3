import { limits } from '../limits.ts'
import type { Archived } from '../ports.ts'
import type { NodeContext } from './context.ts'
import type { Archiving } from './pooled-envelope.ts'

/** An envelope on its way into the archive. */
export interface Storable {
  readonly id: string
  readonly archived: Archived
  readonly archiving: Archiving
}

/** Envelopes that the archive could not store, to be tried again: of some of them no further copy comes. */
export interface ArchiveRetries {
  /** Takes copies of those that do not wait yet. What is over the bound, or comes while the node is stopped, is given up. */
  readonly add: (failed: readonly Storable[]) => void
  readonly start: () => void
  /** Gives up all that waits. */
  readonly stop: () => void
}

interface Waiting extends Storable {
  readonly bytes: number
  /** Pauses so far, added up, when it began to wait. */
  readonly since: number
}

const sizeOf = ({ archived }: Storable): number => archived.bytes.length + limits.unarchivedEntryBytes

/** A copy, as a view would keep the pool's whole buffer. */
function waitingCopy(envelope: Storable, since: number): Waiting {
  const { id, archived, archiving } = envelope
  return {
    id,
    archived: { ...archived, bytes: new Uint8Array(archived.bytes) },
    archiving,
    bytes: sizeOf(envelope),
    since
  }
}

/** What waits, oldest attempt first. */
function createWaiting() {
  // BOUNDED: limits.unarchivedBytes
  const waiting = new Map<string, Waiting>()
  let bytes = 0
  const remove = (id: string): void => {
    const entry = waiting.get(id)
    if (entry === undefined) return
    waiting.delete(id)
    bytes -= entry.bytes
  }
  return {
    has: (id: string): boolean => waiting.has(id),
    count: (): number => waiting.size,
    hasRoom: (size: number): boolean => bytes + size <= limits.unarchivedBytes,
    add: (entry: Waiting): void => {
      waiting.set(entry.id, entry)
      bytes += entry.bytes
    },
    remove,
    clear: (): void => {
      waiting.clear()
      bytes = 0
    },
    /** The next ones, `most` at most. What a copy has stored meanwhile waits no longer. */
    next: (most: number): Waiting[] => {
      const batch: Waiting[] = []
      let batchBytes = 0
      for (const entry of waiting.values()) {
        if (entry.archiving.stored === undefined) {
          remove(entry.id)
          continue
        }
        if (batch.length >= most || (batch.length > 0 && batchBytes + entry.bytes > limits.unarchivedBatchBytes)) break
        batch.push(entry)
        batchBytes += entry.bytes
      }
      return batch
    }
  }
}

/**
 * @param insert one attempt, which sets `archiving` of what it stored; false when it failed. Never rejects
 */
export function createArchiveRetries(
  { scheduler, events }: Pick<NodeContext, 'scheduler' | 'events'>,
  insert: (batch: readonly Storable[]) => Promise<boolean>
): ArchiveRetries {
  const waiting = createWaiting()
  let isRunning = false
  let cancel: (() => void) | undefined
  let isBusy = false
  let pauseMs: number = limits.unarchivedFirstPauseMs
  // Time by the timers themselves: a wall clock that is set does not give anything up.
  let pausedMs = 0
  let most: number = limits.unarchivedBatch

  const giveUp = (envelopes: number): void => {
    if (envelopes > 0) events.emit('archivegivenup', { envelopes })
  }

  /** A smaller batch next, and others first: one envelope that no store takes must not hold up the rest. */
  const failed = (batch: readonly Waiting[]): void => {
    let givenUp = 0
    for (const entry of batch) {
      waiting.remove(entry.id)
      if (entry.archiving.stored === undefined) continue
      if (pausedMs - entry.since >= limits.unarchivedWaitMs) givenUp += 1
      else waiting.add(entry)
    }
    giveUp(givenUp)
    most = Math.max(1, Math.floor(batch.length / 2))
    pauseMs = Math.min(limits.unarchivedLongestPauseMs, 2 * pauseMs)
  }

  const attempt = async (): Promise<void> => {
    isBusy = true
    for (let batch = waiting.next(most); batch.length > 0; batch = waiting.next(most)) {
      const isStored = await insert(batch)
      if (!isRunning) break
      if (!isStored) {
        failed(batch)
        break
      }
      for (const { id } of batch) waiting.remove(id)
      most = Math.min(limits.unarchivedBatch, 2 * most)
      pauseMs = limits.unarchivedFirstPauseMs
    }
    isBusy = false
    schedule()
  }

  const schedule = (): void => {
    if (!isRunning || isBusy || cancel !== undefined || waiting.count() === 0) return
    const after = pauseMs
    cancel = scheduler.after(after, () => {
      cancel = undefined
      pausedMs += after
      void attempt()
    })
  }

  return {
    add: failedNow => {
      let givenUp = 0
      for (const envelope of failedNow) {
        if (waiting.has(envelope.id)) continue
        if (!isRunning || !waiting.hasRoom(sizeOf(envelope))) givenUp += 1
        else waiting.add(waitingCopy(envelope, pausedMs))
      }
      giveUp(givenUp)
      schedule()
    },
    start: () => {
      isRunning = true
    },
    stop: () => {
      isRunning = false
      cancel?.()
      cancel = undefined
      giveUp(waiting.count())
      waiting.clear()
    }
  }
}
