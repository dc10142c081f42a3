import { bytesToHex } from '@status-stack/crypto'
import { forEachSliced } from '@status-stack/utils'
import type { Core } from './core.ts'
import { answerOffer } from './interactive.ts'
import { deletionOf, type Entry, recordChange } from './pending-records.ts'
import type { SyncRecord } from './state.ts'

/**
 * Requests what a peer offers and we do not have, as far as there is room. All requests are shared by all peers: known ones
 * come before strangers, and a stranger's that is new before one that is old, so that throw-away identities push out each
 * other only.
 */
export async function requestOffered(core: Core, peer: Uint8Array, ids: readonly Uint8Array[]): Promise<void> {
  await core.exclusive(async () => {
    const wanted = await unknownOf(core, peer, ids)
    if (wanted.length === 0) return
    const evicted = evictedFor(core, peer, wanted.length)
    const { maxRequests } = core.options.limits
    const room = maxRequests - core.records.requests + evicted.length
    const requests = wanted.slice(0, room)
    await core.write([...evicted.flatMap(deletionOf), ...requests.map(recordChange)])
    for (const entry of evicted) core.records.remove(entry)
    for (const request of requests) core.records.add(request)
  })
}

/** Requests for those offers that nothing is known of, as many as this peer may have. */
async function unknownOf(core: Core, peer: Uint8Array, ids: readonly Uint8Array[]): Promise<readonly SyncRecord[]> {
  const { maxRequestsPerPeer, maxRequestsPerStranger } = core.options.limits
  const peerKey = bytesToHex(peer)
  // BOUNDED: maxRequestsPerPeer, maxRequestsPerStranger
  const most = core.isKnown(peer) ? maxRequestsPerPeer : Math.min(maxRequestsPerPeer, maxRequestsPerStranger)
  const room = most - core.records.count(peerKey, 'requests')
  const nowMs = core.nowMs
  const wanted: SyncRecord[] = []
  const distinct = new Map<string, Uint8Array>()
  await forEachSliced(
    ids,
    id => {
      if (core.records.get(peerKey, id) === undefined) distinct.set(bytesToHex(id), id)
    },
    { slicer: core.slicer }
  )
  const unheard = [...distinct.values()]
  for (let at = 0; at < unheard.length && wanted.length < room; at += room) {
    const batch = unheard.slice(at, at + room)
    const origins = await core.peers.originsOf(peer, batch)
    for (const [index, id] of batch.entries()) {
      const known = origins[index] !== undefined
      const request = answerOffer({ peer, id }, { record: undefined, known, nowMs })
      if (request !== undefined && wanted.length < room) wanted.push(request)
    }
  }
  return wanted
}

/** The oldest requests to strangers, as many as must go for `count` more to this peer. */
function evictedFor(core: Core, peer: Uint8Array, count: number): readonly Entry[] {
  const { maxRequests, maxStrangerRequests } = core.options.limits
  const { requests, strangers } = core.records
  // BOUNDED: maxRequests, maxStrangerRequests
  const tooManyInAll = requests + count - maxRequests
  const tooManyOfStrangers = core.isKnown(peer) ? 0 : strangers + count - maxStrangerRequests
  const evicted: Entry[] = []
  if (Math.max(tooManyInAll, tooManyOfStrangers) <= 0) return evicted
  for (const entry of core.records.strangerRequests()) {
    evicted.push(entry)
    if (evicted.length >= Math.max(tooManyInAll, tooManyOfStrangers)) break
  }
  return evicted
}
