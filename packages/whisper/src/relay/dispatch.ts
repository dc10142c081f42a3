import { bytesToHex } from '@status-stack/crypto'
import { isFullNodeBloom } from '../bloom.ts'
import { WhisperError } from '../errors.ts'
import type { MailPeer, RequestCompletion } from '../mailserver/port.ts'
import { packetCodes } from '../packets/codes.ts'
import { decodeBatchAcknowledged, decodeMessageResponse } from '../packets/confirmations.ts'
import {
  decodeHistoryRequest,
  decodeP2pMessages,
  decodeRequestComplete,
  decodeSyncRequest,
  decodeSyncResponse,
  encodeP2pMessages,
  encodeRequestComplete,
  encodeSyncResponse
} from '../packets/p2p.ts'
import { decodeRateLimits } from '../packets/rate-limits.ts'
import { decodeBloomFilter, decodePowRequirement } from '../packets/requirements.ts'
import type { NodeContext } from './context.ts'
import type { Gossip } from './gossip.ts'
import type { Intake } from './intake.ts'
import { isTrusted, type Peer } from './peer.ts'

/** The client side of mailservers, as packets reach it. */
export interface HistorySink {
  readonly messages: (peer: Peer, envelopes: readonly Uint8Array[]) => void
  readonly completed: (peer: Peer, completion: RequestCompletion) => void
}

export function mailPeerOf(peer: Peer): MailPeer {
  const { remoteAddress } = peer.link
  return {
    peerId: peer.id,
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    signal: peer.gone.signal,
    sendMessages: envelopes => peer.send(packetCodes.p2pMessage, encodeP2pMessages(envelopes)),
    sendCompletion: completion => peer.send(packetCodes.p2pRequestComplete, encodeRequestComplete(completion)),
    sendSyncResponse: response => peer.send(packetCodes.p2pSyncResponse, encodeSyncResponse(response)),
    close: async () => {
      peer.gone.abort(new WhisperError('link-closed', 'peer: closed by the mailserver', { origin: 'environment' }))
    }
  }
}

/** Handles one packet after the handshake. @throws WhisperError with origin `peer`: the link ends */
export type Dispatch = (peer: Peer, code: number, payload: Uint8Array) => Promise<void>

export function createDispatch(context: NodeContext, intake: Intake, gossip: Gossip, history: HistorySink): Dispatch {
  const { events, trackers } = context

  const acknowledged = (peer: Peer, batch: string): void => {
    const ids = peer.batches.get(batch)
    if (ids === undefined) return
    const rejected = peer.rejected.get(batch)
    peer.batches.delete(batch)
    peer.rejected.delete(batch)
    events.emit('batchacknowledged', { batch, peerId: peer.id })
    for (const hash of ids) {
      if (rejected?.has(hash) === true) continue
      events.emit('envelopeacknowledged', { hash, peerId: peer.id })
      trackers.get(hash)?.acknowledge(peer.id)
    }
  }

  const responded = (peer: Peer, payload: Uint8Array): void => {
    const response = decodeMessageResponse(payload)
    if (response === undefined) return
    const batch = bytesToHex(response.batch)
    const ids = peer.batches.get(batch)
    // BOUNDED: only batches we sent, and only their envelopes.
    if (ids === undefined) return
    const refused = response.errors
      .map(error => ({ hash: bytesToHex(error.hash), code: error.code }))
      .filter(({ hash }) => ids.includes(hash))
    peer.rejected.set(batch, new Set(refused.map(({ hash }) => hash)))
    for (const { hash, code } of refused) events.emit('enveloperejected', { hash, peerId: peer.id, code })
  }

  const serve = async (name: string, handler: Promise<void> | undefined): Promise<void> => {
    try {
      await handler
    } catch (error) {
      const origin = typeof error === 'object' && error !== null && 'origin' in error ? error.origin : undefined
      if (origin === 'peer') throw error
      context.logger.error('whisper:mailserver: handler failed', { packet: name })
    }
  }

  const widened = (peer: Peer): void => {
    gossip.offerPool(peer)
    gossip.flush()
  }

  return async (peer, code, payload) => {
    const { mailserver } = context
    switch (code) {
      case packetCodes.messages:
        return intake.receive(peer, payload)
      case packetCodes.powRequirement:
        peer.minPow = decodePowRequirement(payload)
        return widened(peer)
      case packetCodes.bloomFilter: {
        const bloom = decodeBloomFilter(payload)
        peer.bloom = isFullNodeBloom(bloom) ? undefined : bloom
        return widened(peer)
      }
      case packetCodes.batchAcknowledged:
        return acknowledged(peer, bytesToHex(decodeBatchAcknowledged(payload)))
      case packetCodes.messageResponse:
        return responded(peer, payload)
      case packetCodes.rateLimits:
        peer.rateLimits = decodeRateLimits(payload)
        return
      case packetCodes.p2pSyncRequest:
        if (mailserver?.syncRequest === undefined) return
        return serve('123', mailserver.syncRequest(decodeSyncRequest(payload), mailPeerOf(peer)))
      case packetCodes.p2pSyncResponse:
        if (mailserver?.syncResponse === undefined || !isTrusted(peer)) return
        return serve('124', mailserver.syncResponse(decodeSyncResponse(payload), mailPeerOf(peer)))
      case packetCodes.p2pRequestComplete:
        if (isTrusted(peer)) history.completed(peer, decodeRequestComplete(payload))
        return
      case packetCodes.p2pRequest:
        if (mailserver?.request === undefined) return
        return serve('126', mailserver.request(decodeHistoryRequest(payload), mailPeerOf(peer)))
      case packetCodes.p2pMessage:
        if (isTrusted(peer)) history.messages(peer, decodeP2pMessages(payload))
        return
      default:
        // Status again, and every code nobody gave a meaning: ignored.
        return
    }
  }
}
