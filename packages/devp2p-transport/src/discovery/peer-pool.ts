import {
  type CompleteEnode,
  formatEnode,
  type Host,
  type PeerInfo,
  parseCompleteEnode,
  peerIdOf
} from '@status-stack/rlpx'
import {
  callerError,
  check,
  checkPositive,
  isLocal,
  networkKey,
  systemClock,
  systemScheduler
} from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { CancelTimer, Clock, Logger, Scheduler } from '../ports.ts'

/** Where candidates come from: discovery, node lists, a fixed set. */
export interface PeerSource {
  /** For logs. */
  readonly name: string
  /** A few nodes worth dialing; may answer the same ones again. */
  readonly find: (options: { readonly signal: AbortSignal }) => Promise<readonly CompleteEnode[]>
}

/** A peer that served us well, kept over restarts. */
export interface RememberedPeer {
  /** Its complete enode URL. */
  readonly enode: string
  /** When we last connected to it, Unix milliseconds. */
  readonly lastSeenMs: number
}

/** Where good peers are remembered. */
export interface PeerStore {
  /** What was saved last; asked once, at start. */
  readonly load: () => Promise<readonly RememberedPeer[]>
  /** Stores the list in place of the one before. */
  readonly save: (peers: readonly RememberedPeer[]) => Promise<void>
}

/** What a peer pool needs from outside. */
export interface PeerPoolDeps {
  /** Dials, and says who is connected; started and stopped by the caller. */
  readonly host: Pick<Host, 'peerId' | 'dial' | 'peers' | 'addEventListener' | 'removeEventListener'>
  /** All of them are asked at each search; one that fails is passed over. */
  readonly sources: readonly PeerSource[]
  /** Where good peers are remembered. @default they are forgotten */
  readonly store?: PeerStore | undefined
  /** Ages of remembered peers, and when a candidate may be tried again. @default the system clock */
  readonly clock?: Clock | undefined
  /** Times searches. @default setTimeout, never keeping the process alive */
  readonly scheduler?: Scheduler | undefined
  /** Used where there is no `scheduler`. @deprecated the earlier name of `scheduler` */
  readonly timers?: Scheduler | undefined
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

interface Candidate {
  readonly node: CompleteEnode
  failures: number
  notBeforeMs: number
  readonly remembered: boolean
}

const mostRetryMs = 3_600_000

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
  check.object('deps', deps)
  check.object('host', deps.host)
  check.array('sources', deps.sources)
  check.object('options', options)
  check.array('targets', options.targets)
  checkPositive(options, ['fastSearchMs', 'slowSearchMs', 'fastPeriodMs', 'parallelDials', 'retryMs'])
  const { host, clock = systemClock, scheduler = deps.timers ?? systemScheduler, logger } = deps
  const { fastSearchMs = 3_000, slowSearchMs = 30_000, fastPeriodMs = 30_000 } = options
  const { parallelDials = 4, rememberMs = 7 * 86_400_000, retryMs = 35_000 } = options
  for (const { name, count } of options.targets) {
    if (!Number.isInteger(count) || count < 0)
      throw callerError('invalid-argument', `peer pool: bad target for ${name}`)
  }
  // BOUNDED: `limits.poolCandidates`, `limits.rememberedPeers`.
  const candidates = new Map<string, Candidate>()
  const dialing = new Set<string>()
  const good = new Map<string, RememberedPeer>()
  let running = false
  let searching: AbortController | undefined
  let searchingSinceMs = 0
  let cancelSearch: CancelTimer | undefined
  const work = new Set<Promise<unknown>>()

  const track = (promise: Promise<unknown>): void => {
    const entry: Promise<unknown> = promise.catch(() => undefined).finally(() => work.delete(entry))
    work.add(entry)
  }
  const serves = (peer: PeerInfo, target: { readonly name: string; readonly version: number }): boolean =>
    peer.capabilities.some(({ name, version }) => name === target.name && version === target.version)
  const standing = (): PeerPoolStatus['targets'] =>
    options.targets.map(({ name, version, count }) => ({
      name,
      version,
      wanted: count,
      connected: host.peers().filter(peer => serves(peer, { name, version })).length
    }))
  const missing = (): number =>
    standing().reduce((sum, { wanted, connected }) => sum + Math.max(wanted - connected, 0), 0)

  const add = (node: CompleteEnode, remembered: boolean): void => {
    const peerId = peerIdOf(node.publicKey)
    if (peerId === host.peerId || node.tcpPort === 0 || candidates.has(peerId)) return
    if (candidates.size >= limits.poolCandidates) {
      // The one that failed most makes room.
      const [worst] = [...candidates].reduce((a, b) => (b[1].failures > a[1].failures ? b : a))
      candidates.delete(worst)
    }
    candidates.set(peerId, { node, failures: 0, notBeforeMs: 0, remembered })
  }

  /** SPEC: one network must not fill the pool: at most two of our peers from a /24, LAN exempt. */
  const crowded = (address: string): boolean => {
    if (isLocal(address)) return false
    const key = networkKey(address)
    const dialed = [...dialing].map(id => candidates.get(id)?.node.host ?? '')
    const peers = host
      .peers()
      .filter(({ direction }) => direction === 'outbound')
      .map(peer => peer.remoteAddress)
    return [...dialed, ...peers].filter(other => networkKey(other) === key).length >= limits.poolNetwork
  }

  const next = (): [string, Candidate] | undefined => {
    const connected = new Set(host.peers().map(({ peerId }) => peerId))
    const now = clock.nowMs()
    const ready = [...candidates].filter(
      ([peerId, { node, notBeforeMs }]) =>
        notBeforeMs <= now && !connected.has(peerId) && !dialing.has(peerId) && !crowded(node.host)
    )
    return ready.find(([, { remembered }]) => remembered) ?? ready[0]
  }

  const dial = async (peerId: string, candidate: Candidate): Promise<void> => {
    dialing.add(peerId)
    try {
      const signal = searching?.signal
      await host.dial(formatEnode(candidate.node), signal === undefined ? {} : { signal })
      candidate.failures = 0
    } catch {
      candidate.failures++
      candidate.notBeforeMs = clock.nowMs() + Math.min(retryMs * 2 ** (candidate.failures - 1), mostRetryMs)
    } finally {
      dialing.delete(peerId)
    }
    fill()
  }

  const fill = (): void => {
    while (running && dialing.size < Math.min(parallelDials, missing())) {
      const found = next()
      if (found === undefined) return
      track(dial(...found))
    }
  }

  const search = async (controller: AbortController): Promise<void> => {
    const finds = deps.sources.map(async source => {
      try {
        for (const node of await source.find({ signal: controller.signal })) add(node, false)
        fill()
      } catch (error) {
        logger?.debug(`peer pool: ${source.name} failed`, { code: error instanceof Error ? error.name : 'unknown' })
      }
    })
    await Promise.all(finds)
  }

  const plan = (delayMs: number): void => {
    cancelSearch?.()
    cancelSearch = scheduler.after(delayMs, () => {
      cancelSearch = undefined
      update()
    })
  }

  /** Looks when something is missing, stops when nothing is. */
  const update = (): void => {
    if (!running) return
    if (missing() === 0) {
      searching?.abort()
      searching = undefined
      cancelSearch?.()
      cancelSearch = undefined
      return
    }
    if (searching === undefined) {
      searching = new AbortController()
      searchingSinceMs = clock.nowMs()
    }
    const controller = searching
    fill()
    track(search(controller))
    plan(clock.nowMs() - searchingSinceMs < fastPeriodMs ? fastSearchMs : slowSearchMs)
  }

  const remember = (peer: PeerInfo): void => {
    const candidate = candidates.get(peer.peerId)
    if (candidate === undefined || peer.direction !== 'outbound') return
    if (!options.targets.some(target => serves(peer, target))) return
    good.delete(peer.peerId)
    good.set(peer.peerId, { enode: formatEnode(candidate.node), lastSeenMs: clock.nowMs() })
    if (good.size > limits.rememberedPeers) {
      const oldest = good.keys().next()
      if (oldest.done !== true) good.delete(oldest.value)
    }
    if (deps.store !== undefined) track(deps.store.save([...good.values()]))
  }

  const peerAdded = (event: CustomEvent<PeerInfo>): void => {
    remember(event.detail)
    if (missing() === 0) update()
  }
  const peerRemoved = (event: CustomEvent<PeerInfo>): void => {
    const candidate = candidates.get(event.detail.peerId)
    // A peer that left may be asked again, but not at once.
    if (candidate !== undefined) candidate.notBeforeMs = clock.nowMs() + retryMs
    if (searching === undefined) update()
  }

  const load = async (): Promise<void> => {
    const remembered = (await deps.store?.load()) ?? []
    for (const { enode, lastSeenMs } of remembered.slice(-limits.rememberedPeers)) {
      if (clock.nowMs() - lastSeenMs > rememberMs) continue
      try {
        const node = parseCompleteEnode(enode)
        good.set(peerIdOf(node.publicKey), { enode, lastSeenMs })
        add(node, true)
      } catch {
        // A line that cannot be read is not worth failing for.
      }
    }
  }

  return {
    start: async () => {
      if (running) return
      running = true
      await load()
      host.addEventListener('peeradded', peerAdded)
      host.addEventListener('peerremoved', peerRemoved)
      update()
    },
    stop: async () => {
      if (!running) return
      running = false
      host.removeEventListener('peeradded', peerAdded)
      host.removeEventListener('peerremoved', peerRemoved)
      searching?.abort()
      searching = undefined
      cancelSearch?.()
      cancelSearch = undefined
      await Promise.all(work)
      await deps.store?.save([...good.values()])
    },
    status: () => ({ searching: searching !== undefined, candidates: candidates.size, targets: standing() })
  }
}
