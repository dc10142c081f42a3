import type { MailPeer, SyncRequest } from '@status-stack/whisper'
import { MailserverError } from '../errors.ts'
import { limits } from '../limits.ts'
import { askerOf } from '../request/asker.ts'
import { queryOf } from '../request/validate.ts'
import { bytesOf, packetOverhead, sendPage } from './answer.ts'
import { type Admission, busy, type ServingContext } from './serving-context.ts'

const noEnvelopes = { envelopes: [], cursor: new Uint8Array(0) }

/** Packet 123. @throws MailserverError `invalid-sync-request` of the peer: its link ends */
export type ServeSync = (request: SyncRequest, peer: MailPeer) => Promise<void>

export function createSyncRequests(
  { clock, events, turns, handover }: ServingContext,
  { costs, find, limitPassed, giveUp }: Admission
): ServeSync {
  return async (request, peer) => {
    // SPEC: status-go ends the link over these two, without a word.
    if (request.limit < 1 || request.limit > limits.maxQueryLimit || request.lower > request.upper) {
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
    const query = queryOf(request, Math.floor(clock.nowMs() / 1000))
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
