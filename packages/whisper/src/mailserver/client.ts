import { bytesToHex } from '@status-stack/crypto'
import { bloomLength, filterBloom } from '../bloom.ts'
import { check, checkRouteKey, checkSignal, checkSigner, checkTopics, maxUint32 } from '../checks.ts'
import { encodeEnvelope, envelopeHash } from '../envelope.ts'
import { invalidArgument, WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import { symmetricKeyOfName } from '../message/key-cache.ts'
import { sealMessage } from '../message/wrap.ts'
import { packetCodes } from '../packets/codes.ts'
import { encodeSyncRequest } from '../packets/p2p.ts'
import { sealEnvelope, unknownPeer } from '../posting.ts'
import { type NodeContext, nowSeconds } from '../relay/context.ts'
import type { Peer } from '../relay/peer.ts'
import type { RouteKey } from '../route.ts'
import type { PowSearcher } from '../search/searcher.ts'
import type { MailRequest, MailRequestSent, RequestKey } from './client-types.ts'
import type { RequestCompletion, SyncRequest } from './port.ts'
import { encodeRequestPayload } from './request.ts'

/** Seconds between two requests for the same topics. */
const repeatSeconds = 3
/** Seconds of work on a request envelope. */
const requestPowSeconds = 5
const requestTtlSeconds = 50

interface OpenRequest {
  readonly id: string
  readonly peerId: string
  expired: boolean
  readonly settle: (result: RequestCompletion | WhisperError) => void
  readonly cancelTimer: () => void
}

/** Requests on their way: packet 126 out, packet 125 back. */
export interface Requests {
  /** `trust`: what the server sends is taken as that of a trusted peer from the moment at which the request leaves. */
  readonly send: (
    server: string,
    request: MailRequest,
    options?: { readonly trust: boolean }
  ) => Promise<MailRequestSent>
  readonly sync: (source: string, request: SyncRequest) => Promise<void>
  readonly completed: (peer: Peer, completion: RequestCompletion) => void
  readonly detached: (peer: Peer) => void
  readonly stop: () => void
}

/** @throws WhisperError `invalid-argument` */
export function checkRequestKey(name: string, key: unknown): void {
  if (key === undefined) return
  check.object(name, key)
  const { kind, password } = key as { kind?: unknown; password?: unknown }
  if (kind === 'password') check.text(`${name}.password`, password)
  else checkRouteKey(name, key)
}

/** @throws WhisperError `invalid-argument` */
function checkMailRequest(request: MailRequest): void {
  check.object('request', request)
  const { fromSeconds, toSeconds, limit, topics, cursor, timeoutMs } = request
  check.integer('request.fromSeconds', fromSeconds, 0, maxUint32)
  check.integer('request.toSeconds', toSeconds, 0, maxUint32)
  if (toSeconds !== 0 && fromSeconds > toSeconds) throw invalidArgument('request: the range ends before it begins')
  check.integer('request.limit', limit, 1, limits.maxHistoryLimit)
  checkTopics('request.topics', topics)
  if (cursor !== undefined) check.bytes('request.cursor', cursor)
  if (timeoutMs !== undefined) check.number('request.timeoutMs', timeoutMs, 0, Number.MAX_SAFE_INTEGER)
  checkSigner('request.signer', request.signer)
  checkRequestKey('request.key', request.key)
  checkSignal(request.signal)
}

function checkSyncRequest(request: SyncRequest): void {
  check.object('sync', request)
  check.integer('sync.lower', request.lower, 0, maxUint32)
  check.integer('sync.upper', request.upper, 0, maxUint32)
  if (request.lower > request.upper) throw invalidArgument('sync: the range ends before it begins')
  check.integer('sync.limit', request.limit, 1, limits.maxHistoryLimit)
  check.bytes('sync.bloom', request.bloom, { max: bloomLength })
  check.bytes('sync.cursor', request.cursor)
}

function noSync(protocol: string): WhisperError {
  return new WhisperError('not-supported', `${protocol}: mailservers of this protocol do not copy from each other`, {
    origin: 'caller'
  })
}

export function createRequests(context: NodeContext, searcher: PowSearcher): Requests {
  const { options, clock, scheduler, events, peers, random, requirements } = context
  // BOUNDED: limits.openRequests, expired ones first.
  const open = new Map<string, OpenRequest>()
  // BOUNDED: swept of everything older than repeatSeconds at each use.
  const asked = new Map<string, number>()

  const keyOf = async (key: RequestKey | undefined): Promise<RouteKey> => {
    if (key !== undefined && key.kind !== 'password') return key
    return { kind: 'symmetric', key: await symmetricKeyOfName(key?.password ?? options.mailserverPassword) }
  }

  const close = (request: OpenRequest): void => {
    open.delete(request.id)
    request.cancelTimer()
  }

  const refuseRepeats = (server: string, request: MailRequest): void => {
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
  }

  const makeRoom = (): void => {
    if (open.size < limits.openRequests) return
    const [oldest] = [...open.values()].sort((a, b) => Number(b.expired) - Number(a.expired))
    if (oldest === undefined) return
    close(oldest)
    oldest.settle(new WhisperError('request-timeout', 'history: too many requests are open', { origin: 'environment' }))
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

  /** Waits for packet 125: registered before the request leaves, or a fast answer would be missed. */
  const await125 = (peer: Peer, requestId: Uint8Array, timeoutMs: number): Promise<RequestCompletion> => {
    makeRoom()
    const id = bytesToHex(requestId)
    return new Promise((resolve, reject) => {
      const request: OpenRequest = {
        id,
        peerId: peer.id,
        expired: false,
        settle: result => (WhisperError.is(result) ? reject(result) : resolve(result)),
        cancelTimer: scheduler.after(timeoutMs, () => {
          request.expired = true
          events.emit('mailserverrequestexpired', { requestId: id, peerId: peer.id })
          reject(
            new WhisperError('request-timeout', 'history: the mailserver did not answer in time', {
              origin: 'environment',
              details: { timeoutMs }
            })
          )
        })
      }
      open.set(id, request)
    })
  }

  return {
    send: async (server, request, { trust } = { trust: false }) => {
      checkMailRequest(request)
      const peer = peers.get(server)
      if (peer === undefined) throw unknownPeer(server)
      refuseRepeats(server, request)
      const bytes = await seal(peer, request)
      const requestId = envelopeHash(bytes)
      const completion = await125(peer, requestId, request.timeoutMs ?? options.requestTimeoutMs)
      completion.catch(() => undefined)
      // Before it leaves: the answer may be here before the call that sends has returned.
      if (trust) peer.trusted = true
      try {
        await peer.send(packetCodes.p2pRequest, bytes)
      } catch (cause) {
        const entry = open.get(bytesToHex(requestId))
        if (entry !== undefined) close(entry)
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
    completed: (peer, completion) => {
      const id = bytesToHex(completion.requestId)
      const request = open.get(id)
      // Only the server that was asked can answer.
      if (request === undefined || request.peerId !== peer.id) return
      close(request)
      events.emit('mailserverrequestcompleted', {
        requestId: id,
        peerId: peer.id,
        cursor: completion.kind === 'done' ? bytesToHex(completion.cursor) : '',
        ...(completion.kind === 'failed' ? { error: completion.error } : {}),
        late: request.expired
      })
      request.settle(completion)
    },
    detached: peer => {
      for (const request of [...open.values()]) {
        if (request.peerId !== peer.id) continue
        close(request)
        request.settle(
          new WhisperError('link-closed', 'history: the link to the mailserver ended', { origin: 'environment' })
        )
      }
    },
    stop: () => {
      for (const request of [...open.values()]) {
        close(request)
        request.settle(new WhisperError('link-closed', 'history: the node stopped', { origin: 'environment' }))
      }
      asked.clear()
    }
  }
}
