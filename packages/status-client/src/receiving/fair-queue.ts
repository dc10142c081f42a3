import { timeSlicer } from '@status-stack/utils'

/** Where an item waits: those of one lane are handled one after the other, in the order in which they came. */
export interface Lane {
  readonly name: string
  /** Beyond its share it loses what comes, instead of letting the source wait. */
  readonly lossy: boolean
}

export interface FairQueueOptions<T> {
  readonly laneOf: (item: T) => Lane
  readonly bytesOf: (item: T) => number
  /** Handles one item to its end; never rejects. */
  readonly handle: (item: T) => Promise<void>
  /** Told of an item that a lossy lane had no room for. */
  readonly lost: (item: T, lane: Lane) => void
  /** What may wait in one lane: its bytes and how many. One item always may. */
  readonly laneBytes: number
  readonly laneItems: number
  /** What may wait in all lanes together, bytes. */
  readonly bytes: number
  /** The same in all lossy lanes: what may be lost makes nobody else wait. */
  readonly lossyBytes: number
  /** Lanes that have an item in progress. */
  readonly atOnce: number
}

export interface FairQueue<T> {
  /** Takes an item; settles when the source may bring the next, at once in a lossy lane. */
  readonly push: (item: T) => Promise<void>
  /** Settles when nothing waits and nothing is in progress. */
  readonly idle: () => Promise<void>
}

interface Waiting<T> extends Lane {
  readonly items: { readonly item: T; readonly bytes: number }[]
  bytes: number
}

/**
 * Gives those who send a turn each. A lane with an item to handle waits for the others that are before it, never for all they have
 * sent: a flood costs its own lane.
 */
export function createFairQueue<T>(options: FairQueueOptions<T>): FairQueue<T> {
  const { laneOf, bytesOf, handle, lost, laneBytes, laneItems, atOnce } = options
  // BOUNDED: options.bytes in all, laneBytes and laneItems each, and one item more of each source, which waits then; a lane goes once its last item is handled
  const lanes = new Map<string, Waiting<T>>()
  /** Lanes whose turn it is next, each once. */
  const ready: Waiting<T>[] = []
  let bytes = 0
  let lossyBytes = 0
  let inProgress = 0
  // BOUNDED: one for each source
  let sources: { readonly lane: Waiting<T>; readonly proceed: () => void }[] = []
  const idlers: (() => void)[] = []

  const isFull = (lane: Waiting<T>): boolean => lane.bytes > laneBytes || lane.items.length > laneItems
  const mayProceed = (lane: Waiting<T>): boolean => bytes <= options.bytes && !isFull(lane)

  /** Counts what comes, or what goes where it is negative. */
  const count = (lane: Waiting<T>, size: number): void => {
    lane.bytes += size
    bytes += size
    if (lane.lossy) lossyBytes += size
  }

  const wake = (): void => {
    const still: typeof sources = []
    for (const source of sources) {
      if (mayProceed(source.lane)) source.proceed()
      else still.push(source)
    }
    sources = still
    if (lanes.size > 0) return
    for (const proceed of idlers.splice(0)) proceed()
  }

  const begin = (): void => {
    while (inProgress < atOnce) {
      const lane = ready.shift()
      if (lane === undefined) return
      inProgress += 1
      void turn(lane)
    }
  }

  const turn = async (lane: Waiting<T>): Promise<void> => {
    const next = lane.items[0]
    if (next !== undefined) {
      await handle(next.item)
      lane.items.shift()
      count(lane, -next.bytes)
      // Stores in memory answer within the turn: a lane must not keep it to itself.
      await timeSlicer.yielded()
    }
    inProgress -= 1
    if (lane.items.length > 0) ready.push(lane)
    else lanes.delete(lane.name)
    wake()
    begin()
  }

  return {
    push: async item => {
      const place = laneOf(item)
      const { name, lossy } = place
      const found = lanes.get(name)
      const lane = found ?? { name, lossy, items: [], bytes: 0 }
      const size = bytesOf(item)
      const isLaneFull = lane.items.length >= laneItems || lane.bytes + size > laneBytes
      const isOver = isLaneFull || bytes + size > options.bytes || lossyBytes + size > options.lossyBytes
      if (lossy && found !== undefined && isOver) {
        lost(item, place)
        return
      }
      lane.items.push({ item, bytes: size })
      count(lane, size)
      if (found === undefined) {
        lanes.set(name, lane)
        ready.push(lane)
        begin()
      }
      if (!lossy && !mayProceed(lane)) await new Promise<void>(proceed => sources.push({ lane, proceed }))
    },
    idle: async () => {
      if (lanes.size > 0) await new Promise<void>(resolve => idlers.push(resolve))
    }
  }
}
