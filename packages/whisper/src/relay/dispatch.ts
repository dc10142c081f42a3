import { invalidPacket, WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { MailPeer, RequestCompletion } from '../mailserver/port.ts'
import { packetCodes } from '../packets/codes.ts'
import { decodeRequestComplete, encodeRequestComplete } from '../packets/p2p.ts'
import { decodeSyncRequest, decodeSyncResponseSliced, encodeSyncResponse } from '../packets/p2p-sync.ts'
import { interestWidens, plainInterest } from './announced-interest.ts'
import { createConfirmations } from './confirmations.ts'
import type { NodeContext } from './context.ts'
import type { Gossip } from './gossip.ts'
import { isRestrictedLight } from './handshake.ts'
import type { Intake } from './intake.ts'
import { isTrusted, type Peer } from './peer.ts'
import type { PeerToPeerCodec, PeerUpdate } from './protocol.ts'

/** The client side of mailservers, as packets reach it. */
export interface HistorySink {
  /** Packet 127. @throws WhisperError `invalid-packet`, `invalid-envelope` */
  readonly messages: (peer: Peer, payload: Uint8Array) => Promise<void>
  readonly completed: (peer: Peer, completion: RequestCompletion) => void
}

function mailPeerOf(peer: Peer, codec: PeerToPeerCodec): MailPeer {
  const { remoteAddress } = peer.link
  return {
    peerId: peer.id,
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    signal: peer.abort.signal,
    sendMessages: envelopes => peer.send(packetCodes.p2pMessage, codec.encodeMessages(envelopes)),
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
  const { protocol } = context
  const { peerToPeer } = protocol
  const confirmations = createConfirmations(context)

  const serve = async (name: string, handler: Promise<void> | undefined): Promise<void> => {
    try {
      await handler
    } catch (error) {
      const origin = typeof error === 'object' && error !== null && 'origin' in error ? error.origin : undefined
      if (origin === 'peer') throw error
      context.logger.error(`${protocol.name}:mailserver: handler failed`, { packet: name })
    }
  }

  /** Puts in force what a peer says anew, in the order in which it is checked; what comes before a failure stays. */
  const apply = (peer: Peer, update: PeerUpdate): void => {
    const before = { minPow: peer.minPow, interest: peer.interest }
    peer.minPow = update.minPow ?? peer.minPow
    if (update.interest !== undefined) peer.interest = plainInterest(update.interest)
    if (peer.minPow < before.minPow || interestWidens(before.interest, peer.interest)) gossip.rewalk(peer)
    if (update.failure !== undefined) throw update.failure
    if (update.light !== undefined && isRestrictedLight(context, update.light)) {
      throw invalidPacket('status update: both sides are light nodes')
    }
    peer.light = update.light ?? peer.light
    peer.confirmations = update.confirmations ?? peer.confirmations
    peer.rateLimits = update.rateLimits ?? peer.rateLimits
    peer.byteLimits = update.byteLimits ?? peer.byteLimits
  }

  const serveRequest = async (peer: Peer, payload: Uint8Array): Promise<void> => {
    const { mailserver } = context
    if (mailserver?.request === undefined) return
    // BOUNDED: limits.requestBytes; its hash and its PoW are computed in one piece.
    if (payload.length > limits.requestBytes) {
      throw invalidPacket(`history request: at most ${limits.requestBytes} bytes, got ${payload.length}`)
    }
    await serve('126', mailserver.request(peerToPeer.decodeRequest(payload), mailPeerOf(peer, peerToPeer)))
  }

  const readSyncResponse = (peer: Peer, payload: Uint8Array) =>
    decodeSyncResponseSliced(payload, { slicer: context.slicer, signal: peer.abort.signal })

  return async (peer, code, payload) => {
    const { mailserver } = context
    switch (code) {
      case packetCodes.messages:
        return intake.receive(peer, payload)
      case packetCodes.batchAcknowledged:
        return confirmations.acknowledged(peer, payload)
      case packetCodes.messageResponse:
        return confirmations.responded(peer, payload)
      case packetCodes.p2pSyncRequest:
        if (!peerToPeer.sync || mailserver?.syncRequest === undefined) return
        return serve('123', mailserver.syncRequest(decodeSyncRequest(payload), mailPeerOf(peer, peerToPeer)))
      case packetCodes.p2pSyncResponse:
        if (!peerToPeer.sync || mailserver?.syncResponse === undefined || !isTrusted(peer)) return
        return serve(
          '124',
          mailserver.syncResponse(await readSyncResponse(peer, payload), mailPeerOf(peer, peerToPeer))
        )
      case packetCodes.p2pRequestComplete:
        if (isTrusted(peer)) history.completed(peer, decodeRequestComplete(payload))
        return
      case packetCodes.p2pRequest:
        return serveRequest(peer, payload)
      case packetCodes.p2pMessage:
        if (isTrusted(peer)) await history.messages(peer, payload)
        return
      default: {
        // Status again, and every code without a meaning: ignored.
        const update = protocol.readUpdate(code, payload)
        if (update !== undefined) apply(peer, update)
      }
    }
  }
}
