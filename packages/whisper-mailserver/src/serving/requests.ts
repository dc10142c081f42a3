import { bytesToHex } from '@status-stack/crypto'
import type { Clock, Scheduler } from '@status-stack/interface'
import type { HistoryRequest, InterestKey, MailPeer, SyncRequest } from '@status-stack/whisper'
import type { MailserverLogger } from '../defaults.ts'
import { MailserverError } from '../errors.ts'
import type { EventSource } from '../events.ts'
import { hardLimits } from '../limits.ts'
import type { ResolvedOptions } from '../options.ts'
import type { EnvelopeStore, StoredEnvelope, StoreQuery } from '../ports.ts'
import { type Asker, askerOf } from '../request/asker.ts'
import { type CostLimiter, createCostLimiter } from '../request/cost-limiter.ts'
import { readSealedRequest } from '../request/decode.ts'
import { createRateLimiter, type RateLimiter } from '../request/rate-limiter.ts'
import { queryOf } from '../request/validate.ts'
import { bytesOf, packetOverhead, sendPage } from './answer.ts'
import type { Handover, Reader } from './handover.ts'
import type { Place, Turns } from './turns.ts'

/** What answering needs. */
export interface ServingContext {
  readonly store: EnvelopeStore
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly logger: MailserverLogger
  readonly events: EventSource
  readonly turns: Turns
  readonly handover: Handover
  /** What opens sealed requests, in the order they are tried. */
  readonly keys: () => readonly InterestKey[]
}

/** Packets 126 and 123. */
export interface Requests {
  /** `binary`: whether a sealed request may be in the form from before RLP. */
  readonly history: (request: HistoryRequest, peer: MailPeer, binary: boolean) => Promise<void>
  /** @throws MailserverError `invalid-sync-request` of the peer: its link ends */
  readonly sync: (request: SyncRequest, peer: MailPeer) => Promise<void>
}

const requestIdBytes = 32
const busy = 'server is busy'
const noEnvelopes = { envelopes: [], cursor: new Uint8Array(0) }

/** A request in either form, read: what to look for, and whether bundles go as lists. */
interface Wish {
  readonly query: StoreQuery
  readonly batch: boolean
}

export function createRequests(context: ServingContext): Requests {
  const { store, options, clock, scheduler, logger, events, turns, handover } = context
  // Shared by history and sync, as at status-go.
  const limiter: RateLimiter = createRateLimiter(options.rateLimitSeconds)
  const costs: CostLimiter = createCostLimiter(clock, scheduler)
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000)

  const wishOf = (request: HistoryRequest, peer: MailPeer, binary: boolean): Wish | string => {
    if (request.kind === 'plain') {
      if (options.plainRequests === 'refuse') return 'plain requests are not served'
      const query = queryOf({ ...request, lower: request.from, upper: request.to }, nowSeconds())
      return typeof query === 'string' ? `request is invalid: ${query}` : { query, batch: true }
    }
    const { minPow, bindSigner } = options
    const payload = readSealedRequest(request, peer.peerId, { minPow, bindSigner, binary, keys: context.keys() })
    if (typeof payload === 'string') return payload
    const query = queryOf(payload, nowSeconds())
    return typeof query === 'string' ? `request is invalid: ${query}` : { query, batch: payload.batch }
  }

  const refuse = async (peer: MailPeer, requestId: Uint8Array, text: string): Promise<void> => {
    const error = text.slice(0, hardLimits.errorText)
    events.emit('requestrefused', { peerId: peer.peerId, requestId: bytesToHex(requestId), error })
    await handover.reader(peer).give(() => peer.sendCompletion({ kind: 'failed', requestId, error }))
  }

  /** What the store finds for a peer: the walk ends with the link, and its time is paid for. */
  const find = (peer: MailPeer, asker: Asker, query: StoreQuery): AsyncIterable<readonly StoredEnvelope[]> =>
    costs.timed(asker, store.query(peer.signal === undefined ? query : { ...query, signal: peer.signal }))

  const serve = async (
    peer: MailPeer,
    asker: Asker,
    reader: Reader,
    requestId: Uint8Array,
    { query, batch }: Wish
  ): Promise<void> => {
    const packetOf = (envelopes: readonly Uint8Array[]) => ({
      send: () => peer.sendMessages(envelopes),
      bytes: bytesOf(envelopes)
    })
    const { end, ...sent } = await sendPage(find(peer, asker, query), query, packetOverhead.messages, reader, bundle =>
      batch ? [packetOf(bundle)] : bundle.map(envelope => packetOf([envelope]))
    )
    costs.sent(asker, sent.bytes)
    const { lastHash, cursor } = end
    await reader.give(() => peer.sendCompletion({ kind: 'done', requestId, lastHash, cursor }))
    events.emit('requestserved', { peerId: peer.peerId, requestId: bytesToHex(requestId), ...sent })
  }

  /** The answer where the store or the link failed; a peer that is gone gets none. */
  const giveUp = async (peer: MailPeer, error: unknown, tell: (text: string) => Promise<void>): Promise<void> => {
    if (peer.signal?.aborted === true || isPeers(error)) {
      logger.debug('mailserver: a peer left before its answer', { peerId: peer.peerId })
      return
    }
    logger.error('mailserver: answering failed', { peerId: peer.peerId })
    await tell('internal error').catch(() => undefined)
  }

  /** Whether this peer may ask now; gives its place back when not. */
  const limitPassed = (place: Place, { peerId }: MailPeer): boolean => {
    if (limiter.take(peerId, clock.nowMs())) return true
    place.leave()
    return false
  }

  return {
    history: async (request, peer, binary) => {
      const requestId = request.kind === 'plain' ? request.id : request.hash
      // Waku's reader takes ids of any length; an answer could not name this one.
      if (requestId.length !== requestIdBytes) return
      const asker = askerOf(peer)
      await costs.wait(asker, peer.signal)
      const wish = wishOf(request, peer, binary)
      if (typeof wish === 'string') return refuse(peer, requestId, wish)
      const reader = handover.reader(peer)
      const place = await turns.take(asker, reader, peer.signal)
      if (place === undefined) return refuse(peer, requestId, busy)
      if (!limitPassed(place, peer)) return refuse(peer, requestId, 'rate limit exceeded')
      place.run(() =>
        serve(peer, asker, reader, requestId, wish).catch(error =>
          giveUp(peer, error, text => refuse(peer, requestId, text))
        )
      )
    },
    sync: async (request, peer) => {
      // SPEC: status-go ends the link over these two, without a word.
      if (request.limit < 1 || request.limit > hardLimits.maxQueryLimit || request.lower > request.upper) {
        throw new MailserverError('invalid-sync-request', 'sync request: limit is 1 … 1000, lower is at most upper', {
          origin: 'peer',
          details: { limit: request.limit }
        })
      }
      const tell = (error: string): Promise<void> => {
        events.emit('syncrefused', { peerId: peer.peerId, error })
        return handover.reader(peer).give(() => peer.sendSyncResponse({ ...noEnvelopes, final: false, error }))
      }
      const asker = askerOf(peer)
      await costs.wait(asker, peer.signal)
      const reader = handover.reader(peer)
      const place = await turns.take(asker, reader, peer.signal)
      if (place === undefined) return tell(busy)
      // DEVIATION: status-go drops the link of a source that asks too often; like other requesters it is told and stays.
      if (!limitPassed(place, peer)) return tell('requests per seconds limit exceeded')
      const query = queryOf(request, nowSeconds())
      if (typeof query === 'string') {
        place.leave()
        await tell(`request is invalid: ${query}`)
        await peer.close()
        return
      }
      place.run(async () => {
        try {
          const { end, ...sent } = await sendPage(
            find(peer, asker, query),
            query,
            packetOverhead.syncResponse,
            reader,
            bundle => [
              {
                send: () =>
                  peer.sendSyncResponse({ envelopes: bundle, cursor: new Uint8Array(0), final: false, error: '' }),
                bytes: bytesOf(bundle)
              }
            ]
          )
          costs.sent(asker, sent.bytes)
          await reader.give(() => peer.sendSyncResponse({ envelopes: [], cursor: end.cursor, final: true, error: '' }))
          events.emit('syncserved', { peerId: peer.peerId, ...sent })
        } catch (error) {
          await giveUp(peer, error, async text => {
            await tell(text)
            await peer.close()
          })
        }
      })
    }
  }
}

function isPeers(error: unknown): boolean {
  return MailserverError.is(error) && error.code !== 'store-failed'
}
