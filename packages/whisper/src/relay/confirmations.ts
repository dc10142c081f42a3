import { bytesToHex } from '@status-stack/crypto'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import { packetCodes } from '../packets/codes.ts'
import {
  decodeBatchAcknowledged,
  type EnvelopeError,
  errorsOf,
  type OpenMessageResponse,
  openMessageResponse
} from '../packets/confirmations.ts'
import type { NodeContext } from './context.ts'
import type { Peer, PendingBatch } from './peer.ts'

/** Packets 11 and 12: what a peer says about the batches that we sent to it. */
export interface Confirmations {
  readonly acknowledged: (peer: Peer, payload: Uint8Array) => void
  readonly responded: (peer: Peer, payload: Uint8Array) => Promise<void>
}

/** Bytes that an error entry may take before it counts as more than an answer: hash, code and a sentence. */
const answerBytesPerEnvelope = 128
const answerBytes = 64

/** Code that the specification gives to a clock error; status-go says it in words only. */
const clockErrorCode = 1

/** What go-ethereum and status-go say about envelopes that are outside their life. */
const clockWords = /\b(from|in)( the)? future\b|\bvery old\b|\bexpired\b|\bnot synced\b/i

/** Text of a peer, short and without anything that a terminal would obey. */
function plainText(text: string): string {
  return text.slice(0, limits.peerText).replace(/\p{C}/gu, '\u{fffd}')
}

/**
 * Whether a packet is the answer that a batch of ours is still owed: one packet 12 and one packet 11 each. Those are free of packet limits;
 * otherwise a flood that we pass on would use up the limit of the peers that confirm it.
 */
export function isOwedAnswer(peer: Peer, code: number, payload: Uint8Array): boolean {
  try {
    if (code === packetCodes.batchAcknowledged) {
      return payload.length <= answerBytes && peer.batches.has(bytesToHex(decodeBatchAcknowledged(payload)))
    }
    if (code !== packetCodes.messageResponse) return false
    const opened = openMessageResponse(payload)
    const batch = opened === undefined ? undefined : peer.batches.get(bytesToHex(opened.batch))
    if (batch === undefined || batch.rejected !== undefined) return false
    return payload.length <= answerBytes + batch.ids.length * answerBytesPerEnvelope
  } catch (error) {
    if (WhisperError.is(error)) return false
    throw error
  }
}

export function createConfirmations(context: NodeContext): Confirmations {
  const { events, trackers, slicer } = context

  /** At most one entry for each envelope of the batch: what else the packet holds is not read. */
  const readErrors = async (peer: Peer, opened: OpenMessageResponse, { ids }: PendingBatch) => {
    const sent = new Set(ids)
    const errors = new Map<string, EnvelopeError>()
    try {
      for (const error of errorsOf(opened, Math.min(ids.length, limits.responseErrors))) {
        const id = bytesToHex(error.hash)
        if (sent.has(id) && !errors.has(id)) errors.set(id, error)
        const pause = slicer.yielded(peer.abort.signal)
        if (pause !== undefined) await pause
      }
    } catch (error) {
      // An unreadable inner response is ignored, as status-go does.
      if (WhisperError.is(error) && error.code === 'invalid-packet') return new Map<string, EnvelopeError>()
      throw error
    }
    return errors
  }

  return {
    acknowledged: (peer, payload) => {
      const batch = bytesToHex(decodeBatchAcknowledged(payload))
      const pending = peer.batches.get(batch)
      if (pending === undefined) return
      peer.batches.delete(batch)
      events.emit('batchacknowledged', { batch, peerId: peer.id })
      for (const hash of pending.ids) {
        if (pending.rejected?.has(hash) === true) continue
        events.emit('envelopeacknowledged', { hash, peerId: peer.id })
        trackers.get(hash)?.acknowledge(peer.id)
      }
    },
    responded: async (peer, payload) => {
      const opened = openMessageResponse(payload)
      if (opened === undefined) return
      const pending = peer.batches.get(bytesToHex(opened.batch))
      // One answer for a batch of ours; a second one would cost as much and say nothing.
      if (pending === undefined || pending.rejected !== undefined) return
      pending.rejected = new Set()
      const errors = await readErrors(peer, opened, pending)
      pending.rejected = new Set(errors.keys())
      for (const [hash, { code, description }] of errors) {
        events.emit('enveloperejected', {
          hash,
          peerId: peer.id,
          code,
          description: plainText(description),
          clock: code === clockErrorCode || clockWords.test(description),
          own: trackers.has(hash)
        })
      }
    }
  }
}
