import type { TimeSlicer } from '@status-stack/utils'
import { limits } from '../limits.ts'
import { listHeaderLength } from '../packets/rlp-list.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import { type Peer, peerWants } from './peer.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** Envelopes for one packet, with their bytes counted. */
export interface Batch {
  readonly entries: PooledEnvelope[]
  bytes: number
  /** There is more that did not fit. */
  isFull: boolean
}

/** Collects what a peer gets next, in the order of the pool. */
export interface BatchCollector {
  /** Whether an envelope goes to a peer as things are. */
  readonly isWanted: (peer: Peer, entry: PooledEnvelope) => boolean
  /** Takes what its random delay has released. */
  readonly takeDelayed: (peer: Peer, batch: Batch) => void
  /** Goes on in the pool until the packet is full or the end is reached. A promise only where it has to give the turn away. */
  readonly collect: (peer: Peer, batch: Batch, slices: TimeSlicer) => Promise<void> | undefined
  /** What is still live of what was collected, where that took more than the turn. */
  readonly stillLive: (collected: readonly PooledEnvelope[]) => readonly PooledEnvelope[]
}

/** A random whole number of milliseconds from 0 to `most`, for the privacy delay. */
function randomDelay(context: NodeContext): number {
  const bytes = context.random.bytes(4)
  const most = context.options.randomDelayMs
  return Math.floor((new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32) * (most + 1))
}

/** Entries looked at between two questions for the time. */
const looksPerCheck = 64

export function createBatchCollector(context: NodeContext): BatchCollector {
  const { options, steady, pool, trackers, requirements } = context

  const isWanted = (peer: Peer, entry: PooledEnvelope): boolean =>
    (entry.own || !requirements.light()) && entry.expiry >= nowSeconds(context) && peerWants(peer, entry)

  const settleUnsent = (peer: Peer, entry: PooledEnvelope): void => {
    if (entry.own) trackers.get(entry.id)?.settle(peer.id, false)
  }

  /** Whether the envelope is in the batch, or cannot go to the peer at all; otherwise the batch is full. */
  const fits = (peer: Peer, batch: Batch, entry: PooledEnvelope): boolean => {
    const { maxMessageSize } = requirements.current()
    const maxBytes = Math.min(limits.maxBatchBytes, maxMessageSize)
    const size = entry.bytes.length
    // The peer would end the link over a packet that is too large.
    if (listHeaderLength(size) + size > maxMessageSize) {
      settleUnsent(peer, entry)
      return true
    }
    const bytes = batch.bytes + size
    const isOver = batch.entries.length >= limits.batchEnvelopes || listHeaderLength(bytes) + bytes > maxBytes
    if (batch.entries.length > 0 && isOver) {
      batch.isFull = true
      return false
    }
    batch.entries.push(entry)
    batch.bytes = bytes
    return true
  }

  const takeDelayed = (peer: Peer, batch: Batch): void => {
    const now = steady.nowMs()
    for (let next = peer.delayed.next(); next !== undefined && next.dueMs <= now; next = peer.delayed.next()) {
      const entry = pool.get(next.id)
      if (entry !== undefined && isWanted(peer, entry)) {
        if (!fits(peer, batch, entry)) return
      } else if (entry !== undefined) settleUnsent(peer, entry)
      peer.delayed.shift()
    }
  }

  /** Looks at the next envelope of the pool. Whether the packet has room for more. */
  const look = (peer: Peer, entry: PooledEnvelope, batch: Batch): boolean => {
    if (!isWanted(peer, entry)) settleUnsent(peer, entry)
    else if (options.randomDelayMs > 0) {
      if (!peer.delayed.hasRoom()) return false
      peer.delayed.add(entry.id, steady.nowMs() + randomDelay(context))
    } else if (!fits(peer, batch, entry)) return false
    peer.cursor.skip()
    return true
  }

  const collect = (peer: Peer, batch: Batch, slices: TimeSlicer): Promise<void> | undefined => {
    let looks = 0
    for (let entry = peer.cursor.peek(); entry !== undefined; entry = peer.cursor.peek()) {
      if (!look(peer, entry, batch)) return undefined
      looks += 1
      const pause = looks % looksPerCheck === 0 ? slices.yielded(peer.abort.signal) : undefined
      if (pause !== undefined) return pause.then(() => collect(peer, batch, slices))
    }
    return undefined
  }

  const stillLive = (collected: readonly PooledEnvelope[]): readonly PooledEnvelope[] => {
    const seconds = nowSeconds(context)
    return collected.filter(entry => entry.expiry >= seconds && pool.get(entry.id) === entry)
  }

  return { isWanted, takeDelayed, collect, stillLive }
}
