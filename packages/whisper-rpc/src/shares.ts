/** Places that all clients of the API share. */
export interface Shares {
  /**
   * Takes a place for a client; what it answers gives it back. `undefined` when there is none for it: one client has at most as many places as are
   * free for others, which is half of them while it is alone, and every further one finds some.
   */
  readonly take: (client: unknown) => (() => void) | undefined
}

/** @param places at a time */
export function createShares(places: number): Shares {
  // BOUNDED: places; a client is here while it has one.
  const taken = new Map<unknown, number>()
  let free = places
  return {
    take: client => {
      const own = taken.get(client) ?? 0
      if (own >= free) return undefined
      taken.set(client, own + 1)
      free--
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        free++
        const left = (taken.get(client) ?? 1) - 1
        if (left > 0) taken.set(client, left)
        else taken.delete(client)
      }
    }
  }
}
