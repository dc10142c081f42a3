/** What one of many holds. */
export interface Holding {
  /** So many bytes are held now. Whoever has held 0 and holds something again is the latest. */
  readonly set: (bytes: number) => void
}

/** Bytes that many hold together. */
export interface HoldingBudget {
  /** Adds one who holds nothing yet. @param giveUp ends what is held; from then on it counts no more, whatever `set` says */
  readonly open: (giveUp: () => void) => Holding
  /** Of all. */
  readonly bytes: () => number
}

/**
 * Bounds what many hold together where each has a bound of its own, and there may be many. Beyond `most` bytes one is given up: of those who hold
 * at least half the average, the one who has held something for longest. Who holds much and finishes nothing goes first; who holds little stays,
 * and so does the latest, as long as nobody may hold more than half of `most`.
 *
 * @param most bytes of all together, at least twice what one may hold
 * @example
 * ```ts
 * const budget = createHoldingBudget(64 * 1024 * 1024)
 * const holding = budget.open(() => console.log('to be closed'))
 * holding.set(1000)
 * budget.bytes() // 1000
 * ```
 */
export function createHoldingBudget(most: number): HoldingBudget {
  interface Holder {
    bytes: number
    readonly giveUp: () => void
    isOver: boolean
  }
  // In the order in which they began to hold something. BOUNDED: by who opens them
  const holders = new Set<Holder>()
  let total = 0
  const change = (holder: Holder, bytes: number): void => {
    total += bytes - holder.bytes
    holder.bytes = bytes
    if (bytes > 0) holders.add(holder)
    else holders.delete(holder)
  }
  const giveUpOne = (): void => {
    for (const holder of holders) {
      if (2 * holder.bytes * holders.size < total) continue
      holder.isOver = true
      change(holder, 0)
      holder.giveUp()
      return
    }
  }
  return {
    open: giveUp => {
      const holder: Holder = { bytes: 0, giveUp, isOver: false }
      return {
        set: bytes => {
          if (holder.isOver || bytes === holder.bytes) return
          change(holder, bytes)
          while (total > most) giveUpOne()
        }
      }
    },
    bytes: () => total
  }
}
