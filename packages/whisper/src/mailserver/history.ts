import { bytesToHex } from '@status-stack/crypto'
import { decodeEnvelope, type Envelope, envelopeHash, sentSeconds } from '../envelope.ts'
import { WhisperError } from '../errors.ts'
import { type Candidate, createFilterIndex, type FilterIndex } from '../filters/filter-index.ts'
import { hardLimits } from '../limits.ts'
import { unknownPeer } from '../posting.ts'
import { envelopePow } from '../pow.ts'
import { type NodeContext, nowSeconds } from '../relay/context.ts'
import type { Peer } from '../relay/peer.ts'
import type { Delivery, Interest } from '../route.ts'
import { deliveryOf, placesOf, type Subscriptions } from '../subscriptions.ts'
import { orAbort } from '../wait.ts'
import type { HistoryPage, HistoryQuery } from '../whisper-types.ts'
import { type Requests, rangeId } from './client.ts'

/** The page that a server is sending. */
interface Collector {
  readonly index: FilterIndex
  readonly deliveries: Delivery[]
  readonly seen: Set<string>
  readonly from: number
  readonly to: number
  bytes: number
  readonly overflow: (error: WhisperError) => void
}

/** Whole pages of history, and peer-to-peer messages for the filters. */
export interface History {
  readonly page: (server: string, query: HistoryQuery) => Promise<HistoryPage>
  /** Packet 127 of a trusted peer. @throws WhisperError `invalid-envelope` */
  readonly messages: (peer: Peer, envelopes: readonly Uint8Array[]) => void
  readonly stop: () => void
}

function collectorFor(
  query: HistoryQuery,
  server: string,
  to: number,
  overflow: (error: WhisperError) => void
): Collector {
  const index = createFilterIndex()
  const deliveries: Delivery[] = []
  for (const interest of query.interests) {
    index.add({
      key: interest.key,
      topics: interest.topics,
      src: interest.signer,
      minPow: 0,
      allowP2P: true,
      deliver: message => deliveries.push(deliveryOf(message, interest, { mailserver: server }))
    })
  }
  return { index, deliveries, seen: new Set(), from: query.fromSeconds, to, bytes: 0, overflow }
}

export function createHistory(context: NodeContext, requests: Requests, subscriptions: Subscriptions): History {
  const { options, peers, scheduler, index } = context
  // BOUNDED: one per server.
  const collectors = new Map<string, Collector>()
  // BOUNDED: one chain per server that is asked; a chain ends with its last page.
  const turns = new Map<string, Promise<unknown>>()
  // Holds of ranges whose next page is expected. BOUNDED: one per open range, historyHoldMs each.
  const holds = new Map<string, { readonly release: () => void; readonly cancelTimer: () => void }>()

  const takeHold = (id: string, interests: readonly Interest[]): (() => void) => {
    const kept = holds.get(id)
    if (kept === undefined) return subscriptions.hold(interests)
    kept.cancelTimer()
    holds.delete(id)
    return kept.release
  }

  const keepHold = (id: string, release: () => void): void => {
    const cancelTimer = scheduler.after(options.historyHoldMs, () => {
      holds.delete(id)
      release()
    })
    holds.set(id, { release, cancelTimer })
  }

  /** The trust that a request brings; a late answer of an overdue one is still listened for. */
  const dropLease = (peer: Peer, late: boolean): void => {
    if (!late) {
      peer.leases = Math.max(0, peer.leases - 1)
      return
    }
    scheduler.after(hardLimits.lateAnswerMs, () => {
      peer.leases = Math.max(0, peer.leases - 1)
    })
  }

  const fetchPage = async (peer: Peer, query: HistoryQuery): Promise<HistoryPage> => {
    const to = query.toSeconds === 0 ? nowSeconds(context) : query.toSeconds
    const stop = new AbortController()
    const collector = collectorFor(query, peer.id, to, error => stop.abort(error))
    const forward = (): void => stop.abort(query.signal?.reason)
    query.signal?.addEventListener('abort', forward, { once: true })
    if (query.signal?.aborted === true) forward()
    collectors.set(peer.id, collector)
    peer.leases += 1
    let late = false
    try {
      const { completion } = await requests.send(peer.id, {
        fromSeconds: query.fromSeconds,
        toSeconds: to,
        topics: query.interests.flatMap(interest => interest.topics),
        limit: query.limit,
        signer: query.signer,
        force: true,
        signal: stop.signal,
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
        ...(query.key === undefined ? {} : { key: query.key }),
        ...(query.timeoutMs === undefined ? {} : { timeoutMs: query.timeoutMs })
      })
      const done = await orAbort(completion, stop.signal)
      if (done.kind === 'failed') {
        throw new WhisperError('request-refused', `history: the mailserver refused: ${done.error.slice(0, 200)}`, {
          origin: 'environment'
        })
      }
      const { deliveries } = collector
      return done.cursor.length === 0 ? { deliveries } : { deliveries, cursor: done.cursor }
    } catch (error) {
      late = WhisperError.is(error) && error.code === 'request-timeout'
      throw error
    } finally {
      query.signal?.removeEventListener('abort', forward)
      if (collectors.get(peer.id) === collector) collectors.delete(peer.id)
      dropLease(peer, late)
    }
  }

  const page = async (server: string, query: HistoryQuery): Promise<HistoryPage> => {
    const peer = peers.get(server)
    if (peer === undefined) throw unknownPeer(server)
    const id = rangeId(server, query.interests.flatMap(placesOf))
    const release = takeHold(id, query.interests)
    try {
      const answer = await fetchPage(peer, query)
      if (answer.cursor === undefined) release()
      else keepHold(id, release)
      return answer
    } catch (error) {
      release()
      throw error
    }
  }

  const collect = (peer: Peer, collector: Collector, candidate: Candidate, raw: Uint8Array): void => {
    collector.bytes += raw.length
    if (collector.bytes > options.historyMaxBytes) {
      collectors.delete(peer.id)
      collector.overflow(
        new WhisperError('response-too-large', `history: over ${options.historyMaxBytes} bytes for one page`, {
          origin: 'peer',
          details: { most: options.historyMaxBytes }
        })
      )
      return
    }
    const id = bytesToHex(candidate.hash)
    const sent = sentSeconds(candidate.envelope)
    if (collector.seen.has(id) || sent < collector.from || sent > collector.to) return
    collector.seen.add(id)
    collector.index.match(candidate)
  }

  return {
    page: (server, query) => {
      // Packet 127 carries no request id: pages of one server come one after the other.
      const turn = (turns.get(server) ?? Promise.resolve()).then(
        () => page(server, query),
        () => page(server, query)
      )
      const settled = turn.then(
        () => undefined,
        () => undefined
      )
      turns.set(server, settled)
      void settled.then(() => {
        if (turns.get(server) === settled) turns.delete(server)
      })
      return turn
    },
    messages: (peer, envelopes) => {
      const parsed = envelopes.map((raw): { readonly raw: Uint8Array; readonly envelope: Envelope } => ({
        raw,
        envelope: decodeEnvelope(raw)
      }))
      for (const { raw, envelope } of parsed) {
        const candidate = { envelope, hash: envelopeHash(raw), pow: envelopePow(envelope), p2p: true }
        index.match(candidate)
        const collector = collectors.get(peer.id)
        if (collector !== undefined) collect(peer, collector, candidate, raw)
      }
    },
    stop: () => {
      for (const { release, cancelTimer } of holds.values()) {
        cancelTimer()
        release()
      }
      holds.clear()
    }
  }
}
