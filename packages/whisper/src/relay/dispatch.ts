import { bloomWidens, isFullNodeBloom } from '../bloom.ts'
import { invalidPacket, WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { MailPeer, RequestCompletion } from '../mailserver/port.ts'
import { packetCodes } from '../packets/codes.ts'
import {
  decodeHistoryRequest,
  decodeRequestComplete,
  decodeSyncRequest,
  decodeSyncResponse,
  encodeP2pMessages,
  encodeRequestComplete,
  encodeSyncResponse
} from '../packets/p2p.ts'
import { decodeRateLimits } from '../packets/rate-limits.ts'
import { decodeBloomFilter, decodePowRequirement } from '../packets/requirements.ts'
import { createConfirmations } from './confirmations.ts'
import type { NodeContext } from './context.ts'
import type { Gossip } from './gossip.ts'
import type { Intake } from './intake.ts'
import { isTrusted, type Peer } from './peer.ts'

/** The client side of mailservers, as packets reach it. */
export interface HistorySink {
  /** Packet 127. @throws WhisperError `invalid-packet`, `invalid-envelope` */
  readonly messages: (peer: Peer, payload: Uint8Array) => Promise<void>
  readonly completed: (peer: Peer, completion: RequestCompletion) => void
}

export function mailPeerOf(peer: Peer): MailPeer {
  const { remoteAddress } = peer.link
  return {
    peerId: peer.id,
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    signal: peer.abort.signal,
    sendMessages: envelopes => peer.send(packetCodes.p2pMessage, encodeP2pMessages(envelopes)),
    sendCompletion: completion => peer.send(packetCodes.p2pRequestComplete, encodeRequestComplete(completion)),
    sendSyncResponse: response => peer.send(packetCodes.p2pSyncResponse, encodeSyncResponse(response)),
    close: async () => {
      peer.abort.abort(new WhisperError('link-closed', 'peer: closed by the mailserver', { origin: 'environment' }))
    }
  }
}

/** Handles one packet after the handshake. @throws WhisperError with origin `peer`: the link ends */
export type Dispatch = (peer: Peer, code: number, payload: Uint8Array) => Promise<void>

export function createDispatch(context: NodeContext, intake: Intake, gossip: Gossip, history: HistorySink): Dispatch {
  const confirmations = createConfirmations(context)

  const serve = async (name: string, handler: Promise<void> | undefined): Promise<void> => {
    try {
      await handler
    } catch (error) {
      const origin = typeof error === 'object' && error !== null && 'origin' in error ? error.origin : undefined
      if (origin === 'peer') throw error
      context.logger.error('whisper:mailserver: handler failed', { packet: name })
    }
  }

  const setMinPow = (peer: Peer, minPow: number): void => {
    const wantsMore = minPow < peer.minPow
    peer.minPow = minPow
    if (wantsMore) gossip.rewalk(peer)
  }

  const setBloom = (peer: Peer, bloom: Uint8Array): void => {
    const before = peer.bloom
    peer.bloom = isFullNodeBloom(bloom) ? undefined : bloom
    if (bloomWidens(before, peer.bloom)) gossip.rewalk(peer)
  }

  const serveRequest = async (peer: Peer, payload: Uint8Array): Promise<void> => {
    const { mailserver } = context
    if (mailserver?.request === undefined) return
    // BOUNDED: limits.requestBytes; its hash and its PoW are computed in one piece.
    if (payload.length > limits.requestBytes) {
      throw invalidPacket(`history request: at most ${limits.requestBytes} bytes, got ${payload.length}`)
    }
    await serve('126', mailserver.request(decodeHistoryRequest(payload), mailPeerOf(peer)))
  }

  return async (peer, code, payload) => {
    const { mailserver } = context
    switch (code) {
      case packetCodes.messages:
        return intake.receive(peer, payload)
      case packetCodes.powRequirement:
        return setMinPow(peer, decodePowRequirement(payload))
      case packetCodes.bloomFilter:
        return setBloom(peer, decodeBloomFilter(payload))
      case packetCodes.batchAcknowledged:
        return confirmations.acknowledged(peer, payload)
      case packetCodes.messageResponse:
        return confirmations.responded(peer, payload)
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
        return serveRequest(peer, payload)
      case packetCodes.p2pMessage:
        if (isTrusted(peer)) await history.messages(peer, payload)
        return
      default:
        // Status again, and every code without a meaning: ignored.
        return
    }
  }
}
