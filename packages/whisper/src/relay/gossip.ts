import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { nextTurn, type TimeSlicer } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import { packetCodes } from '../packets/codes.ts'
import { encodeMessages } from '../packets/messages.ts'
import { listHeaderLength } from '../packets/rlp-list.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import { markKnown } from './known-peers.ts'
import { type Peer, peerWants } from './peer.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** Which envelope goes to which peer, and when. Each peer reads the pool in the order of arrival, at its own speed. */
export interface Gossip {
  /** Peers that will get this envelope. */
  readonly recipientsOf: (entry: PooledEnvelope) => readonly string[]
  /** A peer wants more than before: it looks at the pool again. Changes that follow each other quickly share one look. */
  readonly rewalk: (peer: Peer) => void
  /** The link of a peer has ended. */
  readonly forget: (peer: Peer) => void
  /** Starts sending what is due. Called once after a packet, so that its envelopes leave together. */
  readonly flush: () => void
}

/** A random whole number of milliseconds from 0 to `most`, for the privacy delay. */
function randomDelay(context: NodeContext): number {
  const bytes = context.random.bytes(4)
  const most = context.options.randomDelayMs
  return Math.floor((new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32) * (most + 1))
}

/** Entries looked at between two questions for the time. */
const looksPerCheck = 64

/** A packet as it goes out, the same for every peer that wants the same; its hash and ids only where they are needed. */
interface Packet {
  readonly entries: readonly PooledEnvelope[]
  readonly payload: Uint8Array
  hash?: string
  ids?: readonly string[]
}

/** Envelopes for one packet, with their bytes counted. */
interface Batch {
  readonly entries: PooledEnvelope[]
  bytes: number
  /** There is more that did not fit. */
  isFull: boolean
}

export function createGossip(context: NodeContext): Gossip {
  const { options, clock, scheduler, slicer, pool, peers, trackers, events, requirements } = context

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

  /** Takes what its random delay has released. */
  const takeDelayed = (peer: Peer, batch: Batch): void => {
    const now = clock.nowMs()
    for (const [id, notBefore] of peer.delayed) {
      if (notBefore > now) continue
      const entry = pool.get(id)
      if (entry !== undefined && isWanted(peer, entry)) {
        if (!fits(peer, batch, entry)) return
      } else if (entry !== undefined) settleUnsent(peer, entry)
      peer.delayed.delete(id)
    }
  }

  /** Looks at the next envelope of the pool. Whether the packet has room for more. */
  const look = (peer: Peer, entry: PooledEnvelope, batch: Batch): boolean => {
    if (!isWanted(peer, entry)) settleUnsent(peer, entry)
    else if (options.randomDelayMs > 0) {
      if (peer.delayed.size >= limits.delayedEnvelopes) return false
      if (!peer.delayed.has(entry.id)) peer.delayed.set(entry.id, clock.nowMs() + randomDelay(context))
    } else if (!fits(peer, batch, entry)) return false
    peer.cursor.skip()
    return true
  }

  /** Goes on in the pool until the packet is full or the end is reached. A promise only where it has to give the turn away. */
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

  // BOUNDED: one packet, limits.maxMessageSize. Encoding, compressing and hashing a large one costs milliseconds: it is done once for all.
  let last: Packet | undefined
  const packetOf = (entries: readonly PooledEnvelope[]): Packet => {
    if (last !== undefined && last.entries.length === entries.length) {
      const { entries: before } = last
      if (entries.every((entry, at) => entry === before[at])) return last
    }
    last = { entries, payload: encodeMessages(entries.map(entry => entry.bytes)) }
    return last
  }

  const wasSent = (peer: Peer, { entries }: Packet): void => {
    const isHeard = events.wants('envelopesent')
    for (const entry of entries) {
      if (isHeard) events.emit('envelopesent', { hash: entry.id, peerId: peer.id })
      else events.tally('envelopesent')
      if (entry.own) trackers.get(entry.id)?.settle(peer.id, true)
    }
  }

  const sendBatch = (peer: Peer, entries: readonly PooledEnvelope[]): Promise<void> => {
    const packet = packetOf(entries)
    const { payload } = packet
    for (const entry of entries) markKnown(entry, peer.slot)
    if (peer.confirmations) {
      packet.hash ??= bytesToHex(keccak256(payload))
      packet.ids ??= entries.map(entry => entry.id)
      peer.batches.set(packet.hash, { ids: packet.ids, rejected: undefined })
    }
    return peer.send(packetCodes.messages, payload, true).then(() => wasSent(peer, packet))
  }

  /** What is still live of what was collected, where that took more than the turn. */
  const stillLive = (collected: readonly PooledEnvelope[]): readonly PooledEnvelope[] => {
    const seconds = nowSeconds(context)
    return collected.filter(entry => entry.expiry >= seconds && pool.get(entry.id) === entry)
  }

  /** Sends the packets that are due, up to the end of the pool. */
  const sendPackets = async (peer: Peer): Promise<void> => {
    // A peer for which one packet is not enough is being brought up to date: what is new for others goes first.
    for (let slices = slicer; ; slices = slicer.background) {
      const batch: Batch = { entries: [], bytes: 0, isFull: false }
      if (options.randomDelayMs > 0) takeDelayed(peer, batch)
      const collecting = collect(peer, batch, slices)
      if (collecting !== undefined) await collecting
      if (batch.entries.length === 0) return
      // Encoding and hashing a full packet takes some milliseconds, and every peer may get one at the same time.
      const rest = slices.yielded(peer.abort.signal)
      if (rest !== undefined) await rest
      const isAtOnce = collecting === undefined && rest === undefined
      const live = isAtOnce ? batch.entries : stillLive(batch.entries)
      if (live.length > 0) await sendBatch(peer, live)
      const pause = slices.yielded(peer.abort.signal)
      if (pause !== undefined) await pause
      // What has come meanwhile goes with the rest of its turn.
      if (options.forwarding === 'immediate' && !batch.isFull) return
    }
  }

  const sendDue = async (peer: Peer): Promise<void> => {
    if (peer.sending) return
    peer.sending = true
    peer.cancelTimer?.()
    peer.cancelTimer = undefined
    let goesOn = true
    try {
      await sendPackets(peer)
    } catch (error) {
      goesOn = false
      // The link loop sees the same failure and ends the link; nothing to add here.
      settleAll(peer)
      if (!WhisperError.is(error))
        context.logger.debug(`${context.protocol.name}:relay: sending failed`, { peer: peer.id.slice(0, 8) })
    } finally {
      peer.sending = false
    }
    scheduleDelayed(peer)
    if (goesOn) flushPeer(peer)
  }

  const settleAll = (peer: Peer): void => {
    for (const tracker of trackers.values()) tracker.settle(peer.id, false)
  }

  const schedule = (peer: Peer, ms: number): void => {
    if (peer.cancelTimer !== undefined || peer.abort.signal.aborted) return
    peer.cancelTimer = scheduler.after(ms, () => {
      peer.cancelTimer = undefined
      void sendDue(peer)
    })
  }

  const scheduleDelayed = (peer: Peer): void => {
    if (peer.delayed.size === 0) return
    let next = Number.POSITIVE_INFINITY
    for (const notBefore of peer.delayed.values()) next = Math.min(next, notBefore)
    schedule(peer, Math.max(1, next - clock.nowMs()))
  }

  // Peers that got a packet in this turn. BOUNDED: maxPeers.
  const served = new Set<Peer>()
  let isTurnPlanned = false
  const endTurn = (): void => {
    isTurnPlanned = false
    const peersOfTurn = [...served]
    served.clear()
    for (const peer of peersOfTurn) flushPeer(peer)
  }

  /**
   * The first envelope goes at once; those that follow it within the same turn of the event loop go together at its end. A busy relay reads
   * many packets in a turn, and one packet of a hundred envelopes costs a peer a fraction of a hundred packets.
   */
  const serve = (peer: Peer): void => {
    if (served.has(peer)) return
    served.add(peer)
    if (!isTurnPlanned) {
      isTurnPlanned = true
      nextTurn(endTurn)
    }
    void sendDue(peer)
  }

  const flushPeer = (peer: Peer): void => {
    if (peer.sending || peer.cursor.peek() === undefined) return
    if (options.forwarding === 'immediate') serve(peer)
    else schedule(peer, options.forwarding)
  }

  const rewalk = (peer: Peer): void => {
    if (peer.cancelWalk !== undefined || peer.abort.signal.aborted) return
    const waitMs = peer.walks.take(clock.nowMs(), Math.max(1, pool.size()))
    if (waitMs > 0) {
      peer.cancelWalk = scheduler.after(waitMs, () => {
        peer.cancelWalk = undefined
        rewalk(peer)
      })
      return
    }
    peer.cursor.rewind()
    flushPeer(peer)
  }

  return {
    recipientsOf: entry => [...peers.values()].filter(peer => isWanted(peer, entry)).map(peer => peer.id),
    rewalk,
    forget: peer => {
      peer.cancelTimer?.()
      peer.cancelTimer = undefined
      peer.cancelWalk?.()
      peer.cancelWalk = undefined
      peer.delayed.clear()
      peer.cursor.close()
      served.delete(peer)
      settleAll(peer)
    },
    flush: () => {
      for (const peer of peers.values()) flushPeer(peer)
    }
  }
}
