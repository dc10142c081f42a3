/** What happens at some instant. */
export interface QueuedEvent {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
  cancelled: boolean
}

/** Events by time, and those of one instant in the order in which they were made. */
export interface EventQueue {
  readonly add: (atMs: number, run: () => void) => QueuedEvent
  /** The earliest one that was not cancelled. */
  readonly peek: () => QueuedEvent | undefined
  readonly shift: () => QueuedEvent | undefined
}

const isBefore = (a: QueuedEvent, b: QueuedEvent): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

export function createEventQueue(): EventQueue {
  const heap: QueuedEvent[] = []
  let order = 0

  const swap = (i: number, j: number): void => {
    const [a, b] = [heap[i], heap[j]]
    if (a !== undefined && b !== undefined) [heap[i], heap[j]] = [b, a]
  }
  const isLess = (i: number, j: number): boolean => {
    const [a, b] = [heap[i], heap[j]]
    return a !== undefined && b !== undefined && isBefore(a, b)
  }
  const rise = (from: number): void => {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!isLess(at, parent)) return
      swap(at, parent)
      at = parent
    }
  }
  const sink = (): void => {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (isLess(left, least)) least = left
      if (isLess(right, least)) least = right
      if (least === at) return
      swap(at, least)
      at = least
    }
  }
  const take = (): QueuedEvent | undefined => {
    const first = heap[0]
    const last = heap.pop()
    if (first !== last && last !== undefined) {
      heap[0] = last
      sink()
    }
    return first
  }
  const peek = (): QueuedEvent | undefined => {
    while (heap[0]?.cancelled === true) take()
    return heap[0]
  }
  return {
    add: (atMs, run) => {
      const event = { atMs, order: order++, run, cancelled: false }
      heap.push(event)
      rise(heap.length - 1)
      return event
    },
    peek,
    shift: () => (peek() === undefined ? undefined : take())
  }
}
