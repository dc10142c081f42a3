import { bloomLength } from './bloom.ts'
import { check, checkInterest, checkRoute, checkSigner, maxUint32 } from './checks.ts'
import { invalidArgument, WhisperError } from './errors.ts'
import type { FilterTable } from './filters/filter-types.ts'
import { limits } from './limits.ts'
import type { Requests } from './mailserver/client.ts'
import type { HistoryRange } from './mailserver/client-types.ts'
import type { History } from './mailserver/history.ts'
import type { MailserverPort } from './mailserver/port.ts'
import { historyRange } from './mailserver/range.ts'
import { checkRequestKey } from './mailserver/request-checks.ts'
import { checkPost, type Poster, payloadLimitOf, unknownPeer } from './posting.ts'
import { announceChange } from './relay/announce.ts'
import type { AnnouncedInterest } from './relay/announced-interest.ts'
import { type NodeContext, nowSeconds } from './relay/context.ts'
import type { Links } from './relay/links.ts'
import type { Peer } from './relay/peer.ts'
import type { PowSearcher } from './search/searcher.ts'
import type { Subscriptions } from './subscriptions.ts'
import { topicFromBytes } from './topic.ts'
import type { HistoryQuery, PeerInfo, PostMessage, Whisper } from './whisper-types.ts'

/** The parts of a node that its public face is made of. */
export interface NodeParts {
  readonly searcher: PowSearcher
  readonly subscriptions: Subscriptions
  readonly requests: Requests
  readonly history: History
  readonly links: Links
  readonly filters: FilterTable
  readonly createPoster: (running: () => AbortSignal) => Poster
}

export interface Lifecycle {
  readonly assertRunning: () => AbortSignal
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

function peerInfo(peer: Peer): PeerInfo {
  const { remoteAddress } = peer.link
  return {
    peerId: peer.id,
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    trusted: peer.trusted,
    fullNode: peer.interest.bloom === undefined && peer.interest.topics === undefined,
    light: peer.light,
    confirmations: peer.confirmations,
    minPow: peer.minPow
  }
}

/** What a page and a range have in common. */
const askedFor = ['interests', 'fromSeconds', 'toSeconds', 'signer', 'key', 'timeoutMs', 'signal']

/** @param own the names that there are besides @throws WhisperError `invalid-argument` */
function checkHistory(server: string, query: Omit<HistoryQuery, 'limit' | 'cursor'>, own: readonly string[]): void {
  check.text('server', server)
  check.options('query', query, [...askedFor, ...own])
  check.array('query.interests', query.interests)
  if (query.interests.length === 0) throw invalidArgument('query.interests: expected at least one interest')
  for (const interest of query.interests) checkInterest('query.interests', interest)
  check.integer('query.fromSeconds', query.fromSeconds, 0, maxUint32)
  check.integer('query.toSeconds', query.toSeconds, 0, maxUint32)
  checkSigner('query.signer', query.signer)
  checkRequestKey('query.key', query.key)
  check.signal('query.signal', query.signal)
}

function checkRange(servers: readonly string[], range: HistoryRange): void {
  check.array('servers', servers)
  check.object('range', range)
  for (const server of servers) checkHistory(server, range, ['pageLimit', 'attempts', 'resume'])
  if (range.pageLimit !== undefined) check.integer('range.pageLimit', range.pageLimit, 1, limits.maxHistoryLimit)
  if (range.attempts !== undefined) check.integer('range.attempts', range.attempts, 1, maxUint32)
  if (range.resume === undefined) return
  check.object('range.resume', range.resume)
  check.bytes('range.resume.cursor', range.resume.cursor)
  check.integer('range.resume.toSeconds', range.resume.toSeconds, 0, maxUint32)
}

/** The settings of a running node. */
function settingsOf(
  { protocol, requirements, peers, pool }: NodeContext,
  setInterest: (interest: AnnouncedInterest) => Promise<void>
): Pick<Whisper, 'info' | 'setMinPow' | 'setBloomFilter' | 'setMaxMessageSize' | 'setLight'> {
  return {
    info: () => {
      const { bloom: bloomFilter } = requirements.interest()
      return {
        memory: pool.bytes(),
        messages: pool.size(),
        minPow: requirements.minPow(),
        maxMessageSize: requirements.current().maxMessageSize,
        ...(bloomFilter === undefined ? {} : { bloomFilter: bloomFilter.slice() })
      }
    },
    setMinPow: async minPow => {
      // The texts are those of `shh_setMinPoW` and `shh_setBloomFilter`.
      if (!(Number.isFinite(minPow) && minPow >= 0)) throw invalidArgument('invalid PoW')
      requirements.setMinPow(minPow)
      await announceChange(protocol, peers.values(), { minPow })
    },
    setBloomFilter: async bloom => {
      check.bytes('bloomFilter', bloom)
      if (bloom.length !== bloomLength) throw invalidArgument(`invalid bloom filter size: ${bloom.length}`)
      await setInterest({ bloom: bloom.slice() })
    },
    setMaxMessageSize: bytes => {
      check.integer('maxMessageSize', bytes, 1, limits.maxMessageSize)
      requirements.setMaxMessageSize(bytes)
    },
    setLight: light => {
      check.boolean('light', light)
      requirements.setLight(light)
      void announceChange(protocol, peers.values(), { light })
    }
  }
}

/** What a mailserver may plug in. */
const portNames = ['archive', 'request', 'syncRequest', 'syncResponse'] as const satisfies (keyof MailserverPort)[]

/** Mailservers: asking them, and being one. */
function mailOf(
  context: NodeContext,
  { requests, history }: NodeParts,
  { assertRunning }: Lifecycle
): Pick<Whisper, 'history' | 'mailserver' | 'serve'> {
  return {
    history: async (server, query) => {
      checkHistory(server, query, ['limit', 'cursor'])
      check.integer('query.limit', query.limit, 1, limits.maxHistoryLimit)
      if (query.cursor !== undefined) check.bytes('query.cursor', query.cursor)
      assertRunning()
      return history.page(server, query)
    },
    mailserver: {
      request: async (server, request) => {
        check.text('server', server)
        assertRunning()
        return requests.send(server, request, 'packet')
      },
      range: (servers, range) => {
        checkRange(servers, range)
        return historyRange(history.page, () => nowSeconds(context), servers, range)
      },
      sync: requests.sync
    },
    serve: mailserver => {
      check.options('mailserver', mailserver, portNames)
      check.ports(mailserver, { archive: ['accept'] })
      for (const name of ['request', 'syncRequest', 'syncResponse'] as const)
        if (mailserver[name] !== undefined) check.function(`mailserver.${name}`, mailserver[name])
      if (context.mailserver !== undefined) throw invalidArgument('mailserver: one is already plugged in')
      context.mailserver = mailserver
      return () => {
        if (context.mailserver === mailserver) context.mailserver = undefined
      }
    }
  }
}

function tooLarge(most: number, got: number): WhisperError {
  return new WhisperError('payload-too-large', `payload: at most ${most} bytes, got ${got}`, {
    origin: 'caller',
    details: { most, got }
  })
}

/** Posting and listening. */
function messagesOf(
  context: NodeContext,
  parts: NodeParts,
  { assertRunning }: Lifecycle,
  setInterest: (interest: AnnouncedInterest) => Promise<void>
): Pick<Whisper, 'post' | 'postEnvelope' | 'subscribe' | 'filters' | 'payloadLimit'> {
  const { protocol, requirements, index } = context
  const postEnvelope = parts.createPoster(assertRunning)
  /** Adds topics to what the node wants, if it does not want everything; resolves when the peers know. */
  const widen = (topics: readonly Uint8Array[]): Promise<void> => {
    const wider = protocol.interest.widen(requirements.interest(), topics, index.topics)
    return wider === undefined ? Promise.resolve() : setInterest(wider)
  }
  const post = async (message: PostMessage) => {
    checkPost(message, ['route'])
    const { route, payload } = message
    checkRoute('route', route)
    const most = payloadLimitOf(route.key, requirements.current().maxMessageSize)
    if (payload.length > most) throw tooLarge(most, payload.length)
    const ttlSeconds = message.ttlSeconds ?? route.ttlSeconds
    const pow = message.pow ?? route.pow?.(payload.length)
    return postEnvelope({
      topic: route.topic,
      key: route.key,
      payload,
      ...(message.signer === undefined ? {} : { signer: message.signer }),
      ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
      ...(pow === undefined ? {} : { pow }),
      ...(message.targetPeer === undefined ? {} : { targetPeer: message.targetPeer }),
      ...(message.onProgress === undefined ? {} : { onProgress: message.onProgress }),
      ...(message.signal === undefined ? {} : { signal: message.signal })
    })
  }
  return {
    post,
    postEnvelope,
    subscribe: (interest, options = {}) => {
      checkInterest('interest', interest)
      check.options('options', options, ['signal'])
      const { signal } = options
      check.signal('signal', signal)
      let ready: Promise<void> = Promise.resolve()
      if (signal?.aborted !== true) ready = widen(interest.topics)
      return parts.subscriptions.subscribe(interest, ready, { signal })
    },
    filters: {
      ...parts.filters,
      add: filter => {
        const id = parts.filters.add(filter)
        try {
          void widen((filter.topics ?? []).map(topicFromBytes))
        } catch (error) {
          parts.filters.remove(id)
          throw error
        }
        return id
      }
    },
    payloadLimit: route => {
      checkRoute('route', route)
      return payloadLimitOf(route.key, requirements.current().maxMessageSize)
    }
  }
}

/** Links and their peers. */
function peersOf(
  { peers }: NodeContext,
  { links }: NodeParts,
  { assertRunning }: Lifecycle
): Pick<Whisper, 'attach' | 'connected' | 'peers' | 'disconnect' | 'trustPeer'> {
  const peerOf = (peerId: string): Peer => {
    check.text('peerId', peerId)
    const peer = peers.get(peerId)
    if (peer === undefined) throw unknownPeer(peerId)
    return peer
  }
  return {
    attach: async link => {
      assertRunning()
      await links.attach(link)
    },
    connected: () => peers.size > 0,
    peers: () => [...peers.values()].map(peerInfo),
    disconnect: async peerId => {
      peerOf(peerId).abort.abort(new WhisperError('link-closed', 'peer: disconnected', { origin: 'environment' }))
    },
    trustPeer: peerId => {
      peerOf(peerId).trusted = true
    }
  }
}

/** The public face of a node. */
export function createApi(
  context: NodeContext,
  parts: NodeParts,
  lifecycle: Lifecycle,
  setInterest: (interest: AnnouncedInterest) => Promise<void>
): Omit<Whisper, 'exchange'> {
  return {
    capability: context.protocol.capability,
    start: lifecycle.start,
    stop: lifecycle.stop,
    [Symbol.asyncDispose]: lifecycle.stop,
    ...peersOf(context, parts, lifecycle),
    ...messagesOf(context, parts, lifecycle, setInterest),
    ...mailOf(context, parts, lifecycle),
    ...settingsOf(context, setInterest),
    estimatePow: async (target, size, ttlSeconds) => {
      check.number('target', target, -Number.MAX_VALUE, Number.MAX_VALUE)
      check.integer('size', size, 0, Number.MAX_SAFE_INTEGER)
      check.integer('ttlSeconds', ttlSeconds, 0, maxUint32)
      return parts.searcher.estimate(target, size, ttlSeconds)
    },
    bandwidth: context.meter.snapshot,
    counters: context.events.counters,
    on: context.events.on
  }
}
