import { type Host, TransportError } from '@status-stack/devp2p-transport'
import { createSteps, type Emitter } from '@status-stack/utils'
import type { Waku } from '@status-stack/waku'
import type { Whisper } from '@status-stack/whisper'
import { type RunningArchive, startArchive } from './archive.ts'
import { checkDeps, checkOptions } from './arguments.ts'
import { type RunningDiscovery, startDiscovery } from './discovery.ts'
import { optionError, systemError } from './errors.ts'
import type { RelayEvents } from './events.ts'
import { nodeFacts, type RelayFacts } from './facts.ts'
import { serveMetrics } from './metrics-server.node.ts'
import { type RelayDeps, type RelayOptions, type ResolvedOptions, resolveOptions, wantsDiscovery } from './options.ts'
import { type Parts, partsOf } from './relay-parts.ts'
import { serveRpc } from './rpc.ts'

/** A relay: takes, keeps and passes on envelopes, reads none; with what was asked for besides. */
export interface Relay {
  /** The connections; started and stopped with the relay. */
  readonly host: Host
  /** The nodes of the privacy protocols; absent where one is not spoken. */
  readonly whisper: Whisper | undefined
  /** Absent where Waku is not spoken. */
  readonly waku: Waku | undefined
  /** Calls a handler with each fact of a name; the returned function ends it. */
  readonly on: Emitter<RelayEvents>['on']
  /**
   * Listens, dials and serves. Idempotent while it runs; what has been stopped is not started again: make another relay. Resolves as well
   * when it is stopped meanwhile.
   * @throws RelayError `listen`, `discovery-port`, `archive`, `rpc`, `metrics`, `websocket`, and everything is stopped then; `stopped`
   */
  readonly start: () => Promise<void>
  /** A snapshot. */
  readonly facts: () => RelayFacts
  /** Says goodbye to the peers, takes port mappings back, closes the archive; waits for all of it. Idempotent. */
  readonly stop: () => Promise<void>
  /** `stop`, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** What runs besides, and what ends it. */
interface Running {
  archive?: RunningArchive
  discovery?: RunningDiscovery
  closeRpc?: () => Promise<void>
  closeMetrics?: () => Promise<void>
}

/**
 * A relay of the network as one value.
 *
 * @example
 * ```ts
 * const relay = createRelay({ privateKey }, { listen: { host: '0.0.0.0', port: 30303 } })
 * relay.on('peerconnected', ({ peerId }) => console.log(peerId))
 * await relay.start()
 * console.log(relay.host.enode())
 * ```
 * @throws RelayError `invalid-argument`, `enode`, `self`, `nat`, `net-restrict`, `privacy`
 */
export function createRelay(deps: RelayDeps, given: RelayOptions = {}): Relay {
  checkDeps(deps)
  checkOptions(given)
  const parts = partsOf(deps, resolveOptions(given))
  const { emitter, host, privacy } = parts
  const startedMs = Date.now()
  const running: Running = {}
  let state: RelayFacts['state'] = 'starting'
  let begun: Promise<void> | undefined
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  const facts = (): RelayFacts => ({
    ...factsOf(parts, running),
    state,
    uptimeSeconds: Math.round((Date.now() - startedMs) / 1000)
  })
  const stop = (): Promise<void> => {
    state = 'stopping'
    stopping ??= end()
    return stopping
  }
  const end = async (): Promise<void> => {
    // What is being started is there to be stopped once it runs; nothing further is started.
    await starting?.catch(() => undefined)
    await stopAll(parts, running)
  }
  const begin = async (): Promise<void> => {
    try {
      starting = startAll(parts, running, facts, () => stopping !== undefined)
      await starting
      if (stopping === undefined) state = 'running'
    } catch (error) {
      await stop().catch(() => undefined)
      throw error
    }
  }
  return {
    host,
    whisper: privacy.whisper,
    waku: privacy.waku,
    on: emitter.on,
    facts,
    stop,
    start: async () => {
      if (state === 'stopping') throw optionError('stopped', 'relay: it was stopped; make another one')
      begun ??= begin()
      await begun
    },
    [Symbol.asyncDispose]: stop
  }
}

/** One thing after the other, and nothing further once the relay is being stopped. */
async function startAll(
  parts: Parts,
  running: Running,
  facts: () => RelayFacts,
  isStopping: () => boolean
): Promise<void> {
  const { emitter, options, deps, host, privacy, protocols, carriers, reachability } = parts
  const { archive, rpc, metrics, minPow } = options
  const { privateKey } = deps
  let tcpPort = 0
  const steps: readonly (() => Promise<void> | void)[] = [
    // Before peers can connect.
    async () => {
      if (archive !== undefined) running.archive = await startArchive(privacy, privateKey, minPow, archive, emitter)
    },
    ...protocols.map(protocol => () => protocol.start()),
    async () => {
      tcpPort = await listen(host, options)
    },
    async () => {
      if (wantsDiscovery(options)) running.discovery = await discover(parts, tcpPort)
    },
    () => reachability.start({ tcpPort, udpPort: running.discovery?.endpoint.port }),
    ...carriers.map(carrier => () => carrier.start(protocols, host)),
    async () => {
      if (rpc !== undefined) running.closeRpc = await serveRpc(privacy, privateKey, rpc, emitter)
    },
    async () => {
      if (metrics === undefined) return
      const { allowedHosts, ...at } = metrics
      const server = await serveMetrics(at, facts, allowedHosts)
      running.closeMetrics = server.close
      emitter.emit('serving', { what: 'metrics', url: server.url })
    },
    () => running.archive?.listening(host)
  ]
  for (const step of steps) {
    if (isStopping()) return
    await step()
  }
}

/** Stops everything, whatever of it fails. @throws what failed first */
async function stopAll({ host, privacy, protocols, carriers, reachability }: Parts, running: Running): Promise<void> {
  const steps = createSteps()
  await steps.take(() => running.closeRpc?.())
  await Promise.all([
    steps.take(() => running.discovery?.stop()),
    steps.take(reachability.stop),
    steps.take(host.stop),
    ...carriers.map(carrier => steps.take(carrier.stop))
  ])
  privacy.bridge?.stop()
  for (const protocol of protocols) await steps.take(protocol.stop)
  await steps.take(() => running.archive?.stop())
  // The last to go, so that /readyz says "stopping" meanwhile.
  await steps.take(() => running.closeMetrics?.())
  steps.end()
}

/** @returns the port @throws RelayError `listen` */
async function listen(host: Host, { listen: { host: address, port } }: ResolvedOptions): Promise<number> {
  let bound = port
  host.on('listening', fact => {
    bound = fact.port
  })
  try {
    await host.start()
  } catch (error) {
    if (!TransportError.is(error) || error.code !== 'network') throw error
    const why = error.message.split(' ').at(-1) ?? ''
    const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
    throw systemError('listen', `cannot listen on ${where} (${why})`, { cause: error, details: { why } })
  }
  return bound
}

function discover({ emitter, options, deps, host, protocols, reachability, dialed }: Parts, tcpPort: number) {
  const { bootnodes, listen, discoveryPort, netRestrict } = options
  return startDiscovery(
    host,
    deps.privateKey,
    {
      bootnodes,
      listen: {
        host: listen.host,
        port: discoveryPort ?? tcpPort,
        fixed: discoveryPort !== undefined || listen.port !== 0
      },
      tcpPort: () => reachability.tcpPort() || tcpPort,
      wanted: dialed,
      capabilities: protocols.map(({ capability }) => capability),
      netRestrict,
      store: deps.peerStore,
      onOwnAddress: reachability.seenAs
    },
    emitter
  )
}

function factsOf(
  { options, host, privacy: { whisper, waku, bridge }, reachability }: Parts,
  { discovery, archive }: Running
): Omit<RelayFacts, 'state' | 'uptimeSeconds'> {
  return {
    clientName: options.clientName,
    host: host.metrics(),
    whisper: whisper && nodeFacts(whisper),
    waku: waku && nodeFacts(waku),
    bridge: bridge?.counters(),
    named: {
      wanted: new Set(options.peers).size,
      connected: host.peers().filter(({ flags }) => flags.static).length
    },
    discovery: discovery && {
      ...discovery.stats(),
      searching: discovery.searching(),
      bootnodes: options.bootnodes.length
    },
    archive: archive?.facts(),
    nat: reachability.facts()
  }
}
