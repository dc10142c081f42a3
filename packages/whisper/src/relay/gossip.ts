import { bytesToHex, keccak256 } from '@status-stack/crypto'
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

/** Envelopes for one packet, with their bytes counted. */
interface Batch {
  readonly entries: PooledEnvelope[]
  bytes: number
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
    const isFull = batch.entries.length >= limits.batchEnvelopes || listHeaderLength(bytes) + bytes > maxBytes
    if (batch.entries.length > 0 && isFull) return false
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

  /** Goes on in the pool until the packet is full or the end is reached. */
  const collect = async (peer: Peer): Promise<readonly PooledEnvelope[]> => {
    const batch: Batch = { entries: [], bytes: 0 }
    const isDelayed = options.randomDelayMs > 0
    if (isDelayed) takeDelayed(peer, batch)
    let looks = 0
    for (let entry = peer.cursor.peek(); entry !== undefined; entry = peer.cursor.peek()) {
      if (!isWanted(peer, entry)) settleUnsent(peer, entry)
      else if (isDelayed) {
        if (peer.delayed.size >= limits.delayedEnvelopes) break
        if (!peer.delayed.has(entry.id)) peer.delayed.set(entry.id, clock.nowMs() + randomDelay(context))
      } else if (!fits(peer, batch, entry)) break
      peer.cursor.skip()
      looks += 1
      const pause = looks % looksPerCheck === 0 ? slicer.yielded(peer.abort.signal) : undefined
      if (pause !== undefined) await pause
    }
    return batch.entries
  }

  const sendBatch = async (peer: Peer, entries: readonly PooledEnvelope[]): Promise<void> => {
    const payload = encodeMessages(entries.map(entry => entry.bytes))
    const ids = entries.map(entry => entry.id)
    for (const entry of entries) markKnown(entry, peer.slot)
    if (peer.confirmations) peer.batches.set(bytesToHex(keccak256(payload)), { ids, rejected: undefined })
    await peer.send(packetCodes.messages, payload)
    for (const hash of ids) {
      events.emit('envelopesent', { hash, peerId: peer.id })
      trackers.get(hash)?.settle(peer.id, true)
    }
  }

  const sendDue = async (peer: Peer): Promise<void> => {
    if (peer.sending) return
    peer.sending = true
    peer.cancelTimer?.()
    peer.cancelTimer = undefined
    try {
      for (;;) {
        const collected = await collect(peer)
        if (collected.length === 0) break
        // Encoding and hashing a full packet takes some milliseconds, and every peer may get one at the same time.
        const rest = slicer.yielded(peer.abort.signal)
        if (rest !== undefined) await rest
        const seconds = nowSeconds(context)
        // Collecting may have taken several turns: what expired meanwhile stays here.
        const live = collected.filter(entry => entry.expiry >= seconds && pool.get(entry.id) === entry)
        if (live.length > 0) await sendBatch(peer, live)
        const pause = slicer.yielded(peer.abort.signal)
        if (pause !== undefined) await pause
      }
    } catch (error) {
      // The link loop sees the same failure and ends the link; nothing to add here.
      settleAll(peer)
      if (!WhisperError.is(error)) context.logger.debug('whisper:relay: sending failed', { peer: peer.id.slice(0, 8) })
    } finally {
      peer.sending = false
    }
    scheduleDelayed(peer)
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

  const flushPeer = (peer: Peer): void => {
    if (peer.sending || peer.cursor.peek() === undefined) return
    if (options.forwarding === 'immediate') void sendDue(peer)
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
      settleAll(peer)
    },
    flush: () => {
      for (const peer of peers.values()) flushPeer(peer)
    }
  }
}
