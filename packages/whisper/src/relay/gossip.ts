import { nextTurn } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { type Batch, createBatchCollector } from './batch.ts'
import { createBatchSender } from './batch-sender.ts'
import type { NodeContext } from './context.ts'
import type { Peer } from './peer.ts'
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

/** Sends a peer the packets that are due, up to the end of the pool. */
function createPacketSender(
  context: NodeContext,
  { takeDelayed, collect, stillLive }: ReturnType<typeof createBatchCollector>
): (peer: Peer) => Promise<void> {
  const { options, slicer } = context
  const sendBatch = createBatchSender(context)
  return async peer => {
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
}

/**
 * The first envelope goes at once; those that follow it within the same turn of the event loop go together at its end. A busy relay reads
 * many packets in a turn, and one packet of a hundred envelopes costs a peer a fraction of a hundred packets.
 */
function createTurns(send: (peer: Peer) => void, endOfTurn: (peer: Peer) => void) {
  // Peers that got a packet in this turn. BOUNDED: maxPeers.
  const served = new Set<Peer>()
  let isTurnPlanned = false
  const endTurn = (): void => {
    isTurnPlanned = false
    const peersOfTurn = [...served]
    served.clear()
    for (const peer of peersOfTurn) endOfTurn(peer)
  }
  return {
    serve: (peer: Peer): void => {
      if (served.has(peer)) return
      served.add(peer)
      if (!isTurnPlanned) {
        isTurnPlanned = true
        nextTurn(endTurn)
      }
      send(peer)
    },
    forget: (peer: Peer): void => void served.delete(peer)
  }
}

/** Nothing that was posted is confirmed by this peer any more. */
function settleAll(trackers: NodeContext['trackers'], peer: Peer): void {
  for (const tracker of trackers.values()) tracker.settle(peer.id, false)
}

function endSchedule(peer: Peer): void {
  peer.cancelTimer?.()
  peer.cancelTimer = undefined
  peer.cancelWalk?.()
  peer.cancelWalk = undefined
  peer.delayed.clear()
  peer.cursor.close()
}

export function createGossip(context: NodeContext): Gossip {
  const { options, steady, scheduler, pool, peers, trackers } = context
  const collector = createBatchCollector(context)
  const sendPackets = createPacketSender(context, collector)
  const turns = createTurns(
    peer => void sendDue(peer),
    peer => flushPeer(peer)
  )

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
      settleAll(trackers, peer)
      if (!WhisperError.is(error))
        context.logger.debug(`${context.protocol.name}:relay: sending failed`, { peer: peer.id.slice(0, 8) })
    } finally {
      peer.sending = false
    }
    scheduleDelayed(peer)
    if (goesOn) flushPeer(peer)
  }

  const schedule = (peer: Peer, ms: number): void => {
    if (peer.cancelTimer !== undefined || peer.abort.signal.aborted) return
    peer.cancelTimer = scheduler.after(ms, () => {
      peer.cancelTimer = undefined
      void sendDue(peer)
    })
  }

  const scheduleDelayed = (peer: Peer): void => {
    const next = peer.delayed.next()
    if (next !== undefined) schedule(peer, Math.max(1, next.dueMs - steady.nowMs()))
  }

  const flushPeer = (peer: Peer): void => {
    // A full list of delayed envelopes is taken up again by the timer of the first that is due.
    if (peer.sending || peer.cursor.peek() === undefined || !peer.delayed.hasRoom()) return
    if (options.forwarding === 'immediate') turns.serve(peer)
    else schedule(peer, options.forwarding)
  }

  const rewalk = (peer: Peer): void => {
    if (peer.cancelWalk !== undefined || peer.abort.signal.aborted) return
    const waitMs = peer.walks.take(steady.nowMs(), Math.max(1, pool.size()))
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
    recipientsOf: entry => [...peers.values()].filter(peer => collector.isWanted(peer, entry)).map(peer => peer.id),
    rewalk,
    forget: peer => {
      endSchedule(peer)
      turns.forget(peer)
      settleAll(trackers, peer)
    },
    flush: () => {
      for (const peer of peers.values()) flushPeer(peer)
    }
  }
}
