import { bytesToHex } from '@status-stack/crypto'
import type { HistoryRequest, MailPeer } from '@status-stack/whisper'
import { limits } from '../limits.ts'
import type { StoreQuery } from '../ports.ts'
import { type Asker, askerOf } from '../request/asker.ts'
import { readSealedRequest } from '../request/decode.ts'
import { queryOf } from '../request/validate.ts'
import { bytesOf, packetOverhead, sendPage } from './answer.ts'
import type { Reader } from './handover.ts'
import { type Admission, busy, type ServingContext } from './serving-context.ts'

const requestIdBytes = 32

/** A request in either form, read: what to look for, and whether bundles go as lists. */
interface Wish {
  readonly query: StoreQuery
  readonly batch: boolean
}

/** Packet 126. `binary`: whether a sealed request may be in the form from before RLP. */
export type ServeHistory = (request: HistoryRequest, peer: MailPeer, binary: boolean) => Promise<void>

export function createHistoryRequests(
  context: ServingContext,
  { costs, find, limitPassed, giveUp }: Admission
): ServeHistory {
  const { options, clock, events, turns, handover } = context

  const wishOf = (request: HistoryRequest, peer: MailPeer, binary: boolean): Wish | string => {
    if (request.kind === 'plain') {
      if (options.plainRequests === 'refuse') return 'plain requests are not served'
      const query = queryOf({ ...request, lower: request.from, upper: request.to }, Math.floor(clock.nowMs() / 1000))
      return typeof query === 'string' ? `request is invalid: ${query}` : { query, batch: true }
    }
    const { minPow, bindSigner } = options
    const payload = readSealedRequest(request, peer.peerId, { minPow, bindSigner, binary, keys: context.keys() })
    if (typeof payload === 'string') return payload
    const query = queryOf(payload, Math.floor(clock.nowMs() / 1000))
    return typeof query === 'string' ? `request is invalid: ${query}` : { query, batch: payload.batch }
  }

  const refuse = async (peer: MailPeer, requestId: Uint8Array, text: string): Promise<void> => {
    const error = text.slice(0, limits.errorText)
    events.emit('requestrefused', { peerId: peer.peerId, requestId: bytesToHex(requestId), error })
    await handover.reader(peer).give(() => peer.sendCompletion({ kind: 'failed', requestId, error }))
  }

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

  return async (request, peer, binary) => {
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
  }
}
