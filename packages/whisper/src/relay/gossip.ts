import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { WhisperError } from '../errors.ts'
import { hardLimits } from '../limits.ts'
import { packetCodes } from '../packets/codes.ts'
import { encodeMessages, splitBatches } from '../packets/messages.ts'
import { type NodeContext, nowSeconds } from './context.ts'
import { type Peer, peerWants } from './peer.ts'
import type { PooledEnvelope } from './pool.ts'

/** Which envelope goes to which peer, and when. */
export interface Gossip {
  /** A new envelope, to every peer that wants it. The ids of those peers. */
  readonly offer: (entry: PooledEnvelope) => readonly string[]
  /** The whole pool, to one peer: after its handshake, and when its requirements change. */
  readonly offerPool: (peer: Peer) => void
  /** An envelope left the pool: it is not on its way to anybody any more. */
  readonly forget: (id: string) => void
  /** Starts sending what is due. Called once after a packet, so that its envelopes leave together. */
  readonly flush: () => void
}

/** A random whole number of milliseconds from 0 to `most`, for the privacy delay. */
function randomDelay(context: NodeContext): number {
  const most = context.options.randomDelayMs
  if (most === 0) return 0
  const bytes = context.random.bytes(4)
  return Math.floor((new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32) * (most + 1))
}

/** Packets 12 and 11. */
const answersPerBatch = 2

function rememberBatch(peer: Peer, batch: string, ids: readonly string[]): void {
  if (peer.batches.size >= hardLimits.pendingBatches) {
    const oldest = peer.batches.keys().next()
    if (oldest.done !== true) {
      peer.batches.delete(oldest.value)
      peer.rejected.delete(oldest.value)
    }
  }
  peer.batches.set(batch, ids)
  peer.owedAnswers += answersPerBatch
}

export function createGossip(context: NodeContext): Gossip {
  const { options, clock, scheduler, pool, peers, trackers, events, requirements } = context

  const enqueue = (peer: Peer, entry: PooledEnvelope): boolean => {
    if (requirements.light() && !entry.own) return false
    if (!peerWants(peer, entry)) return false
    if (!peer.queue.has(entry.id)) peer.queue.set(entry.id, clock.nowMs() + randomDelay(context))
    return true
  }

  /** Takes what is due out of the queue; what is gone, expired or no longer wanted is dropped from it. */
  const takeDue = (peer: Peer): { readonly due: readonly PooledEnvelope[]; readonly nextMs: number | undefined } => {
    const now = clock.nowMs()
    const seconds = nowSeconds(context)
    const due: PooledEnvelope[] = []
    let nextMs: number | undefined
    for (const [id, notBefore] of peer.queue) {
      if (notBefore > now) {
        nextMs = Math.min(nextMs ?? notBefore, notBefore)
        continue
      }
      peer.queue.delete(id)
      const entry = pool.get(id)
      if (entry !== undefined && entry.envelope.expiry >= seconds && peerWants(peer, entry)) due.push(entry)
      else trackers.get(id)?.settle(peer.id, false)
    }
    return { due, nextMs }
  }

  const sendBatch = async (peer: Peer, batch: readonly PooledEnvelope[]): Promise<void> => {
    const payload = encodeMessages(batch.map(entry => entry.bytes))
    const ids = batch.map(entry => entry.id)
    for (const entry of batch) entry.knownTo.add(peer)
    if (peer.confirmations) rememberBatch(peer, bytesToHex(keccak256(payload)), ids)
    await peer.send(packetCodes.messages, payload)
    for (const hash of ids) {
      events.emit('envelopesent', { hash, peerId: peer.id })
      trackers.get(hash)?.settle(peer.id, true)
    }
  }

  const pump = async (peer: Peer): Promise<void> => {
    if (peer.pumping) return
    peer.pumping = true
    peer.cancelTimer?.()
    peer.cancelTimer = undefined
    try {
      for (;;) {
        const { due, nextMs } = takeDue(peer)
        const entries = new Map(due.map(entry => [entry.bytes, entry]))
        const { maxMessageSize } = context.requirements.current()
        const maxBatch = Math.min(hardLimits.maxBatchBytes, maxMessageSize)
        for (const batch of splitBatches([...entries.keys()], maxBatch, maxMessageSize)) {
          const seconds = nowSeconds(context)
          // Waiting for a slow peer takes time: what expired meanwhile stays here.
          const live = batch.flatMap(bytes => entries.get(bytes) ?? []).filter(e => e.envelope.expiry >= seconds)
          if (live.length > 0) await sendBatch(peer, live)
        }
        if (due.length > 0 && options.forwarding === 'immediate') continue
        if (nextMs !== undefined) schedule(peer, Math.max(1, nextMs - clock.nowMs()))
        else if (peer.queue.size > 0) schedule(peer, options.forwarding === 'immediate' ? 1 : options.forwarding)
        return
      }
    } catch (error) {
      // The link loop sees the same failure and ends the link; nothing to add here.
      for (const id of peer.queue.keys()) trackers.get(id)?.settle(peer.id, false)
      if (!WhisperError.is(error)) context.logger.debug('whisper:relay: sending failed', { peer: peer.id.slice(0, 8) })
    } finally {
      peer.pumping = false
    }
  }

  const schedule = (peer: Peer, ms: number): void => {
    if (peer.cancelTimer !== undefined || peer.gone.signal.aborted) return
    peer.cancelTimer = scheduler.after(ms, () => {
      peer.cancelTimer = undefined
      void pump(peer)
    })
  }

  return {
    offer: entry => [...peers.values()].filter(peer => enqueue(peer, entry)).map(peer => peer.id),
    forget: id => {
      for (const peer of peers.values()) {
        if (peer.queue.delete(id)) trackers.get(id)?.settle(peer.id, false)
      }
    },
    offerPool: peer => {
      for (const entry of pool.values()) enqueue(peer, entry)
    },
    flush: () => {
      for (const peer of peers.values()) {
        if (peer.queue.size === 0) continue
        if (options.forwarding === 'immediate') void pump(peer)
        else schedule(peer, options.forwarding)
      }
    }
  }
}
