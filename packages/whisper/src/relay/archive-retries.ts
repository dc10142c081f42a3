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

/**
 * @param insert one attempt, which sets `archiving` of what it stored; false when it failed. Never rejects
 */
export function createArchiveRetries(
  { scheduler, events }: Pick<NodeContext, 'scheduler' | 'events'>,
  insert: (batch: readonly Storable[]) => Promise<boolean>
): ArchiveRetries {
  // BOUNDED: limits.unarchivedBytes
  const waiting = new Map<string, Waiting>()
  let bytes = 0
  let isRunning = false
  let cancel: (() => void) | undefined
  let isBusy = false
  let pauseMs: number = limits.unarchivedFirstPauseMs
  // Time by the timers themselves: a wall clock that is set does not give anything up.
  let pausedMs = 0
  let most: number = limits.unarchivedBatch

  const remove = (id: string): void => {
    const entry = waiting.get(id)
    if (entry === undefined) return
    waiting.delete(id)
    bytes -= entry.bytes
  }

  const giveUp = (envelopes: number): void => {
    if (envelopes > 0) events.emit('archivegivenup', { envelopes })
  }

  /** The next ones. What a copy has stored meanwhile waits no longer. */
  const nextBatch = (): Waiting[] => {
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

  /** A smaller batch next, and others first: one envelope that no store takes must not hold up the rest. */
  const failed = (batch: readonly Waiting[]): void => {
    let givenUp = 0
    for (const entry of batch) {
      remove(entry.id)
      if (entry.archiving.stored === undefined) continue
      if (pausedMs - entry.since >= limits.unarchivedWaitMs) givenUp += 1
      else hold(entry)
    }
    giveUp(givenUp)
    most = Math.max(1, Math.floor(batch.length / 2))
    pauseMs = Math.min(limits.unarchivedLongestPauseMs, 2 * pauseMs)
  }

  const hold = (entry: Waiting): void => {
    waiting.set(entry.id, entry)
    bytes += entry.bytes
  }

  const attempt = async (): Promise<void> => {
    isBusy = true
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      const isStored = await insert(batch)
      if (!isRunning) break
      if (!isStored) {
        failed(batch)
        break
      }
      for (const { id } of batch) remove(id)
      most = Math.min(limits.unarchivedBatch, 2 * most)
      pauseMs = limits.unarchivedFirstPauseMs
    }
    isBusy = false
    schedule()
  }

  const schedule = (): void => {
    if (!isRunning || isBusy || cancel !== undefined || waiting.size === 0) return
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
      for (const { id, archived, archiving } of failedNow) {
        if (waiting.has(id)) continue
        const size = archived.bytes.length + limits.unarchivedEntryBytes
        if (!isRunning || bytes + size > limits.unarchivedBytes) {
          givenUp += 1
          continue
        }
        // A view would keep the pool's whole buffer.
        const copy = { ...archived, bytes: new Uint8Array(archived.bytes) }
        hold({ id, archived: copy, archiving, bytes: size, since: pausedMs })
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
      giveUp(waiting.size)
      waiting.clear()
      bytes = 0
    }
  }
}
