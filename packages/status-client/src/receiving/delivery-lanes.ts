import type { ReceivedMessage } from '@status-stack/interface'
import { type Core, isAcquainted, isSelf } from '../composition/core.ts'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { PublicKey } from '../types.ts'
import { createFairQueue, type FairQueue, type Lane } from './fair-queue.ts'

/** What a waiting delivery holds beside its payload: its keys, its hash and its place in a lane, bytes. */
const deliveryBytes = 512

const ofStrangers: Lane = { name: 'strangers', lossy: true }

export interface DeliveryPorts {
  /** Handles one delivery to its end; never rejects. */
  readonly handle: (delivery: ReceivedMessage) => Promise<void>
  /** Told of a delivery for which there was no room, and whose lane was full. */
  readonly lost: (delivery: ReceivedMessage, lane: 'strangers' | 'group') => void
  /** A name of a group that we have joined and that this person is a member of. */
  readonly groupOf: (person: PublicKey) => string | undefined
}

/**
 * Live deliveries of all places, with a turn for each person: those we know have a lane of their own, the other members of a group share one,
 * and so do all strangers. A public chat has one as well, whose messages keep their order. What strangers or members send while their lane is
 * full is lost here, so that people we know need not wait for it; it was not acknowledged, and an archive has it.
 */
export function createDeliveryLanes(core: Core, { handle, lost, groupOf }: DeliveryPorts): FairQueue<ReceivedMessage> {
  // BOUNDED: one entry for each author of a delivery that waits, limits.inboundLaneItems in each lane
  const waiting = new Map<string, { readonly lane: Lane; count: number }>()

  const laneOf = ({ signer, arrival }: ReceivedMessage): Lane => {
    if (arrival.kind === 'public') return { name: `public:${arrival.name}`, lossy: false }
    if (signer === undefined) return ofStrangers
    const author = publicKeyHex(signer)
    // Someone whom we come to know while something of theirs waits stays behind it.
    const before = waiting.get(author)
    if (before !== undefined) return before.lane
    if (isSelf(core, signer) || isAcquainted(core, signer)) return { name: author, lossy: false }
    const group = groupOf(signer)
    return group === undefined ? ofStrangers : { name: group, lossy: true }
  }

  const authorOf = ({ signer, arrival }: ReceivedMessage): string | undefined =>
    signer === undefined || arrival.kind === 'public' ? undefined : publicKeyHex(signer)

  const arrived = (delivery: ReceivedMessage, lane: Lane): void => {
    const author = authorOf(delivery)
    if (author === undefined) return
    const entry = waiting.get(author)
    if (entry === undefined) waiting.set(author, { lane, count: 1 })
    else entry.count += 1
  }

  const gone = (delivery: ReceivedMessage): void => {
    const author = authorOf(delivery)
    const entry = author === undefined ? undefined : waiting.get(author)
    if (author === undefined || entry === undefined) return
    entry.count -= 1
    if (entry.count === 0) waiting.delete(author)
  }

  return createFairQueue<ReceivedMessage>({
    laneOf: delivery => {
      const lane = laneOf(delivery)
      arrived(delivery, lane)
      return lane
    },
    bytesOf: ({ payload }) => payload.length + deliveryBytes,
    handle: async delivery => {
      await handle(delivery)
      gone(delivery)
    },
    lost: (delivery, { name }) => {
      gone(delivery)
      lost(delivery, name === ofStrangers.name ? 'strangers' : 'group')
    },
    laneBytes: limits.inboundLaneBytes,
    laneItems: limits.inboundLaneItems,
    bytes: limits.inboundBytes,
    lossyBytes: limits.inboundLossyBytes,
    atOnce: limits.inboundAtOnce
  })
}
