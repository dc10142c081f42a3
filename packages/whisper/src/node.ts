import { bloomLength } from './bloom.ts'
import { silentLogger, systemClock, systemRandom, systemScheduler } from './defaults.ts'
import { WhisperError } from './errors.ts'
import { createEventSource } from './events.ts'
import { createFilterIndex } from './filters/filter-index.ts'
import { createFilterTable, type ListenerRegistry } from './filters/filters.ts'
import { hardLimits } from './limits.ts'
import { createRequests } from './mailserver/client.ts'
import { createHistory } from './mailserver/history.ts'
import { historyRange } from './mailserver/range.ts'
import { resolveOptions, type WhisperOptions } from './options.ts'
import type { Clock, Logger, Random, Scheduler } from './ports.ts'
import { createPoster, payloadLimitOf, unknownPeer } from './posting.ts'
import { announceBloom, announcePow } from './relay/announce.ts'
import { createBandwidthMeter } from './relay/bandwidth.ts'
import { type NodeContext, nowSeconds } from './relay/context.ts'
import { createDispatch } from './relay/dispatch.ts'
import { createGossip } from './relay/gossip.ts'
import { candidateOf, createIntake } from './relay/intake.ts'
import { createLinks, type Links } from './relay/links.ts'
import type { Peer } from './relay/peer.ts'
import { createPool } from './relay/pool.ts'
import { createRateLimiter } from './relay/rate-limiter.ts'
import { createOwnRequirements } from './relay/requirements.ts'
import { createPowSearcher } from './search/create-searcher.ts'
import type { PowSearcher } from './search/searcher.ts'
import { createSubscriptions } from './subscriptions.ts'
import type { PeerInfo, Whisper } from './whisper-types.ts'

/** What a node works with. All optional: the machine's own are the default. */
export interface WhisperDeps {
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  readonly scheduler?: Scheduler | undefined
  readonly logger?: Logger | undefined
  /** Finds nonces; the node stops it with itself. */
  readonly pow?: PowSearcher | undefined
}

/** Milliseconds between two looks for expired envelopes. */
const expiryCycleMs = 1000

function peerInfo(peer: Peer): PeerInfo {
  const { remoteAddress } = peer.link
  return {
    peerId: peer.id,
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    trusted: peer.trusted,
    fullNode: peer.bloom === undefined,
    light: peer.light,
    confirmations: peer.confirmations,
    minPow: peer.minPow
  }
}

function invalid(message: string): WhisperError {
  return new WhisperError('invalid-argument', message, { origin: 'caller' })
}

/** A Whisper v6 node. @throws WhisperError `invalid-option` */
export function createWhisper(deps: WhisperDeps = {}, given: WhisperOptions = {}): Whisper {
  const options = resolveOptions(given)
  const scheduler = deps.scheduler ?? systemScheduler
  const events = createEventSource()
  const context: NodeContext = {
    options,
    clock: deps.clock ?? systemClock,
    random: deps.random ?? systemRandom,
    scheduler,
    logger: deps.logger ?? silentLogger,
    events,
    requirements: createOwnRequirements(options, scheduler),
    pool: createPool(options.poolMaxBytes),
    index: createFilterIndex(),
    meter: createBandwidthMeter(),
    peers: new Map(),
    trackers: new Map(),
    mailserver: undefined
  }
  const { requirements, pool, index, peers, trackers } = context
  const searcher = deps.pow ?? createPowSearcher(context.clock, options.powWorkers)
  let stopped = new AbortController()
  let running = false
  let cancelExpiry: () => void = () => undefined

  const registry: ListenerRegistry = {
    add: listener => {
      if (index.size() >= options.maxFilters) {
        throw new WhisperError('too-many-filters', `filters: at most ${options.maxFilters}`, {
          origin: 'caller',
          details: { most: options.maxFilters }
        })
      }
      index.add(listener)
      for (const entry of pool.values()) index.matchOne(listener, candidateOf(entry))
    },
    remove: listener => index.remove(listener)
  }
  /** Adds topics to the filter, if there is one; resolves when the peers have it. */
  const widen = async (topics: readonly Uint8Array[]): Promise<void> => {
    const bloom = requirements.widen(topics) ? requirements.bloom() : undefined
    if (bloom !== undefined) await announceBloom(peers.values(), bloom)
  }

  let links: Links | undefined
  const gossip = createGossip(context)
  const intake = createIntake(context, gossip, (peer, topic) => {
    return links?.limiterOf(peer)?.topic(topic, context.clock.nowMs()) ?? true
  })
  const subscriptions = createSubscriptions(registry, events, scheduler, options.maxQueuedMessages)
  const requests = createRequests(context, searcher)
  const history = createHistory(context, requests, subscriptions)
  const dispatch = createDispatch(context, intake, gossip, {
    messages: history.messages,
    completed: requests.completed
  })
  links = createLinks(context, gossip, dispatch, createRateLimiter(options), {
    room: subscriptions.room,
    detached: requests.detached
  })
  const runningLinks = links

  const assertRunning = (): AbortSignal => {
    if (!running) throw new WhisperError('not-running', 'node: not started, or stopped', { origin: 'caller' })
    return stopped.signal
  }
  const postEnvelope = createPoster(context, intake, gossip, searcher, assertRunning)
  const filters = createFilterTable(registry, context.random, options, context.logger)

  const expire = (): void => {
    for (const { id } of pool.expire(nowSeconds(context))) {
      events.emit('envelopeexpired', { hash: id })
      gossip.forget(id)
      trackers.get(id)?.end()
      trackers.delete(id)
    }
    cancelExpiry = scheduler.after(expiryCycleMs, expire)
  }

  const stop = async (): Promise<void> => {
    if (!running) return
    running = false
    cancelExpiry()
    stopped.abort(new WhisperError('not-running', 'node: stopped', { origin: 'caller' }))
    await runningLinks.stop()
    requests.stop()
    history.stop()
    subscriptions.stop()
    requirements.stop()
    for (const tracker of trackers.values()) tracker.end()
    trackers.clear()
    await searcher.stop()
  }

  return {
    start: async () => {
      if (running) return
      running = true
      stopped = new AbortController()
      cancelExpiry = scheduler.after(expiryCycleMs, expire)
    },
    stop,
    [Symbol.asyncDispose]: stop,
    attach: async link => {
      assertRunning()
      await runningLinks.attach(link)
    },
    post: message => {
      const { route, payload } = message
      const most = payloadLimitOf(route.key, requirements.current().maxMessageSize)
      if (payload.length > most) {
        return Promise.reject(
          new WhisperError('payload-too-large', `payload: at most ${most} bytes, got ${payload.length}`, {
            origin: 'caller',
            details: { most, got: payload.length }
          })
        )
      }
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
    },
    subscribe: (interest, { signal } = {}) => {
      if (interest.topics.length === 0 || interest.topics.some(topic => topic.length !== 4)) {
        throw invalid('interest: expected topics of 4 bytes')
      }
      let ready: Promise<void> = Promise.resolve()
      if (signal?.aborted !== true) ready = widen(interest.topics)
      return subscriptions.subscribe(interest, ready, { signal })
    },
    history: (server, query) => {
      assertRunning()
      return history.page(server, query)
    },
    connected: () => peers.size > 0,
    payloadLimit: route => payloadLimitOf(route.key, requirements.current().maxMessageSize),
    peers: () => [...peers.values()].map(peerInfo),
    disconnect: async peerId => {
      const peer = peers.get(peerId)
      if (peer === undefined) throw unknownPeer(peerId)
      peer.gone.abort(new WhisperError('link-closed', 'peer: disconnected', { origin: 'environment' }))
    },
    filters: {
      ...filters,
      add: filter => {
        const id = filters.add(filter)
        void widen(filter.topics ?? [])
        return id
      }
    },
    postEnvelope,
    estimatePow: searcher.estimate,
    info: () => {
      const bloomFilter = requirements.bloom()
      return {
        memory: pool.bytes(),
        messages: pool.size(),
        minPow: requirements.minPow(),
        maxMessageSize: requirements.current().maxMessageSize,
        ...(bloomFilter === undefined ? {} : { bloomFilter: bloomFilter.slice() })
      }
    },
    setMinPow: async minPow => {
      if (!(Number.isFinite(minPow) && minPow >= 0)) throw invalid('invalid PoW')
      requirements.setMinPow(minPow)
      await announcePow(peers.values(), minPow)
    },
    setBloomFilter: async bloom => {
      if (bloom.length !== bloomLength) throw invalid(`invalid bloom filter size: ${bloom.length}`)
      requirements.setBloom(bloom)
      await announceBloom(peers.values(), bloom)
    },
    setMaxMessageSize: bytes => {
      if (!(Number.isInteger(bytes) && bytes >= 1 && bytes <= hardLimits.maxMessageSize)) {
        throw invalid(`message size: expected 1 … ${hardLimits.maxMessageSize}, got ${bytes}`)
      }
      requirements.setMaxMessageSize(bytes)
    },
    setLight: requirements.setLight,
    trustPeer: peerId => {
      const peer = peers.get(peerId)
      if (peer === undefined) throw unknownPeer(peerId)
      peer.trusted = true
    },
    bandwidth: context.meter.snapshot,
    counters: events.counters,
    mailserver: {
      request: async (server, request) => {
        assertRunning()
        const sent = await requests.send(server, request)
        const peer = peers.get(server)
        if (peer !== undefined) peer.trusted = true
        return sent
      },
      range: (servers, range) => historyRange(history.page, () => nowSeconds(context), servers, range),
      sync: requests.sync
    },
    serve: mailserver => {
      if (context.mailserver !== undefined) throw invalid('mailserver: one is plugged in already')
      context.mailserver = mailserver
      return () => {
        if (context.mailserver === mailserver) context.mailserver = undefined
      }
    },
    events
  }
}
