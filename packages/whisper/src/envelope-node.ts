import { createLifecycle, steadyClock, systemScheduler, timeSlicer } from '@status-stack/utils'
import { check } from './checks.ts'
import { silentLogger, systemClock, systemRandom } from './defaults.ts'
import { WhisperError } from './errors.ts'
import { createEventSource } from './events.ts'
import { createFilterIndex } from './filters/filter-index.ts'
import { createFilterTable } from './filters/filters.ts'
import { createListenerRegistry } from './filters/listener-registry.ts'
import { createWaitingBudget } from './filters/waiting-budget.ts'
import { createRequests } from './mailserver/client.ts'
import { createHistory } from './mailserver/history.ts'
import { createApi, type NodeParts } from './node-api.ts'
import { type EnvelopeNodeOptions, resolveOptions } from './options.ts'
import { createPoster } from './posting.ts'
import { announceChange } from './relay/announce.ts'
import type { AnnouncedInterest } from './relay/announced-interest.ts'
import { createAnswerBudget } from './relay/answer-budget.ts'
import { type Archive, createArchive } from './relay/archive.ts'
import { createBandwidthMeter } from './relay/bandwidth.ts'
import { type NodeContext, nowSeconds } from './relay/context.ts'
import { createDispatch } from './relay/dispatch.ts'
import { createGossip } from './relay/gossip.ts'
import { createIntake, type Intake } from './relay/intake.ts'
import { createLinks, type Links } from './relay/links.ts'
import { createPool } from './relay/pool.ts'
import type { PooledEnvelope } from './relay/pooled-envelope.ts'
import type { EnvelopeProtocol } from './relay/protocol.ts'
import { createRateLimiter } from './relay/rate-limiter.ts'
import { createOwnRequirements } from './relay/requirements.ts'
import { createPowSearcher } from './search/create-searcher.ts'
import { createSubscriptions } from './subscriptions.ts'
import type { EnvelopeExchange, Whisper, WhisperDeps } from './whisper-types.ts'

/** Milliseconds between two looks for expired envelopes. */
const expiryCycleMs = 1000

function createContext(protocol: EnvelopeProtocol, deps: WhisperDeps, given: EnvelopeNodeOptions): NodeContext {
  check.object('deps', deps)
  check.ports(deps, {
    clock: ['nowMs'],
    random: ['bytes'],
    scheduler: ['after'],
    logger: ['debug', 'warn', 'error'],
    pow: ['search', 'best', 'estimate', 'stop'],
    slicer: ['yielded']
  })
  const options = resolveOptions(given)
  const scheduler = deps.scheduler ?? systemScheduler
  const slicer = deps.slicer ?? timeSlicer
  const clock = deps.clock ?? systemClock
  return {
    protocol,
    options,
    clock,
    steady: steadyClock(clock),
    random: deps.random ?? systemRandom,
    scheduler,
    logger: deps.logger ?? silentLogger,
    slicer,
    events: createEventSource(deps.logger),
    requirements: createOwnRequirements(options, scheduler, protocol.interest.initial),
    pool: createPool(options.poolMaxBytes),
    index: createFilterIndex(slicer),
    meter: createBandwidthMeter(protocol.kindOfCode),
    answers: createAnswerBudget(),
    peers: new Map(),
    trackers: new Map(),
    exchanges: new Set(),
    mailserver: undefined
  }
}

/** Takes expired envelopes out of the pool, once a second and in slices. */
function createExpiry({ clock, scheduler, slicer, pool, events, trackers }: NodeContext) {
  let cancel: () => void = () => undefined
  let running = false
  const expire = async (): Promise<void> => {
    for (;;) {
      const entry = pool.expireNext(nowSeconds({ clock }))
      if (entry === undefined) break
      events.emit('envelopeexpired', { hash: entry.id })
      trackers.get(entry.id)?.end()
      trackers.delete(entry.id)
      const pause = slicer.yielded()
      if (pause !== undefined) await pause
    }
    if (running) schedule()
  }
  const schedule = (): void => {
    // At most one cycle, also when the node is started again while the last one was at work.
    cancel()
    cancel = scheduler.after(expiryCycleMs, () => void expire())
  }
  return {
    start: (): void => {
      running = true
      schedule()
    },
    stop: (): void => {
      running = false
      cancel()
    }
  }
}

/** The parts of a node, wired. */
function createParts(
  context: NodeContext,
  deps: WhisperDeps
): NodeParts & { readonly intake: Intake; readonly archive: Archive } {
  const { options, steady, scheduler, slicer, events, index, pool, random, logger } = context
  const searcher = deps.pow ?? createPowSearcher(steady, options.powWorkers)
  const registry = createListenerRegistry(index, pool, options.maxFilters, slicer)
  let links: Links | undefined
  const gossip = createGossip(context)
  const archive = createArchive(context)
  const intake = createIntake(context, gossip, archive, {
    topicAllowed: (peer, topic) => links?.limiterOf(peer)?.topic(topic, steady.nowMs()) ?? true,
    charge: (peer, envelopes) => links?.limiterOf(peer)?.charge(steady.nowMs(), envelopes)
  })
  const { maxQueuedMessages } = options
  const budget = createWaitingBudget()
  const subscriptions = createSubscriptions({ registry, events, clock: steady, scheduler, maxQueuedMessages, budget })
  const requests = createRequests(context, searcher)
  const history = createHistory(context, requests, subscriptions)
  const dispatch = createDispatch(context, intake, gossip, {
    messages: history.messages,
    completed: requests.completed
  })
  links = createLinks(context, {
    gossip,
    dispatch,
    rateLimiter: createRateLimiter(options),
    room: subscriptions.room,
    detached: requests.detached
  })
  return {
    intake,
    archive,
    searcher,
    subscriptions,
    requests,
    history,
    links,
    filters: createFilterTable(registry, random, options, budget, logger),
    createPoster: running => createPoster(context, intake, gossip, searcher, running)
  }
}

/** What `start` and `stop` do. */
function createNodeLifecycle(context: NodeContext, parts: NodeParts & { readonly archive: Archive }) {
  const { trackers, requirements } = context
  const expiry = createExpiry(context)
  let stopped = new AbortController()
  let running = false
  const begin = async (): Promise<void> => {
    if (running) return
    running = true
    stopped = new AbortController()
    expiry.start()
    parts.archive.start()
  }
  const end = async (): Promise<void> => {
    if (!running) return
    running = false
    expiry.stop()
    stopped.abort(new WhisperError('not-running', 'node: stopped', { origin: 'caller' }))
    await parts.links.stop()
    parts.archive.stop()
    parts.requests.stop()
    parts.history.stop()
    parts.subscriptions.stop()
    requirements.stop()
    for (const tracker of trackers.values()) tracker.end()
    trackers.clear()
    await parts.searcher.stop()
  }
  return {
    ...createLifecycle(begin, end),
    /** Fires when the node stops. @throws WhisperError `not-running` */
    assertRunning: (): AbortSignal => {
      if (!running) throw new WhisperError('not-running', 'node: not started, or stopped', { origin: 'caller' })
      return stopped.signal
    }
  }
}

/** A node, and what a protocol builds its own methods of. */
export interface EnvelopeNode {
  /** The public face: with it alone the node can be used. */
  readonly node: Whisper
  /** Wants this from now on; resolves when the peers know. */
  readonly setInterest: (interest: AnnouncedInterest) => Promise<void>
  /** What is announced. */
  readonly interest: () => AnnouncedInterest
}

/**
 * A node of any protocol of the family.
 *
 * @param protocol what is the protocol's own
 * @param deps what it works with; each has a default of the machine's own
 * @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * const { node, setInterest } = createEnvelopeNode(myProtocol)
 * await setInterest({ topics: topicSetOf(topics) })
 * ```
 */
export function createEnvelopeNode(
  protocol: EnvelopeProtocol,
  deps: WhisperDeps = {},
  options: EnvelopeNodeOptions = {}
): EnvelopeNode {
  const context = createContext(protocol, deps, options)
  const { requirements, exchanges, peers } = context
  const parts = createParts(context, deps)
  const setInterest = async (interest: AnnouncedInterest): Promise<void> => {
    requirements.setInterest(interest)
    await announceChange(protocol, peers.values(), { interest })
  }
  const exchange: EnvelopeExchange = {
    onPooled: take => {
      check.function('take', take)
      const takeEntry = ({ bytes }: PooledEnvelope): void => take(bytes)
      exchanges.add(takeEntry)
      return () => void exchanges.delete(takeEntry)
    },
    offer: async envelope => {
      check.bytes('envelope', envelope)
      return parts.intake.offer(envelope)
    }
  }
  return {
    node: { ...createApi(context, parts, createNodeLifecycle(context, parts), setInterest), exchange },
    setInterest,
    interest: requirements.interest
  }
}
