import { bytesToHex } from '@status-stack/crypto'
import type { Clock, HistoryRequest, InterestKey, Logger, MailPeer, SyncRequest } from '@status-stack/whisper'
import { MailserverError } from '../errors.ts'
import type { EventSource } from '../events.ts'
import { hardLimits } from '../limits.ts'
import type { ResolvedOptions } from '../options.ts'
import type { EnvelopeStore, StoreQuery } from '../ports.ts'
import { readSealedRequest } from '../request/decode.ts'
import { createRateLimiter, type RateLimiter } from '../request/rate-limiter.ts'
import { queryOf } from '../request/validate.ts'
import { packetOverhead, sendPage } from './answer.ts'
import type { Handover } from './handover.ts'
import type { Turns } from './turns.ts'

/** What answering needs. */
export interface ServingContext {
  readonly store: EnvelopeStore
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly logger: Logger
  readonly events: EventSource
  readonly turns: Turns
  readonly handover: Handover
  /** What opens sealed requests, in the order they are tried. */
  readonly keys: () => readonly InterestKey[]
}

/** Packets 126 and 123. */
export interface Requests {
  readonly history: (request: HistoryRequest, peer: MailPeer) => Promise<void>
  /** @throws MailserverError `invalid-sync-request` of the peer: its link ends */
  readonly sync: (request: SyncRequest, peer: MailPeer) => Promise<void>
}

const busy = 'server is busy'
const noEnvelopes = { envelopes: [], cursor: new Uint8Array(0) }

/** A request in either form, read: what to look for, and whether bundles go as lists. */
interface Wish {
  readonly query: StoreQuery
  readonly batch: boolean
}

export function createRequests(context: ServingContext): Requests {
  const { store, options, clock, logger, events, turns, handover } = context
  // Shared by history and sync, as at status-go.
  const limiter: RateLimiter = createRateLimiter(options.rateLimitSeconds)
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000)

  const wishOf = (request: HistoryRequest, peer: MailPeer): Wish | string => {
    if (request.kind === 'plain') {
      if (options.plainRequests === 'refuse') return 'plain requests are not served'
      const query = queryOf({ ...request, lower: request.from, upper: request.to }, nowSeconds())
      return typeof query === 'string' ? `request is invalid: ${query}` : { query, batch: true }
    }
    const { minPow, bindSigner } = options
    const payload = readSealedRequest(request, peer.peerId, { minPow, bindSigner, keys: context.keys() })
    if (typeof payload === 'string') return payload
    const query = queryOf(payload, nowSeconds())
    return typeof query === 'string' ? `request is invalid: ${query}` : { query, batch: payload.batch }
  }

  const refuse = async (peer: MailPeer, requestId: Uint8Array, text: string): Promise<void> => {
    const error = text.slice(0, hardLimits.errorText)
    events.emit('requestrefused', { peerId: peer.peerId, requestId: bytesToHex(requestId), error })
    await handover.give(peer, () => peer.sendCompletion({ kind: 'failed', requestId, error }))
  }

  const serve = async (peer: MailPeer, requestId: Uint8Array, { query, batch }: Wish): Promise<void> => {
    const { end, ...sent } = await sendPage(store, query, packetOverhead.messages, peer, handover, bundle =>
      batch ? [() => peer.sendMessages(bundle)] : bundle.map(envelope => () => peer.sendMessages([envelope]))
    )
    const { lastHash, cursor } = end
    await handover.give(peer, () => peer.sendCompletion({ kind: 'done', requestId, lastHash, cursor }))
    events.emit('requestserved', { peerId: peer.peerId, requestId: bytesToHex(requestId), ...sent })
  }

  /** The answer to whom the store or the link let down; a peer that is gone gets none. */
  const giveUp = async (peer: MailPeer, error: unknown, tell: (text: string) => Promise<void>): Promise<void> => {
    if (peer.signal?.aborted === true || isPeers(error)) {
      logger.debug('mailserver: a peer left before its answer', { peerId: peer.peerId })
      return
    }
    logger.error('mailserver: answering failed', { peerId: peer.peerId })
    await tell('internal error').catch(() => undefined)
  }

  return {
    history: async (request, peer) => {
      const requestId = request.kind === 'plain' ? request.id : request.hash
      const wish = wishOf(request, peer)
      if (typeof wish === 'string') return refuse(peer, requestId, wish)
      if (turns.isFull()) return refuse(peer, requestId, busy)
      if (!limiter.take(peer.peerId, clock.nowMs())) return refuse(peer, requestId, 'rate limit exceeded')
      await turns.begin(peer.peerId, () =>
        serve(peer, requestId, wish).catch(error => giveUp(peer, error, text => refuse(peer, requestId, text)))
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
        return handover.give(peer, () => peer.sendSyncResponse({ ...noEnvelopes, final: false, error }))
      }
      if (turns.isFull()) return tell(busy)
      // DEVIATION: status-go drops the link of a source that asks too often; like other requesters it is told and stays.
      if (!limiter.take(peer.peerId, clock.nowMs())) return tell('requests per seconds limit exceeded')
      const query = queryOf(request, nowSeconds())
      if (typeof query === 'string') {
        await tell(`request is invalid: ${query}`)
        await peer.close()
        return
      }
      await turns.begin(peer.peerId, async () => {
        try {
          const { end, ...sent } = await sendPage(store, query, packetOverhead.syncResponse, peer, handover, bundle => [
            () => peer.sendSyncResponse({ envelopes: bundle, cursor: new Uint8Array(0), final: false, error: '' })
          ])
          await handover.give(peer, () =>
            peer.sendSyncResponse({ envelopes: [], cursor: end.cursor, final: true, error: '' })
          )
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
