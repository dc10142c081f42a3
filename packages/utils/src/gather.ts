/** Bounds of what is done together. */
export interface GathererOptions<Item> {
  /** Most cost of one batch; an item that alone is over it goes by itself. */
  readonly most: number
  /** What an item counts for. @default 1 each */
  readonly costOf?: ((item: Item) => number) | undefined
}

/**
 * Does together what comes while the same work is under way: where a call costs as much as many items of it, such as a write to a database.
 * Items keep their order. Each call settles when the batch that holds its item does; one that fails fails for all that share it.
 *
 * @example
 * ```ts
 * const write = createGatherer<Row>(rows => database.insert(rows), { most: 1000 })
 * await Promise.all(rows.map(write)) // one insert, not one for each
 * ```
 */
export function createGatherer<Item>(
  work: (items: readonly Item[]) => Promise<void>,
  { most, costOf = () => 1 }: GathererOptions<Item>
): (item: Item) => Promise<void> {
  // BOUNDED: one entry for each call that waits
  let waiting: { readonly item: Item; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  let isRunning = false

  const take = () => {
    let cost = 0
    const end = waiting.findIndex(({ item }, at) => {
      cost += costOf(item)
      return at > 0 && cost > most
    })
    if (end !== -1) return waiting.splice(0, end)
    const all = waiting
    waiting = []
    return all
  }

  const run = async (): Promise<void> => {
    // What is asked for in one go shares the first batch, too.
    await undefined
    while (waiting.length > 0) {
      const batch = take()
      try {
        await work(batch.map(({ item }) => item))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isRunning = false
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (isRunning) return
      isRunning = true
      void run()
    })
}
