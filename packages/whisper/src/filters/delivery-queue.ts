import type { Clock, Scheduler } from '@status-stack/interface'
import { limits } from '../limits.ts'
import type { WaitingBudget, WaitingShare } from './waiting-budget.ts'

/** Items for one reader, in order, with a bound and a way to hold them back for a while. */
export interface DeliveryQueue<T> {
  readonly push: (item: T) => void
  /** What is pushed from now on waits, until there were as many releases as holds or the time for holding is used up. */
  readonly hold: () => void
  readonly release: () => void
  /** Whether the reader is behind: those who feed the queue should wait. */
  readonly full: () => boolean
  /** Ends the reader after what is queued. */
  readonly close: () => void
  readonly reader: AsyncIterableIterator<T>
}

interface QueueOptions<T> {
  /** Items from which the queue calls itself full; it holds four times as many before the oldest is dropped. */
  readonly max: number
  /** Bytes that an item holds. From `limits.fullQueueBytes` on, the queue calls itself full as well. @default 0 */
  readonly sizeOf?: ((item: T) => number) | undefined
  /** Counts what waits, for all queues of the node. @default nothing is counted */
  readonly budget?: WaitingBudget | undefined
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly onDropped: (item: T) => void
  /** The reader ended, or there is room again. */
  readonly onRoom: () => void
  /** The reader was closed by its consumer. */
  readonly onReturn: () => void
}

/** How far past `max` a queue grows when those who feed it cannot wait. */
const slack = 4

/**
 * The time for which holds may keep messages back: `limits.holdMs` at once, given back at a tenth of the time without a hold. It belongs
 * to the queue, so that no number of servers, ranges and retries can hold messages for longer.
 */
function createHoldTime({ clock, scheduler }: { readonly clock: Clock; readonly scheduler: Scheduler }) {
  let usedMs = 0
  let changedMs = clock.nowMs()
  let cancel: (() => void) | undefined
  return {
    /** Calls `over` once the time is used up. Whether there is any. */
    start: (over: () => void): boolean => {
      const now = clock.nowMs()
      usedMs = Math.max(0, usedMs - Math.max(0, now - changedMs) * limits.holdRecovery)
      changedMs = now
      if (usedMs >= limits.holdMs) return false
      cancel = scheduler.after(limits.holdMs - usedMs, over)
      return true
    },
    stop: (): void => {
      if (cancel === undefined) return
      cancel()
      cancel = undefined
      const now = clock.nowMs()
      usedMs += Math.max(0, now - changedMs)
      changedMs = now
    }
  }
}

export function createDeliveryQueue<T>(options: QueueOptions<T>): DeliveryQueue<T> {
  const { max, sizeOf = () => 0, budget, onDropped, onRoom, onReturn } = options
  // BOUNDED: slack × max, and by the budget; the oldest is dropped and reported.
  let ready: T[] = []
  // BOUNDED: max.
  let held: T[] = []
  let holds = 0
  let holding = false
  let closed = false
  const waiting: ((result: IteratorResult<T>) => void)[] = []
  const holdTime = createHoldTime(options)
  /** Of what is ready. */
  let bytes = 0
  const isFull = (): boolean => ready.length >= max || bytes >= limits.fullQueueBytes

  const takeFrom = (items: T[]): T | undefined => {
    const [item] = items.splice(0, 1)
    if (item === undefined) return undefined
    const size = sizeOf(item)
    if (items === ready) bytes -= size
    counting()?.remove(size)
    return item
  }
  const dropOldest = (): boolean => {
    const oldest = takeFrom(ready) ?? takeFrom(held)
    if (oldest === undefined) return false
    onDropped(oldest)
    return true
  }
  const share = budget?.open(dropOldest)
  // What nobody adds to any more is its reader's.
  const counting = (): WaitingShare | undefined => (closed ? undefined : share)

  const handOut = (item: T): void => {
    const reader = waiting.shift()
    if (reader !== undefined) {
      reader({ done: false, value: item })
      return
    }
    const size = sizeOf(item)
    ready.push(item)
    bytes += size
    counting()?.add(size)
    if (ready.length > slack * max) dropOldest()
  }
  const endHold = (): void => {
    if (!holding) return
    holding = false
    holdTime.stop()
    for (let item = takeFrom(held); item !== undefined; item = takeFrom(held)) handOut(item)
  }
  const close = (): void => {
    if (closed) return
    closed = true
    endHold()
    share?.clear()
    for (const reader of waiting.splice(0)) reader({ done: true, value: undefined })
    onRoom()
  }
  const reader: AsyncIterableIterator<T> = {
    next: () => {
      const wasFull = isFull()
      const item = takeFrom(ready)
      if (item !== undefined) {
        if (wasFull && !isFull()) onRoom()
        return Promise.resolve({ done: false, value: item })
      }
      if (closed) return Promise.resolve({ done: true, value: undefined })
      return new Promise(resolve => waiting.push(resolve))
    },
    return: () => {
      ready = []
      held = []
      bytes = 0
      close()
      onReturn()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]: () => reader
  }
  return {
    push: item => {
      if (closed) return
      if (!holding) {
        handOut(item)
        return
      }
      held.push(item)
      share?.add(sizeOf(item))
      // Order is a courtesy, losing messages is not: a full hold lets go of its oldest.
      const early = held.length > max ? takeFrom(held) : undefined
      if (early !== undefined) handOut(early)
    },
    hold: () => {
      holds += 1
      if (holds === 1 && !closed) holding = holdTime.start(endHold)
    },
    release: () => {
      holds = Math.max(0, holds - 1)
      if (holds === 0) endHold()
    },
    full: () => !closed && isFull(),
    close,
    reader
  }
}
