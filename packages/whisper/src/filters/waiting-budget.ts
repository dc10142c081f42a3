import { limits } from '../limits.ts'

/** What waits for one reader. */
export interface WaitingShare {
  /** So many bytes more wait. May drop the oldest of this share, or of another one. */
  readonly add: (bytes: number) => void
  /** They were read, or dropped. */
  readonly remove: (bytes: number) => void
  /** Nothing waits any more. */
  readonly clear: () => void
}

/** What waits for all readers of a node: filters that are polled, and subscriptions. */
export interface WaitingBudget {
  /** @param dropOldest gives up the oldest message that waits, and takes it out of the share; false when there is none */
  readonly open: (dropOldest: () => boolean) => WaitingShare
  /** Bytes of all shares. */
  readonly bytes: () => number
}

interface Share {
  bytes: number
  /** Shares of a level hold between half as much as the next one and all of it; level 0 holds nothing. */
  level: number
  readonly dropOldest: () => boolean
}

/** Of 2^30 bytes and more: nothing that a node holds is in need of more levels. */
const topLevel = 31

const levelOf = (bytes: number): number => (bytes >= 2 ** 30 ? topLevel : 32 - Math.clz32(bytes))

/**
 * The number of messages that wait for a reader says little: whoever knows the key of a place may send messages of a megabyte to it. Beyond `most`
 * bytes one of the readers with most of them loses its oldest, so that a flooded place loses its own messages and not those of others. Which of
 * them has most is known to a factor of two: an envelope may be for a thousand filters, each of which is not to look at all others.
 */
export function createWaitingBudget(most: number = limits.waitingMessageBytes): WaitingBudget {
  // BOUNDED: maxFilters, and the subscriptions of the program; a share is here while something waits in it.
  const levels = Array.from({ length: topLevel + 1 }, () => new Set<Share>())
  let total = 0
  const largest = (): Share | undefined => {
    for (let level = topLevel; level > 0; level--) for (const share of levels[level] ?? []) return share
    return undefined
  }
  const change = (share: Share, bytes: number): void => {
    share.bytes += bytes
    total += bytes
    const level = levelOf(share.bytes)
    if (level === share.level) return
    levels[share.level]?.delete(share)
    share.level = level
    if (level > 0) levels[level]?.add(share)
  }
  return {
    open: dropOldest => {
      const share: Share = { bytes: 0, level: 0, dropOldest }
      return {
        add: bytes => {
          change(share, bytes)
          for (let isDropped = true; isDropped && total > most; ) isDropped = largest()?.dropOldest() === true
        },
        remove: bytes => change(share, -bytes),
        clear: () => change(share, -share.bytes)
      }
    },
    bytes: () => total
  }
}
