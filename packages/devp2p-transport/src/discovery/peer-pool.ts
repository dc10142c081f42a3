import { formatEnode, type Host, type PeerInfo } from '@status-stack/rlpx'
import { check, checkPositive, systemClock, systemScheduler } from '@status-stack/rlpx/carrier'
import { steadyClock } from '@status-stack/utils'
import type { Clock, Logger, Scheduler } from '../ports.ts'
import { type Candidate, createCandidates } from './peer-candidates.ts'
import { createPeerSearch, type PeerSource } from './peer-search.ts'
import { createRememberedPeers, type PeerStore } from './remembered-peers.ts'

export type { PeerSource } from './peer-search.ts'
export type { PeerStore, RememberedPeer } from './remembered-peers.ts'

/** What a peer pool needs from outside. */
export interface PeerPoolDeps {
  /** Dials, and says who is connected; started and stopped by the caller. */
  readonly host: Pick<Host, 'peerId' | 'dial' | 'peers' | 'on'>
  /** All of them are asked at each search; one that fails is passed over. */
  readonly sources: readonly PeerSource[]
  /** Where good peers are remembered. @default they are forgotten */
  readonly store?: PeerStore | undefined
  /** Ages of remembered peers, and when a candidate may be tried again. @default the system clock */
  readonly clock?: Clock | undefined
  /** Times searches. @default setTimeout, never keeping the process alive */
  readonly scheduler?: Scheduler | undefined
  /** Told of sources and stores that fail. @default silent */
  readonly logger?: Logger | undefined
}

/** How many peers of what a pool wants; only the targets have no default. */
export interface PeerPoolOptions {
  /** How many peers of each capability are wanted. */
  readonly targets: readonly { readonly name: string; readonly version: number; readonly count: number }[]
  /** Between two searches at first. @default 3 000 */
  readonly fastSearchMs?: number | undefined
  /** Between two searches later. @default 30 000 */
  readonly slowSearchMs?: number | undefined
  /** When searching becomes slow. @default 30 000 */
  readonly fastPeriodMs?: number | undefined
  /** Dials at the same time. @default 4 */
  readonly parallelDials?: number | undefined
  /** A remembered peer older than this is not tried. @default 7 days */
  readonly rememberMs?: number | undefined
  /** How long a candidate that failed is left alone; doubles up to an hour. @default 35 000 */
  readonly retryMs?: number | undefined
}

/** Keeps enough peers of each capability; looks for none when it has them. */
export interface PeerPool {
  /** Tries remembered peers, then searches until all targets are met. Idempotent. */
  readonly start: () => Promise<void>
  /** Ends searches and dials and saves good peers; connections stay. Idempotent. */
  readonly stop: () => Promise<void>
  /** What it is at now. */
  readonly status: () => PeerPoolStatus
}

/** What a peer pool is doing now. */
export interface PeerPoolStatus {
  /** Whether a target is short of peers, so that sources are asked. */
  readonly searching: boolean
  /** Nodes that may be dialed, those that wait after a failure included. */
  readonly candidates: number
  /** Each target and how many connected peers serve it. */
  readonly targets: readonly {
    readonly name: string
    readonly version: number
    readonly wanted: number
    readonly connected: number
  }[]
}

const serves = (peer: PeerInfo, target: { readonly name: string; readonly version: number }): boolean =>
  peer.capabilities.some(({ name, version }) => name === target.name && version === target.version)

/** How many peers of each capability are wanted, and how many there are. */
function standingOf(peers: readonly PeerInfo[], targets: PeerPoolOptions['targets']): PeerPoolStatus['targets'] {
  return targets.map(({ name, version, count }) => ({
    name,
    version,
    wanted: count,
    connected: peers.filter(peer => serves(peer, { name, version })).length
  }))
}

const positive = ['fastSearchMs', 'slowSearchMs', 'fastPeriodMs', 'parallelDials', 'retryMs'] as const

function checkArguments(deps: PeerPoolDeps, options: PeerPoolOptions): void {
  check.object('deps', deps)
  check.object('host', deps.host)
  check.array('sources', deps.sources)
  for (const source of deps.sources) {
    check.object('sources', source)
    check.function('sources.find', source.find)
  }
  check.ports(deps, {
    store: ['load', 'save'],
    clock: ['nowMs'],
    scheduler: ['after'],
    logger: ['debug', 'info', 'warn', 'error']
  })
  check.options('options', options, ['targets', 'rememberMs', ...positive])
  check.array('targets', options.targets)
  checkPositive(options, positive)
  if (options.rememberMs !== undefined) check.number('rememberMs', options.rememberMs, 0, Number.MAX_SAFE_INTEGER)
  for (const target of options.targets) {
    check.options('targets', target, ['name', 'version', 'count'])
    check.text('targets.name', target.name)
    check.integer('targets.version', target.version, 0, 0xffff_ffff)
    check.integer('targets.count', target.count, 0, 10_000)
  }
}

/**
 * A pool over a running host. @throws TransportError `invalid-argument` for a bad target
 *
 * @example
 * ```ts
 * const found = { name: 'discovery', find: discovery.randomNodes }
 * const pool = createPeerPool({ host, sources: [found] }, { targets: [{ name: 'shh', version: 6, count: 3 }] })
 * await pool.start()
 * ```
 */
export function createPeerPool(deps: PeerPoolDeps, options: PeerPoolOptions): PeerPool {
  checkArguments(deps, options)
  const { host, clock = systemClock, scheduler = systemScheduler, logger } = deps
  const { fastSearchMs = 3_000, slowSearchMs = 30_000, fastPeriodMs = 30_000 } = options
  const { parallelDials = 4, rememberMs = 7 * 86_400_000, retryMs = 35_000 } = options
  const steady = steadyClock(clock)
  const candidates = createCandidates(
    {
      host,
      clock: steady,
      dial: (node, signal) => host.dial(formatEnode(node), signal === undefined ? {} : { signal })
    },
    retryMs
  )
  const rememberedPeers = createRememberedPeers(deps.store, clock, rememberMs)
  let running = false
  let offs: readonly (() => void)[] = []
  const work = new Set<Promise<unknown>>()

  const track = (promise: Promise<unknown>): void => {
    const entry: Promise<unknown> = promise.catch(() => undefined).finally(() => work.delete(entry))
    work.add(entry)
  }
  const standing = (): PeerPoolStatus['targets'] => standingOf(host.peers(), options.targets)
  const missing = (): number =>
    standing().reduce((sum, { wanted, connected }) => sum + Math.max(wanted - connected, 0), 0)

  const dial = async (candidate: Candidate): Promise<void> => {
    await candidates.dial(candidate, search.signal())
    fill()
  }

  const fill = (): void => {
    while (running && candidates.dialing() < Math.min(parallelDials, missing())) {
      const candidate = candidates.next()
      if (candidate === undefined) return
      track(dial(candidate))
    }
  }

  const search = createPeerSearch(
    {
      sources: deps.sources,
      clock: steady,
      scheduler,
      logger,
      missing,
      found: node => candidates.add(node, false),
      fill: () => fill(),
      track
    },
    { fastSearchMs, slowSearchMs, fastPeriodMs }
  )
  /** Looks when something is missing, stops when nothing is. */
  const update = (): void => {
    if (running) search.update()
  }

  const remember = (peer: PeerInfo): void => {
    const candidate = candidates.get(peer.peerId)
    if (candidate === undefined || peer.direction !== 'outbound') return
    if (!options.targets.some(target => serves(peer, target))) return
    rememberedPeers.add(candidate.node)
    track(rememberedPeers.save())
  }

  const peerAdded = (peer: PeerInfo): void => {
    remember(peer)
    if (missing() === 0) update()
  }
  const peerRemoved = ({ peerId }: PeerInfo): void => {
    // A peer that left may be asked again, but not at once.
    candidates.rest(peerId)
    if (search.signal() === undefined) update()
  }

  return {
    start: async () => {
      if (running) return
      running = true
      for (const node of await rememberedPeers.load()) candidates.add(node, true)
      offs = [host.on('peerconnected', peerAdded), host.on('peerdisconnected', peerRemoved)]
      update()
    },
    stop: async () => {
      if (!running) return
      running = false
      for (const off of offs) off()
      search.end()
      await Promise.all(work)
      await rememberedPeers.save()
    },
    status: () => ({ searching: search.signal() !== undefined, candidates: candidates.size(), targets: standing() })
  }
}
