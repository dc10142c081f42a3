/** Items for one reader, in order, with a bound and a way to hold them back. */
export interface DeliveryQueue<T> {
  readonly push: (item: T) => void
  /** What is pushed from now on waits, until as many releases as holds. */
  readonly hold: () => void
  readonly release: () => void
  /** Whether a reader is behind: whoever feeds the queue should wait. */
  readonly full: () => boolean
  /** Ends the reader after what is queued. */
  readonly close: () => void
  readonly reader: AsyncIterableIterator<T>
}

interface QueueOptions<T> {
  /** Items from which the queue calls itself full; it holds four times as many before the oldest goes. */
  readonly max: number
  readonly onDropped: (item: T) => void
  /** The reader ended, or there is room again. */
  readonly onRoom: () => void
  /** The reader was closed by its consumer. */
  readonly onReturn: () => void
}

/** How far past `max` a queue grows when those who feed it can't wait. */
const slack = 4

export function createDeliveryQueue<T>({ max, onDropped, onRoom, onReturn }: QueueOptions<T>): DeliveryQueue<T> {
  // BOUNDED: slack × max; the oldest goes and is reported.
  let ready: T[] = []
  let held: T[] = []
  let holds = 0
  let closed = false
  const waiting: ((result: IteratorResult<T>) => void)[] = []

  const handOut = (item: T): void => {
    const reader = waiting.shift()
    if (reader !== undefined) {
      reader({ done: false, value: item })
      return
    }
    ready.push(item)
    if (ready.length > slack * max) {
      const [oldest] = ready.splice(0, 1)
      if (oldest !== undefined) onDropped(oldest)
    }
  }
  const close = (): void => {
    if (closed) return
    closed = true
    for (const item of held) handOut(item)
    held = []
    for (const reader of waiting.splice(0)) reader({ done: true, value: undefined })
    onRoom()
  }
  const reader: AsyncIterableIterator<T> = {
    next: () => {
      const wasFull = ready.length >= max
      const [item] = ready.splice(0, 1)
      if (item !== undefined) {
        if (wasFull && ready.length < max) onRoom()
        return Promise.resolve({ done: false, value: item })
      }
      if (closed) return Promise.resolve({ done: true, value: undefined })
      return new Promise(resolve => waiting.push(resolve))
    },
    return: () => {
      ready = []
      held = []
      close()
      onReturn()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]: () => reader
  }
  return {
    push: item => {
      if (closed) return
      if (holds === 0) {
        handOut(item)
        return
      }
      held.push(item)
      // Order is a courtesy, losing messages is not: a full hold lets go of its oldest.
      if (held.length > max) for (const early of held.splice(0, 1)) handOut(early)
    },
    hold: () => {
      holds += 1
    },
    release: () => {
      holds = Math.max(0, holds - 1)
      if (holds === 0) for (const item of held.splice(0)) handOut(item)
    },
    full: () => !closed && ready.length >= max,
    close,
    reader
  }
}
