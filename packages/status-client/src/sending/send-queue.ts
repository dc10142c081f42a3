import { limits } from '../limits.ts'

/** What waits to be stored, and for whose turn. */
export interface Queued {
  /** Those of one chat keep their order. */
  readonly chat: string
  /** Bytes that it adds to a batch, about. */
  readonly bytes: number
}

/** What is taken together, with a turn for each chat. */
export interface SendQueue<T extends Queued> {
  readonly push: (item: T) => void
  /** The next ones, at least one unless none waits; of each chat one before a second of any. */
  readonly take: () => readonly T[]
  readonly isEmpty: () => boolean
}

/**
 * Messages that wait for those before them to be on the disk. They are taken by turns of their chats: who sends a thousand messages to one
 * chat holds up no other, and they are stored some at a time, as a batch costs as much for one as for many. Decision 258.
 */
export function createSendQueue<T extends Queued>(): SendQueue<T> {
  // BOUNDED: each is a call that waits. In the order of their turns; a lane goes with its last item.
  const lanes = new Map<string, T[]>()
  return {
    isEmpty: () => lanes.size === 0,
    push: item => {
      const lane = lanes.get(item.chat)
      if (lane === undefined) lanes.set(item.chat, [item])
      else lane.push(item)
    },
    take: () => {
      const taken: T[] = []
      let bytes = 0
      // A lane that is put back at the end comes again, in this loop or in the next call.
      for (const [chat, lane] of lanes) {
        const [next] = lane
        if (next === undefined) continue
        const isFull = taken.length >= limits.sentAtOnce || bytes + next.bytes > limits.sentAtOnceBytes
        if (taken.length > 0 && isFull) break
        taken.push(next)
        bytes += next.bytes
        lane.shift()
        lanes.delete(chat)
        if (lane.length > 0) lanes.set(chat, lane)
      }
      return taken
    }
  }
}
