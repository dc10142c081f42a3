/** A binary heap, smallest first, that can give up any of its items. */
export interface Heap<T> {
  /** Items in it. */
  readonly size: () => number
  /** Puts in an item that is not in the heap. */
  readonly push: (item: T) => void
  /** The smallest item, which stays. */
  readonly peek: () => T | undefined
  /** Takes out an item that is in the heap. */
  readonly remove: (item: T) => void
}

/** Where the heap notes the place of each item, so that it can be taken out without a search. */
export interface HeapPlace<T> {
  /** The place that was set last. */
  readonly get: (item: T) => number
  /** Called each time an item moves. */
  readonly set: (item: T, at: number) => void
}

/**
 * A heap of items that know their place in it: each push and each removal looks at some twenty of a million.
 *
 * @param compare below 0 when `a` comes before `b`; what it compares stays as it is while an item is in the heap
 * @example
 * ```ts
 * const soonest = createHeap<{ readonly dueMs: number; at: number }>((a, b) => a.dueMs - b.dueMs, {
 *   get: item => item.at,
 *   set: (item, at) => {
 *     item.at = at
 *   }
 * })
 * soonest.push({ dueMs: 1000, at: 0 })
 * ```
 */
export function createHeap<T>(compare: (a: T, b: T) => number, place: HeapPlace<T>): Heap<T> {
  const items: T[] = []
  const put = (at: number, item: T): void => {
    items[at] = item
    place.set(item, at)
  }
  const up = (from: number): number => {
    const item = items[from] as T
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent] as T
      if (compare(item, above) >= 0) break
      put(at, above)
      at = parent
    }
    put(at, item)
    return at
  }
  const down = (from: number): void => {
    const item = items[from] as T
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && compare(items[child + 1] as T, items[child] as T) < 0) child += 1
      if (compare(items[child] as T, item) >= 0) break
      put(at, items[child] as T)
      at = child
    }
    put(at, item)
  }
  return {
    size: () => items.length,
    push: item => {
      items.push(item)
      up(items.length - 1)
    },
    peek: () => items[0],
    remove: item => {
      const at = place.get(item)
      const last = items.pop()
      if (last === undefined || at >= items.length) return
      put(at, last)
      down(up(at))
    }
  }
}
