/** What is on its way into the archive, by who brought it. */
export interface Storing {
  /** Follows what one owner brought until it is stored. What it answers is waited for before more of it is taken; nothing while there is room. */
  readonly follow: (owner: object, bytes: number, stored: Promise<unknown>) => Promise<void> | undefined
}

/** How much of one owner may be on its way. */
export interface StoringBounds {
  readonly items: number
  readonly bytes: number
}

interface Waiting {
  items: number
  bytes: number
  readonly wake: (() => void)[]
}

/**
 * An archive writes many envelopes about as fast as one. So a link goes on reading while what it brought is stored, and what comes
 * meanwhile goes together; a packet is confirmed when its own envelopes are stored.
 */
export function createStoring(bounds: StoringBounds): Storing {
  // BOUNDED: the owners; `bounds` of each
  const ofOwners = new WeakMap<object, Waiting>()
  const hasRoom = ({ items, bytes }: Waiting): boolean => items < bounds.items && bytes < bounds.bytes
  return {
    follow: (owner, bytes, stored) => {
      const waiting = ofOwners.get(owner) ?? { items: 0, bytes: 0, wake: [] }
      ofOwners.set(owner, waiting)
      waiting.items += 1
      waiting.bytes += bytes
      const done = (): void => {
        waiting.items -= 1
        waiting.bytes -= bytes
        if (hasRoom(waiting)) for (const wake of waiting.wake.splice(0)) wake()
      }
      stored.then(done, done)
      return hasRoom(waiting) ? undefined : new Promise(resolve => waiting.wake.push(resolve))
    }
  }
}
