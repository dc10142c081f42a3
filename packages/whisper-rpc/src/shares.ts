/** Places that all clients of the API share. */
export interface Shares {
  /**
   * Takes a place for a client, or several; what it answers gives them back. `undefined` when there are none for it: one client has at most as many
   * places as are free for others, which is half of them while it is alone, and every further one finds some.
   */
  readonly take: (client: unknown, places?: number) => (() => void) | undefined
}

/** @param most places at a time */
export function createShares(most: number): Shares {
  // BOUNDED: most; a client is here while it has a place.
  const taken = new Map<unknown, number>()
  let free = most
  return {
    take: (client, places = 1) => {
      const own = taken.get(client) ?? 0
      if (own + places > free) return undefined
      taken.set(client, own + places)
      free -= places
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        free += places
        const left = (taken.get(client) ?? places) - places
        if (left > 0) taken.set(client, left)
        else taken.delete(client)
      }
    }
  }
}
