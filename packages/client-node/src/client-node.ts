import { type Host, parseCompleteEnode } from '@status-stack/devp2p-transport'
import {
  addPeer,
  createNodeHost,
  type DiscoveryEvents,
  discoveryEventNames,
  type PeerEvents,
  peerEventNames,
  startDiscovery,
  watchPeers
} from '@status-stack/relay-node'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type Client, ClientError } from '@status-stack/status-client'
import { createEmitter, createSteps, delay, type Emitter, systemScheduler } from '@status-stack/utils'
import { check, checkDeps, checkOptions, checkStop } from './arguments.ts'
import { type MailserverWait, whenMailserver } from './mailserver-wait.ts'
import type { ClientNodeDeps, ClientNodeOptions } from './options.ts'
import { openPrivateClient, type PrivateClient } from './private-client.ts'

/** What is told of peers and of the search for them. */
export type ClientNodeEvents = PeerEvents & DiscoveryEvents

/** A messenger and its connections. */
export interface ClientNode {
  /** The messenger. Without `start` its store can be read and written, and what is to be sent is kept. */
  readonly client: Client
  /** The connections. */
  readonly host: Host
  /** Peer ids of named peers whose last dial failed. */
  readonly unreachable: ReadonlySet<string>
  /**
   * Waits for the best mailserver that can be reached; after `timeoutMs` any that is connected will do. False when none is. Rejects with the
   * signal's reason.
   */
  readonly whenMailserver: (wait: MailserverWait) => Promise<boolean>
  /** Listens to one event; answers what ends that. */
  readonly on: Emitter<ClientNodeEvents>['on']
  /** Listens and dials. Idempotent; rejects with the client's `stopped` once the node was stopped: open it again. */
  readonly start: () => Promise<void>
  /**
   * Ends it in order: what was received is acknowledged and what is queued is tried once, then the links close, also where something of it
   * failed; it rejects with that at the end. The database stays open.
   * `hurry`: acknowledges only if that takes no time.
   */
  readonly stop: (how?: { readonly hurry?: boolean | undefined }) => Promise<void>
  /** `stop`, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** A peer that does not answer our goodbye holds us up for so long at most. */
const goodbye = { lingerMs: 300, stopTimeoutMs: 700 }
/** Peers that a client with discovery looks for. */
const peersToFind = 3
/** How long a node that is done waits for what it received to be acknowledged; ms. */
const flushMs = 10_000
/** The same for what was told to end: a service manager waits for it. */
const hurriedFlushMs = 300

/**
 * Opens an account over its database, with a host for it that makes no connection before `start`.
 *
 * @throws RelayError `invalid-argument`, `enode`, `self`, `net-restrict`; ClientError of `composeClient`
 * @example
 * ```ts
 * const node = await createClientNode({ identity, database, storageKey, privateKey }, { peers })
 * node.on('peerconnected', ({ address }) => console.log('connected to', address))
 * await node.start()
 * await node.stop()
 * ```
 */
export async function createClientNode(deps: ClientNodeDeps, options: ClientNodeOptions = {}): Promise<ClientNode> {
  checkDeps(deps)
  checkOptions(options)
  const { peers = [], mailservers = [] } = options
  const opened = await openClient(deps, options)
  const { client } = opened
  try {
    const host = openHost(deps, options, opened)
    const network = createEmitter<ClientNodeEvents>({ ...peerEventNames, ...discoveryEventNames }, check)
    const unreachable = watchPeers(host, network)
    for (const peer of [...peers, ...mailservers.map(({ enode }) => enode)]) addPeer(host, peer)
    const { start, stop } = lifeOf(client, host, () => discover(host, deps.privateKey, options, opened, network))
    const connections = { client, host, mailservers, unreachable }
    return {
      client,
      host,
      unreachable,
      whenMailserver: wait => whenMailserver(connections, wait),
      on: network.on,
      start,
      stop,
      [Symbol.asyncDispose]: () => stop()
    }
  } catch (error) {
    await client.stop()
    throw error
  }
}

function openClient(
  { privateKey, ...deps }: ClientNodeDeps,
  { privacy = 'whisper', mailservers = [], syncRetryMs, pfs, autoHistory }: ClientNodeOptions
): Promise<PrivateClient> {
  return openPrivateClient(
    privacy,
    // A mailserver knows the node's key already: it is the one that the link was made with.
    { ...deps, nodeKey: createIdentityKey(privateKey) },
    {
      syncRetryMs,
      pfs,
      autoHistory,
      mailservers: mailservers.map(({ peerId }) => peerId),
      mailserverPasswords: Object.fromEntries(
        mailservers.flatMap(({ peerId, password }) => (password === undefined ? [] : [[peerId, password]]))
      )
    }
  )
}

function openHost(
  { privateKey }: ClientNodeDeps,
  { wrapLink, listen, clientName, netRestrict }: ClientNodeOptions,
  { capabilities }: PrivateClient
): Host {
  return createNodeHost(
    {
      privateKey,
      capabilities: capabilities.map(({ run, ...rest }) => ({ ...rest, run: link => run(wrapLink?.(link) ?? link) }))
    },
    { ...goodbye, listen: listen ?? false, clientName, netRestrict }
  )
}

/** Starts the search where one is wanted; answers what ends it. */
async function discover(
  host: Host,
  privateKey: Uint8Array,
  { discovery, listen, netRestrict }: ClientNodeOptions,
  { capabilities }: PrivateClient,
  network: Emitter<ClientNodeEvents>
): Promise<() => Promise<void>> {
  if (discovery === undefined) return async () => {}
  const { bootnodes, port, store } = discovery
  // A client that only dials cannot be connected to: others are told of no TCP port.
  const tcpPort = listen === undefined ? 0 : parseCompleteEnode(host.enode()).tcpPort
  const running = await startDiscovery(
    host,
    privateKey,
    {
      bootnodes,
      listen: { host: listen?.host ?? '0.0.0.0', port: port ?? tcpPort, fixed: port !== undefined },
      tcpPort: () => tcpPort,
      wanted: peersToFind,
      capabilities,
      netRestrict,
      store
    },
    network
  )
  return running.stop
}

/** The one order in which a client and its host start and stop. */
function lifeOf(
  client: Client,
  host: Host,
  discovering: () => Promise<() => Promise<void>>
): Pick<ClientNode, 'start' | 'stop'> {
  let starting: Promise<void> | undefined
  let isOver = false
  let stopDiscovery = async (): Promise<void> => {}
  const begin = async (): Promise<void> => {
    await client.start()
    await host.start()
    stopDiscovery = await discovering()
  }
  return {
    start: async () => {
      if (isOver) throw new ClientError('stopped', 'node: it was stopped; open it again', { origin: 'caller' })
      starting ??= begin()
      await starting
    },
    stop: async (how = {}) => {
      checkStop(how)
      isOver = true
      await starting?.catch(() => undefined)
      const steps = createSteps()
      const patienceMs = how.hurry === true ? hurriedFlushMs : flushMs
      await steps.take(() => Promise.race([flush(client), delay(systemScheduler, patienceMs)]))
      // The client's end ends its links: those are not to be made anew.
      host.stopDialing()
      await steps.take(stopDiscovery)
      // The client still sends while it stops, over links that the host holds.
      await steps.take(client.stop)
      await steps.take(host.stop)
      steps.end()
    }
  }
}

/** What was received is acknowledged, and what is queued is tried once, before the links close. */
async function flush(client: Client): Promise<void> {
  await client.idle()
  if (client.connected()) await client.tick()
  await client.idle()
}
