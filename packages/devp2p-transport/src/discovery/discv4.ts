import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { type CompleteEnode, nodeIdOf, parseCompleteEnode } from '@status-stack/rlpx'
import {
  addressBytes,
  callerError,
  check,
  checkPositive,
  checkPrivateKey,
  throwIfAborted
} from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { CancelTimer } from '../ports.ts'
import { createAnswers } from './answers.ts'
import { createDiscoveryCore, type DiscoveryCore } from './core.ts'
import type { Discovery, DiscoveryDeps, DiscoveryOptions } from './discovery-types.ts'
import { lookup } from './lookup.ts'
import { loadPacketCodec, type WireNode } from './packet.ts'
import { createQueries, type Queries } from './queries.ts'
import { type TableNode, tableNode } from './table.ts'
import { udpCarrier } from './udp.node.ts'

const alpha = 3
const refreshMs = 30 * 60_000
const revalidateMs = 10_000

function enodeOf({ publicKey, address, tcpPort, udpPort }: WireNode): CompleteEnode {
  return { publicKey, host: address, tcpPort, udpPort }
}

function nodeOf({ publicKey, host, tcpPort, udpPort }: CompleteEnode): TableNode {
  // Replies are matched by address, so a name has to be resolved before.
  if (addressBytes(host) === undefined) throw callerError('invalid-text', 'discovery: expected an IP address')
  return tableNode({ publicKey, address: host, udpPort, tcpPort })
}

const positive = ['replyTimeoutMs', 'refreshIntervalMs', 'revalidateIntervalMs'] as const

function checkArguments(deps: DiscoveryDeps, options: DiscoveryOptions): void {
  check.object('deps', deps)
  checkPrivateKey('privateKey', deps.privateKey)
  check.ports(deps, {
    clock: ['nowMs'],
    scheduler: ['after'],
    random: ['bytes'],
    datagrams: ['bind'],
    codec: ['encode', 'decode']
  })
  for (const name of ['record', 'onOwnAddress'] as const) if (deps[name] !== undefined) check.function(name, deps[name])
  check.options('options', options, ['listen', 'tcpPort', 'bootnodes', 'netRestrict', ...positive])
  if (options.bootnodes !== undefined) {
    check.array('bootnodes', options.bootnodes)
    for (const [at, url] of options.bootnodes.entries()) check.text(`bootnodes[${at}]`, url)
  }
  if (options.listen !== undefined) check.options('listen', options.listen, ['host', 'port'])
  if (options.listen?.host !== undefined) check.text('listen.host', options.listen.host)
  if (options.listen?.port !== undefined) check.integer('listen.port', options.listen.port, 0, 65_535)
  if (typeof options.tcpPort !== 'function' && options.tcpPort !== undefined)
    check.integer('tcpPort', options.tcpPort, 0, 65_535)
  checkPositive(options, positive)
}

/** Work in the background that a stop waits for. */
interface Background {
  readonly track: (work: Promise<unknown>) => void
  /** Repeats `work`, each time after a delay. */
  readonly every: (delayMs: () => number, work: () => Promise<void>) => void
  /** Plans nothing more; resolves when what runs has ended. */
  readonly stop: () => void
  readonly idle: () => Promise<void>
}

function createBackground({ scheduler, link }: DiscoveryCore): Background {
  const busy = new Set<Promise<unknown>>()
  const cancels = new Set<CancelTimer>()
  const track: Background['track'] = work => {
    const entry: Promise<unknown> = work.catch(() => undefined).finally(() => busy.delete(entry))
    busy.add(entry)
  }
  const every: Background['every'] = (delayMs, work) => {
    const cancel = scheduler.after(delayMs(), () => {
      cancels.delete(cancel)
      track(work())
      if (link.socket !== undefined) every(delayMs, work)
    })
    cancels.add(cancel)
  }
  return {
    track,
    every,
    stop: () => {
      for (const cancel of cancels) cancel()
      cancels.clear()
    },
    idle: async () => {
      while (busy.size > 0) await Promise.all(busy)
    }
  }
}

/** Looks nodes up, starting from the table or, while it is empty, from the bootnodes. */
function createLookups(core: DiscoveryCore, queries: Queries, bootnodes: readonly TableNode[]) {
  const { table } = core
  return (target: Uint8Array, isOver: () => boolean): Promise<readonly TableNode[]> =>
    lookup({
      target: nodeIdOf(target),
      start: table.size() > 0 ? table.closest(nodeIdOf(target), limits.bucketNodes) : bootnodes,
      ownPeerId: core.peerId,
      parallel: alpha,
      query: node => queries.findNode(node, target),
      isOver
    })
}

/**
 * Discovery over UDP. SPEC: devp2p discovery v4.
 *
 * @throws TransportError `invalid-argument`, and `invalid-text` for a bootnode that is no enode with an IP address
 * @example
 * ```ts
 * const discovery = createDiscovery({ privateKey }, { listen: { host: '0.0.0.0', port: 30303 }, bootnodes })
 * await discovery.start()
 * const nodes = await discovery.randomNodes()
 * ```
 */
export function createDiscovery(deps: DiscoveryDeps, options: DiscoveryOptions = {}): Discovery {
  checkArguments(deps, options)
  const core = createDiscoveryCore(deps, options)
  const { table, link, counters } = core
  const bootnodes = (options.bootnodes ?? [])
    .map(url => nodeOf(parseCompleteEnode(url)))
    .filter(({ address }) => core.restrict?.contains(address) !== false)
  const queries = createQueries(core)
  const background = createBackground(core)
  const received = createAnswers(core, queries, background.track)
  const lookupFrom = createLookups(core, queries, bootnodes)
  let over = new AbortController()
  let starting: Promise<void> | undefined

  const randomTarget = (): Uint8Array => publicKeyOf(generatePrivateKey(core.random))

  const refresh = async (): Promise<void> => {
    const { signal } = over
    const isOver = (): boolean => signal.aborted
    await Promise.all(bootnodes.map(node => queries.ensureBond(node).catch(() => undefined)))
    for (const target of [core.publicKey, randomTarget(), randomTarget(), randomTarget()]) {
      if (isOver()) return
      await lookupFrom(target, isOver)
    }
  }

  const revalidate = async (): Promise<void> => {
    const node = table.stalest(core.pick)
    if (node === undefined) return
    await queries.ping(node).catch(() => {
      if (link.socket !== undefined) table.remove(node.peerId)
    })
  }

  const start = async (): Promise<void> => {
    if (link.socket !== undefined) return
    link.codec ??= deps.codec ?? (await loadPacketCodec())
    const { host = '127.0.0.1', port = 0 } = options.listen ?? {}
    link.socket = await (deps.datagrams ?? udpCarrier).bind({ host, port })
    over = new AbortController()
    link.socket.receive(received)
    background.every(() => options.refreshIntervalMs ?? refreshMs, refresh)
    background.every(() => 1 + core.pick(options.revalidateIntervalMs ?? revalidateMs), revalidate)
    background.track(refresh())
  }

  const stop = async (): Promise<void> => {
    await starting?.catch(() => undefined)
    const open = link.socket
    link.socket = undefined
    over.abort()
    background.stop()
    core.replies.stop()
    await open?.close()
    await background.idle()
  }

  const nodes = async (target: Uint8Array, signal: AbortSignal | undefined): Promise<readonly CompleteEnode[]> => {
    throwIfAborted(signal)
    if (link.socket === undefined) throw callerError('stopped', 'discovery: not running')
    const { signal: stopped } = over
    return (await lookupFrom(target, () => stopped.aborted || signal?.aborted === true)).map(enodeOf)
  }

  return {
    start: () => {
      starting ??= start().finally(() => {
        starting = undefined
      })
      return starting
    },
    stop,
    endpoint: () => (link.socket === undefined ? undefined : { address: link.socket.address, port: link.socket.port }),
    randomNodes: async ({ signal } = {}) => nodes(randomTarget(), signal),
    lookup: async (publicKey, { signal } = {}) => {
      check.bytes('publicKey', publicKey, 65)
      return nodes(publicKey, signal)
    },
    requestRecord: async enodeUrl => queries.requestRecord(nodeOf(parseCompleteEnode(enodeUrl))),
    ping: async enodeUrl => queries.ping(nodeOf(parseCompleteEnode(enodeUrl))),
    known: () => table.nodes().map(enodeOf),
    stats: () => ({
      nodes: table.size(),
      bonds: core.bonds.size(),
      packetsIn: counters.packetsIn,
      packetsOut: counters.packetsOut,
      dropped: Object.fromEntries(counters.dropped)
    })
  }
}
