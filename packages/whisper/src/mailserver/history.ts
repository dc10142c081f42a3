import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { raceAbort, whenAborted } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import { checkEnvelopes, type EnvelopeSpan, forEachEnvelope } from '../packets/envelope-reader.ts'
import { unknownPeer } from '../posting.ts'
import { envelopePowOfSpan } from '../pow.ts'
import { type NodeContext, nowSeconds } from '../relay/context.ts'
import { candidateAt } from '../relay/judging.ts'
import type { Peer } from '../relay/peer.ts'
import type { Subscriptions } from '../subscriptions.ts'
import { topicNumberAt } from '../topic.ts'
import type { HistoryPage, HistoryQuery } from '../whisper-types.ts'
import type { Requests } from './client.ts'
import type { MailRequest } from './client-types.ts'
import { type Collector, createCollector } from './collector.ts'
import { createHistoryHolds } from './history-holds.ts'
import { createOpenRanges, type OpenRange, rangeId } from './open-ranges.ts'
import { remainingOf } from './remaining.ts'

/** Whole pages of history, and peer-to-peer messages for the filters. */
export interface History {
  readonly page: (server: string, query: HistoryQuery) => Promise<HistoryPage>
  /** Packet 127 of a trusted peer. @throws WhisperError `invalid-packet`, `invalid-envelope` */
  readonly messages: (peer: Peer, payload: Uint8Array) => Promise<void>
  readonly stop: () => void
}

/** Pages of one server come one after the other: packet 127 carries no request id. */
function createTurns() {
  // BOUNDED: one chain for each server that is asked; a chain ends with its last page.
  const turns = new Map<string, Promise<unknown>>()
  return {
    run: <T>(server: string, task: () => Promise<T>): Promise<T> => {
      const turn = (turns.get(server) ?? Promise.resolve()).then(task)
      const settled = turn.catch(() => undefined)
      turns.set(server, settled)
      void settled.then(() => {
        if (turns.get(server) === settled) turns.delete(server)
      })
      return turn
    }
  }
}

export function createHistory(context: NodeContext, requests: Requests, subscriptions: Subscriptions): History {
  const { options, peers, scheduler, index, slicer, steady } = context
  // BOUNDED: one per server.
  const collectors = new Map<string, Collector>()
  const turns = createTurns()
  const holds = createHistoryHolds(subscriptions, scheduler, options.historyHoldMs)
  const ranges = createOpenRanges(steady)

  /** The trust that a request brings; a late answer of an overdue one is still listened for. */
  const dropLease = (peer: Peer, late: boolean): void => {
    const drop = (): void => {
      peer.leases = Math.max(0, peer.leases - 1)
    }
    if (late) scheduler.after(limits.lateAnswerMs, drop)
    else drop()
  }

  const ask = async (peer: Peer, query: HistoryQuery, toSeconds: number, signal: AbortSignal): Promise<Uint8Array> => {
    const request: MailRequest = {
      fromSeconds: query.fromSeconds,
      toSeconds,
      topics: query.interests.flatMap(interest => interest.topics),
      limit: query.limit,
      signer: query.signer,
      force: true,
      signal,
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      ...(query.key === undefined ? {} : { key: query.key }),
      ...(query.timeoutMs === undefined ? {} : { timeoutMs: query.timeoutMs })
    }
    const { completion } = await requests.send(peer.id, request, 'page')
    const done = await raceAbort(completion, signal)
    if (done.kind === 'done') return done.cursor
    throw new WhisperError(
      'request-refused',
      `history: the mailserver refused: ${done.error.slice(0, limits.peerText)}`,
      {
        origin: 'environment'
      }
    )
  }

  const fetchPage = async (peer: Peer, query: HistoryQuery, range: OpenRange): Promise<HistoryPage> => {
    const toSeconds = query.toSeconds === 0 ? nowSeconds(context) : query.toSeconds
    const stop = new AbortController()
    const forward = (): void => stop.abort(query.signal?.reason)
    const collector = createCollector({
      query,
      server: peer.id,
      toSeconds,
      maxBytes: options.historyMaxBytes,
      slicer,
      overflow: error => stop.abort(error)
    })
    const callOff = whenAborted(query.signal, forward)
    collectors.set(peer.id, collector)
    peer.leases += 1
    let late = false
    try {
      const cursor = await ask(peer, query, toSeconds, stop.signal)
      const { deliveries } = collector
      if (cursor.length === 0) return { deliveries }
      range.advance({ envelopes: collector.envelopes, limit: query.limit, cursor })
      const remaining = remainingOf({ fromSeconds: query.fromSeconds, toSeconds }, cursor, collector.sent())
      return { deliveries, cursor, ...(remaining === undefined ? {} : { remaining }) }
    } catch (error) {
      late = WhisperError.is(error) && error.code === 'request-timeout'
      throw error
    } finally {
      callOff()
      if (collectors.get(peer.id) === collector) collectors.delete(peer.id)
      collector.close()
      dropLease(peer, late)
    }
  }

  const page = async (server: string, query: HistoryQuery): Promise<HistoryPage> => {
    const peer = peers.get(server)
    if (peer === undefined) throw unknownPeer(server)
    const id = rangeId(server, query)
    const release = holds.take(id, query.interests)
    try {
      const answer = await fetchPage(peer, query, ranges.of(id, query))
      if (answer.cursor !== undefined) holds.keep(id, release)
      else {
        ranges.end(id)
        release()
      }
      return answer
    } catch (error) {
      release()
      throw error
    }
  }

  /** One envelope of packet 127: for the filters with allowP2P, and for the page that is under way. */
  const take = async (peer: Peer, packet: Uint8Array, span: EnvelopeSpan): Promise<void> => {
    const raw = packet.subarray(span.start, span.end)
    const hash = keccak256(raw)
    const collector = collectors.get(peer.id)
    const collecting = collector?.collect(packet, span, hash)
    if (collecting !== undefined) await collecting
    if (!index.hears(topicNumberAt(packet, span.topicStart))) return
    const matched = index.match(candidateAt(packet, span, bytesToHex(hash), envelopePowOfSpan(packet, span)))
    if (typeof matched !== 'boolean') await matched
  }

  return {
    page: (server, query) => turns.run(server, () => page(server, query)),
    messages: async (peer, payload) => {
      const range = context.protocol.peerToPeer.envelopesOf(payload)
      const { signal } = peer.abort
      await checkEnvelopes(payload, range, slicer, signal)
      await forEachEnvelope(payload, range, span => take(peer, payload, span), slicer, signal)
    },
    stop: holds.stop
  }
}
