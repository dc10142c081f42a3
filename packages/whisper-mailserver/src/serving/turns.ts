import type { Clock, Scheduler } from '@status-stack/interface'
import { delay } from '@status-stack/utils'
import { limits } from '../limits.ts'
import type { Asker } from '../request/asker.ts'
import type { Reader } from './handover.ts'

/** How many answers there may be at a time. */
export interface TurnLimits {
  readonly maxRequests: number
  readonly maxRequestsPerPeer: number
  readonly maxRequestsPerAddress: number
}

/** A place among the answers under way. */
export interface Place {
  /** Begins `work` and does not wait for its end; the place is free then. */
  readonly run: (work: () => Promise<void>) => void
  /** Gives the place back unused. */
  readonly leave: () => void
}

/** Who is being answered: a few at a time in all, of one address, and of one peer. */
export interface Turns {
  /**
   * Waits until this peer has room. A waiting link is not read, so a peer that asks faster than it reads slows only itself down.
   * When all places are taken, the reader that is furthest behind is given up for this one, or who has been answered for too long. `undefined`: the
   * server is busy.
   */
  readonly take: (asker: Asker, reader: Reader, signal?: AbortSignal) => Promise<Place | undefined>
  /** Resolves when nothing runs or waits. */
  readonly idle: () => Promise<void>
  readonly running: () => number
}

interface Answering {
  readonly sinceMs: number
  readonly asker: Asker
  readonly reader: Reader
  readonly ended: Promise<void>
}

export function createTurns(places: TurnLimits, clock: Clock, scheduler: Scheduler): Turns {
  const { maxRequests, maxRequestsPerPeer, maxRequestsPerAddress } = places
  const { slowReaderMs, longestAnswerMs } = limits
  // BOUNDED: maxRequests; one waiting call per link.
  const answering = new Set<Answering>()
  let waiting = 0
  const idlers: (() => void)[] = []

  const settle = (): void => {
    if (answering.size === 0 && waiting === 0) for (const resolve of idlers.splice(0)) resolve()
  }
  const those = (fits: (asker: Asker) => boolean): Answering[] => [...answering].filter(({ asker }) => fits(asker))

  /** The answer whose reader is furthest behind, among those that wait for their reader. */
  const slowest = (): { readonly answer: Answering; readonly behindMs: number } | undefined => {
    let found: { readonly answer: Answering; readonly behindMs: number } | undefined
    for (const answer of answering) {
      const behindMs = answer.reader.behindMs()
      if (behindMs !== undefined && (found === undefined || behindMs > found.behindMs)) found = { answer, behindMs }
    }
    return found
  }

  /** The oldest answer, if it has taken too long. Places are in the order in which they were taken. */
  const overdue = (): Answering | undefined => {
    for (const answer of answering) return clock.nowMs() - answer.sinceMs >= longestAnswerMs ? answer : undefined
    return undefined
  }

  /** Waits until a place is free, at most so long. */
  const someEnds = async (ms: number): Promise<void> => {
    const over = new AbortController()
    await Promise.race([delay(scheduler, ms, over.signal), ...[...answering].map(({ ended }) => ended)])
    over.abort()
  }

  /** Waits for a place or makes one; answers whether it is worth looking again. */
  const makeRoom = async (until: number, signal: AbortSignal | undefined): Promise<boolean> => {
    const slow = slowest()
    const left = until - clock.nowMs()
    if (left <= 0 || signal?.aborted === true) return false
    if (slow !== undefined && slow.behindMs >= slowReaderMs) {
      slow.answer.reader.giveUp()
      await slow.answer.ended
      return true
    }
    const late = overdue()
    if (late !== undefined) {
      late.reader.giveUp()
      // It may be the store that is waited for.
      await someEnds(left)
      return true
    }
    if (slow === undefined) return false
    await someEnds(Math.min(left, Math.ceil(slowReaderMs - slow.behindMs)))
    return true
  }

  const hasRoom = async (asker: Asker, signal: AbortSignal | undefined): Promise<boolean> => {
    // A reader at full speed for the whole of a page is not waited for longer than twice the patience with a slow one.
    const until = clock.nowMs() + 2 * slowReaderMs
    for (;;) {
      const own = those(({ peerId }) => peerId === asker.peerId)
      if (own.length >= maxRequestsPerPeer) {
        await Promise.race(own.map(({ ended }) => ended))
        continue
      }
      const { address } = asker
      if (address !== undefined && those(other => other.address === address).length >= maxRequestsPerAddress)
        return false
      if (answering.size < maxRequests) return true
      if (!(await makeRoom(until, signal))) return false
    }
  }

  const place = (asker: Asker, reader: Reader): Place => {
    let free = (): void => undefined
    const answer: Answering = {
      sinceMs: clock.nowMs(),
      asker,
      reader,
      ended: new Promise(resolve => {
        free = resolve
      })
    }
    answering.add(answer)
    const leave = (): void => {
      answering.delete(answer)
      free()
      settle()
    }
    return { leave, run: work => void work().then(leave, leave) }
  }

  return {
    running: () => answering.size,
    take: async (asker, reader, signal) => {
      waiting += 1
      try {
        return (await hasRoom(asker, signal)) ? place(asker, reader) : undefined
      } finally {
        waiting -= 1
        settle()
      }
    },
    idle: () =>
      new Promise(resolve => {
        idlers.push(resolve)
        settle()
      })
  }
}
