import { setTimeout as delay } from 'node:timers/promises'
import type { PeerLink } from '@status-stack/devp2p-transport'
import { type Host, parseCompleteEnode } from '@status-stack/devp2p-transport'
import type { PeerStore } from '@status-stack/devp2p-transport/discovery'
import { type OpenAccount, openDatabase, settleStorageKey } from '@status-stack/profiles'
import { type Profile, removeHolder, writeHolder } from '@status-stack/profiles/folder'
import {
  addPeer,
  createNodeHost,
  type DiscoveryEvents,
  type DiscoveryOptions,
  discoveryEventNames,
  type PeerEvents,
  type Privacy,
  peerEventNames,
  startDiscovery,
  watchPeers
} from '@status-stack/relay-node'
import { createIdentityKey } from '@status-stack/status-accounts'
import type { Client } from '@status-stack/status-client'
import { createEmitter, type Emitter } from '@status-stack/utils'
import { parseListen } from './listen-address.ts'
import { type MailserverAddress, parseMailservers } from './mail/address.ts'
import type { Output } from './output.ts'
import { openClient } from './privacy.ts'
import { closeProfile } from './profile.ts'
import { reportDiscovery, reportPeers } from './relay-report.ts'
import { parseSimulation, simulatedLink } from './simulated-network.ts'
import { version } from './version.ts'

/** The composition root: a real transport, a real store, the system's clock and randomness. */
export interface Stack {
  readonly client: Client
  readonly host: Host
  /** Those that are asked for history, best first. */
  readonly mailservers: readonly MailserverAddress[]
  /** Peer ids of peers whose last dial failed. */
  readonly unreachable: ReadonlySet<string>
  /** Listens and dials. Without it the store can be read and written, and what is to be sent is kept. Idempotent. */
  readonly start: () => Promise<void>
  /** Told to end: what is queued is not posted any more, and stays queued. What runs may still be finished. */
  readonly holdQueue: () => void
  /** `hurry`: what was received is acknowledged if that takes no time. */
  readonly stop: (how?: { readonly hurry: boolean }) => Promise<void>
}

export interface StackOptions {
  /** Which protocol carries messages; with `both`, in both networks. @default 'whisper' */
  readonly privacy?: Privacy | undefined
  /** Addresses of nodes kept connected for ever. */
  readonly peers: readonly string[]
  /** Addresses of mailservers, best first, perhaps with a password; kept connected too. */
  readonly mailservers?: readonly string[] | undefined
  /** Asks the mailservers by itself for what was missed. @default true */
  readonly autoHistory?: boolean | undefined
  /** `host:port` to accept connections on; only dials without. */
  readonly listen?: string | undefined
  /** Changes a link before the client sees it: the demo reorders packets with it. */
  readonly wrapLink?: ((link: PeerLink) => PeerLink) | undefined
  readonly syncRetryMs?: number | undefined
  /** `--simulate-network` as it was typed. */
  readonly simulateNetwork?: string | undefined
  /** Send with forward secrecy. */
  readonly pfs?: 'on' | 'off' | undefined
  /** Who comes and goes is told only to those who asked for more. @default false */
  readonly brief?: boolean | undefined
  /** What others are told has the profile open. */
  readonly command?: string | undefined
  /** Find peers from these bootnodes on as well. */
  readonly discovery?:
    | { readonly bootnodes: readonly string[]; readonly port: number | undefined; readonly store: PeerStore }
    | undefined
  readonly netRestrict?: string | undefined
}

/** A peer that does not answer our goodbye holds us up for so long at most. */
const goodbye = { lingerMs: 300, stopTimeoutMs: 700 }
/** Peers that a client with discovery looks for. */
const peersToFind = 3

/**
 * What can be told to be wrong before a profile is opened for it.
 * @throws CliError `listen`, `simulate-network`, `enode`
 */
export function checkStack({
  listen,
  simulateNetwork,
  mailservers = []
}: Pick<StackOptions, 'listen' | 'simulateNetwork' | 'mailservers'>): void {
  if (listen !== undefined) parseListen(listen)
  if (simulateNetwork !== undefined) parseSimulation(simulateNetwork)
  parseMailservers(mailservers)
}

/** Opened and on its way to the network. */
export async function startStack(...deps: Parameters<typeof openStack>): Promise<Stack> {
  const stack = await openStack(...deps)
  try {
    await stack.start()
    return stack
  } catch (error) {
    await stack.stop()
    throw error
  }
}

/** The profile's store behind a client that makes no connection before `start`: what a person wants to see first needs no network. */
export async function openStack(
  profile: Profile,
  account: OpenAccount,
  options: StackOptions,
  output: Output
): Promise<Stack> {
  const listen = options.listen === undefined ? false : parseListen(options.listen)
  const simulation = options.simulateNetwork === undefined ? undefined : parseSimulation(options.simulateNetwork)
  const mailservers = parseMailservers(options.mailservers ?? [])
  await closeProfile(profile, output)
  const database = await openDatabase(profile)
  await writeHolder(profile, { command: options.command ?? 'status-stack' })
  const release = async (): Promise<void> => {
    // Before the lock is given up: the next one writes its own.
    await removeHolder(profile)
    await database.close()
  }
  // In this order: the client still sends while it stops, over links that the host holds.
  const stops: (() => Promise<void>)[] = []
  try {
    const { client, capabilities } = await openClient(
      options.privacy ?? 'whisper',
      {
        identity: account.identity,
        database,
        storageKey: await settleStorageKey(profile, database, account.storage),
        logger: loggerOf(output),
        // A mailserver knows this key already: it is the one that the link was made with.
        node: createIdentityKey(account.nodeKey),
        clock: { nowMs: () => Date.now() + 1000 * (simulation?.skewSeconds ?? 0) }
      },
      {
        syncRetryMs: options.syncRetryMs,
        pfs: options.pfs,
        mailservers: mailservers.map(({ peerId }) => peerId),
        mailserverPasswords: Object.fromEntries(
          mailservers.flatMap(({ peerId, password }) => (password === undefined ? [] : [[peerId, password]]))
        ),
        autoHistory: options.autoHistory
      }
    )
    stops.push(() => client.stop())
    const wrap =
      options.wrapLink ?? (simulation === undefined ? undefined : (link: PeerLink) => simulatedLink(link, simulation))
    const host = createNodeHost(
      {
        privateKey: account.nodeKey,
        capabilities: capabilities.map(({ run, ...rest }) => ({ ...rest, run: link => run(wrap?.(link) ?? link) }))
      },
      { ...goodbye, listen, clientName: `status-stack/${version()}`, netRestrict: options.netRestrict }
    )
    stops.push(() => host.stop())
    const network = createEmitter<PeerEvents & DiscoveryEvents>({ ...peerEventNames, ...discoveryEventNames })
    reportPeers(network, output, options)
    reportDiscovery(network, output)
    const unreachable = watchPeers(host, network)
    for (const peer of [...options.peers, ...mailservers.map(({ enode }) => enode)]) addPeer(host, peer)
    let starting: Promise<void> | undefined
    const begin = async (): Promise<void> => {
      await client.start()
      await host.start()
      if (options.discovery === undefined) return
      const discovery = await discover(host, account.nodeKey, { ...options, capabilities }, network)
      stops.unshift(discovery.stop)
    }
    const start = (): Promise<void> => {
      starting ??= begin()
      return starting
    }
    const stop = async ({ hurry } = { hurry: false }): Promise<void> => {
      await starting?.catch(() => undefined)
      await Promise.race([flush(client), delay(hurry ? hurriedFlushMs : flushMs, undefined, { ref: false })])
      // The client's end ends its links: those are not to be made anew.
      host.stopDialing()
      await stopAll(stops)
      await release()
    }
    return { client, host, mailservers, unreachable, start, holdQueue: client.holdQueue, stop }
  } catch (error) {
    await stopAll(stops)
    await release()
    throw error
  }
}

function discover(
  host: Host,
  nodeKey: Uint8Array,
  options: StackOptions & Pick<DiscoveryOptions, 'capabilities'>,
  network: Emitter<PeerEvents & DiscoveryEvents>
) {
  const { bootnodes = [], port, store } = options.discovery ?? {}
  const listen = options.listen === undefined ? undefined : parseListen(options.listen)
  // A client that only dials cannot be connected to: others are told of no TCP port.
  const tcpPort = listen === undefined ? 0 : parseCompleteEnode(host.enode()).tcpPort
  return startDiscovery(
    host,
    nodeKey,
    {
      bootnodes,
      listen: { host: listen?.host ?? '0.0.0.0', port: port ?? tcpPort, fixed: port !== undefined },
      tcpPort: () => tcpPort,
      wanted: peersToFind,
      capabilities: options.capabilities,
      netRestrict: options.netRestrict,
      store
    },
    network
  )
}

/** How long a command that is done waits for what it received to be acknowledged; ms. */
const flushMs = 10_000
/** The same for what was told to end: a service manager waits for it. */
const hurriedFlushMs = 300

/** What was received is acknowledged, and what is queued is tried once, before the links close. */
async function flush(client: Client): Promise<void> {
  await client.idle()
  if (client.connected()) await client.tick()
  await client.idle()
}

async function stopAll(stops: readonly (() => Promise<void>)[]): Promise<void> {
  for (const stop of stops) await stop()
}

function loggerOf(output: Output) {
  const line = (level: string) => (message: string, facts?: Readonly<Record<string, string | number>>) =>
    output.verbose(`${level} ${message}${facts === undefined ? '' : ` ${JSON.stringify(facts)}`}`)
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}
