/** A binary heap, smallest first. */
export interface Heap<T> {
  readonly size: () => number
  readonly push: (item: T) => void
  readonly peek: () => T | undefined
  readonly pop: () => T | undefined
}

export function createHeap<T>(compare: (a: T, b: T) => number): Heap<T> {
  const items: T[] = []
  const less = (a: number, b: number): boolean => compare(items[a] as T, items[b] as T) < 0
  const swap = (a: number, b: number): void => {
    const item = items[a] as T
    items[a] = items[b] as T
    items[b] = item
  }
  const up = (from: number): void => {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!less(at, parent)) return
      swap(at, parent)
      at = parent
    }
  }
  const down = (): void => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      let least = at
      if (left < items.length && less(left, least)) least = left
      if (left + 1 < items.length && less(left + 1, least)) least = left + 1
      if (least === at) return
      swap(at, least)
      at = least
    }
  }
  return {
    size: () => items.length,
    push: item => {
      items.push(item)
      up(items.length - 1)
    },
    peek: () => items[0],
    pop: () => {
      const top = items[0]
      const last = items.pop()
      if (items.length > 0 && last !== undefined) {
        items[0] = last
        down()
      }
      return top
    }
  }
}
