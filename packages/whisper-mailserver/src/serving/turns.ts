/** Who is being answered: a few at a time in all, and of one peer. */
export interface Turns {
  /** Whether one more may begin. */
  readonly isFull: () => boolean
  /**
   * Waits until this peer has room, then begins `work` and does not wait for its end. A waiting link is not read, so a peer
   * that asks faster than it reads slows only itself down.
   */
  readonly begin: (peerId: string, work: () => Promise<void>) => Promise<void>
  /** Resolves when nothing runs or waits. */
  readonly idle: () => Promise<void>
  readonly running: () => number
}

export function createTurns(most: number, mostPerPeer: number): Turns {
  // BOUNDED: one entry per peer that is being answered, `most` of them; one waiting call per link.
  const running = new Map<string, Set<Promise<void>>>()
  let count = 0
  let waiting = 0
  const idlers: (() => void)[] = []

  const settle = (): void => {
    if (count === 0 && waiting === 0) for (const resolve of idlers.splice(0)) resolve()
  }

  return {
    isFull: () => count >= most,
    running: () => count,
    begin: async (peerId, work) => {
      waiting += 1
      try {
        for (;;) {
          const own = running.get(peerId)
          if (own === undefined || own.size < mostPerPeer) break
          await Promise.race(own)
        }
      } finally {
        waiting -= 1
      }
      const own = running.get(peerId) ?? new Set()
      running.set(peerId, own)
      count += 1
      const task = work().then(
        () => undefined,
        () => undefined
      )
      own.add(task)
      void task.then(() => {
        own.delete(task)
        count -= 1
        if (own.size === 0) running.delete(peerId)
        settle()
      })
    },
    idle: () =>
      new Promise(resolve => {
        idlers.push(resolve)
        settle()
      })
  }
}
