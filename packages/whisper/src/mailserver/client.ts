import { bytesToHex } from '@status-stack/crypto'
import { filterBloom } from '../bloom.ts'
import { encodeEnvelope, envelopeHash } from '../envelope.ts'
import { WhisperError } from '../errors.ts'
import { symmetricKeyOfName } from '../message/key-cache.ts'
import { sealMessage } from '../message/wrap.ts'
import { packetCodes } from '../packets/codes.ts'
import { encodeSyncRequest } from '../packets/p2p-sync.ts'
import type { Clock } from '../ports.ts'
import { sealEnvelope, unknownPeer } from '../posting.ts'
import { type NodeContext, nowSeconds } from '../relay/context.ts'
import type { Peer } from '../relay/peer.ts'
import type { RouteKey } from '../route.ts'
import type { PowSearcher } from '../search/searcher.ts'
import type { MailRequest, MailRequestSent, RequestKey } from './client-types.ts'
import { createOpenRequests, type RequestKind } from './open-requests.ts'
import type { RequestCompletion, SyncRequest } from './port.ts'
import { encodeRequestPayload } from './request.ts'
import { checkMailRequest, checkSyncRequest } from './request-checks.ts'

/** Seconds between two requests for the same topics. */
const repeatSeconds = 3
/** Seconds of work on a request envelope. */
const requestPowSeconds = 5
const requestTtlSeconds = 50

/** Requests on their way: packet 126 out, packet 125 back. */
export interface Requests {
  /** @param kind of a `packet`, what the server sends is taken as that of a trusted peer from the moment at which the request leaves */
  readonly send: (server: string, request: MailRequest, kind: RequestKind) => Promise<MailRequestSent>
  readonly sync: (source: string, request: SyncRequest) => Promise<void>
  readonly completed: (peer: Peer, completion: RequestCompletion) => void
  readonly detached: (peer: Peer) => void
  readonly stop: () => void
}

function noSync(protocol: string): WhisperError {
  return new WhisperError('not-supported', `${protocol}: mailservers of this protocol do not copy from each other`, {
    origin: 'caller'
  })
}

/** Refuses a request for the same topics as one of a moment ago, as status-go does. @throws WhisperError `request-too-soon` */
function createRepeatGuard(clock: Clock) {
  // BOUNDED: swept of everything older than repeatSeconds at each use.
  const asked = new Map<string, number>()
  return {
    check: (server: string, request: MailRequest): void => {
      const now = clock.nowMs()
      for (const [key, at] of asked) if (now - at >= repeatSeconds * 1000) asked.delete(key)
      const topics = request.topics.map(bytesToHex).sort().join()
      const key = `${server}/${topics}`
      const paging = request.cursor !== undefined && request.cursor.length > 0
      if (asked.has(key) && request.force !== true && !paging) {
        throw new WhisperError(
          'request-too-soon',
          'another request with the same topics was sent less than 3s ago. Please wait for a bit longer, or set `force` to true in request parameters',
          { origin: 'caller', details: { seconds: repeatSeconds } }
        )
      }
      asked.delete(key)
      asked.set(key, now)
    },
    clear: () => asked.clear()
  }
}

export function createRequests(context: NodeContext, searcher: PowSearcher): Requests {
  const { options, steady, events, peers, random, requirements } = context
  const open = createOpenRequests(context)
  const repeats = createRepeatGuard(steady)

  const keyOf = async (key: RequestKey | undefined): Promise<RouteKey> => {
    if (key !== undefined && key.kind !== 'password') return key
    return { kind: 'symmetric', key: await symmetricKeyOfName(key?.password ?? options.mailserverPassword) }
  }

  const seal = async (peer: Peer, request: MailRequest): Promise<Uint8Array> => {
    const now = nowSeconds(context)
    const payload = encodeRequestPayload({
      lower: request.fromSeconds,
      upper: request.toSeconds === 0 ? now : request.toSeconds,
      bloom: filterBloom(request.topics),
      limit: request.limit,
      cursor: request.cursor ?? new Uint8Array(0),
      batch: true
    })
    const key = await keyOf(request.key)
    const data = sealMessage({ payload, key, signer: request.signer }, random)
    const target = Math.max(requirements.minPow(), peer.minPow)
    const envelope = await sealEnvelope(
      { expiry: now + requestTtlSeconds, ttl: requestTtlSeconds, topic: new Uint8Array(4), data },
      { target, timeSeconds: requestPowSeconds },
      searcher,
      request.signal === undefined ? {} : { signal: request.signal }
    )
    return encodeEnvelope(envelope)
  }

  return {
    send: async (server, request, kind) => {
      checkMailRequest(request)
      const peer = peers.get(server)
      if (peer === undefined) throw unknownPeer(server)
      repeats.check(server, request)
      const bytes = await seal(peer, request)
      const requestId = envelopeHash(bytes)
      const completion = open.open(peer, requestId, request.timeoutMs ?? options.requestTimeoutMs, kind)
      completion.catch(() => undefined)
      // Before it leaves: the answer may be here before the call that sends has returned.
      if (kind === 'packet') peer.trusted = true
      try {
        await peer.send(packetCodes.p2pRequest, bytes)
      } catch (cause) {
        open.abandon(requestId)
        throw new WhisperError('link-closed', 'history: the link to the mailserver ended', {
          origin: 'environment',
          cause
        })
      }
      events.emit('mailserverrequestsent', { requestId: bytesToHex(requestId), peerId: server })
      return { requestId, completion }
    },
    sync: async (source, request) => {
      if (!context.protocol.peerToPeer.sync) throw noSync(context.protocol.name)
      checkSyncRequest(request)
      const peer = peers.get(source)
      if (peer === undefined) throw unknownPeer(source)
      peer.trusted = true
      await peer.send(packetCodes.p2pSyncRequest, encodeSyncRequest(request))
    },
    completed: open.completed,
    detached: open.detached,
    stop: () => {
      open.stop()
      repeats.clear()
    }
  }
}
