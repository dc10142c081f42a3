import { createWaitingBudget, type WaitingShare } from '../filters/waiting-budget.ts'
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
  /**
   * Takes copies of those that do not wait yet, for whom they came from. Beyond the bound one of those who brought most loses its oldest; what comes
   * while the node is stopped is given up.
   */
  readonly add: (failed: readonly Storable[], owner: string) => void
  readonly start: () => void
  /** Gives up all that waits. */
  readonly stop: () => void
}

interface Waiting extends Storable {
  readonly bytes: number
  readonly owner: string
  /** On its way into the archive once more: it waits still, and is not given up meanwhile. */
  isTried: boolean
  /** Pauses so far, added up, when it began to wait. */
  readonly since: number
}

const sizeOf = ({ archived }: Storable): number => archived.bytes.length + limits.unarchivedEntryBytes

/** A copy, as a view would keep the pool's whole buffer. */
function waitingCopy(envelope: Storable, owner: string, since: number): Waiting {
  const { id, archived, archiving } = envelope
  return {
    id,
    archived: { ...archived, bytes: new Uint8Array(archived.bytes) },
    archiving,
    bytes: sizeOf(envelope),
    owner,
    isTried: false,
    since
  }
}

/** What waits of one owner, oldest attempt first. */
interface Owned {
  readonly entries: Map<string, Waiting>
  readonly share: WaitingShare
}

/**
 * What waits, oldest attempt first, each counted for its owner: a flood costs who brought it.
 *
 * @param dropped called for each one that makes room
 */
function createWaiting(dropped: () => void) {
  // BOUNDED: limits.unarchivedBytes, by the budget; an owner is here while something of it waits.
  const waiting = new Map<string, Waiting>()
  const owners = new Map<string, Owned>()
  let budget = createWaitingBudget(limits.unarchivedBytes)

  const remove = (id: string): void => {
    const entry = waiting.get(id)
    if (entry === undefined) return
    waiting.delete(id)
    const owned = owners.get(entry.owner)
    owned?.entries.delete(id)
    owned?.share.remove(entry.bytes)
    if (owned?.entries.size === 0) owners.delete(entry.owner)
  }
  const open = (owner: string): Owned => {
    const entries = new Map<string, Waiting>()
    const share = budget.open(() => {
      for (const { id, isTried } of entries.values()) {
        if (isTried) continue
        remove(id)
        dropped()
        return true
      }
      return false
    })
    const owned = { entries, share }
    owners.set(owner, owned)
    return owned
  }
  return {
    has: (id: string): boolean => waiting.has(id),
    count: (): number => waiting.size,
    add: (entry: Waiting): void => {
      const { entries, share } = owners.get(entry.owner) ?? open(entry.owner)
      waiting.set(entry.id, entry)
      entries.set(entry.id, entry)
      share.add(entry.bytes)
    },
    remove,
    clear: (): void => {
      waiting.clear()
      owners.clear()
      budget = createWaitingBudget(limits.unarchivedBytes)
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
  let droppedNow = 0
  const waiting = createWaiting(() => {
    droppedNow += 1
  })
  let isRunning = false
  let runs = 0
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
      entry.isTried = false
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
      const begun = runs
      for (const entry of batch) entry.isTried = true
      const isStored = await insert(batch)
      // What waited when the node was stopped is given up by then.
      if (runs !== begun) break
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
    add: (failedNow, owner) => {
      let givenUp = 0
      for (const envelope of failedNow) {
        if (waiting.has(envelope.id)) continue
        if (isRunning) waiting.add(waitingCopy(envelope, owner, pausedMs))
        else givenUp += 1
      }
      giveUp(givenUp + droppedNow)
      droppedNow = 0
      schedule()
    },
    start: () => {
      isRunning = true
    },
    stop: () => {
      isRunning = false
      runs += 1
      cancel?.()
      cancel = undefined
      giveUp(waiting.count())
      waiting.clear()
    }
  }
}
