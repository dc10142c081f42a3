import type { PeerLink, PeerStore } from '@status-stack/devp2p-transport'
import { createHost, type Host, parseCompleteEnode, TransportError } from '@status-stack/devp2p-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import type { Client } from '@status-stack/status-client'
import { createClient } from '@status-stack/status-client'
import { capability } from '@status-stack/whisper'
import { ClassicLevel } from 'classic-level'
import type { OpenAccount } from './account.ts'
import { chaoticLink, parseChaos } from './chaos.ts'
import { readHolder, removeHolder, writeHolder } from './daemon/holder.ts'
import { CliError, codeOf, diskFull, isDiskFull } from './errors.ts'
import { type MailserverAddress, parseMailservers } from './mail/address.ts'
import type { Output } from './output.ts'
import { closeFolder, keepFilesPrivate } from './private-files.ts'
import { closeProfile, type Profile } from './profile.ts'
import { settleStorageKey } from './storage-key.ts'
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
  readonly stop: () => Promise<void>
}

export interface StackOptions {
  /** Enode URLs kept connected for ever. */
  readonly peers: readonly string[]
  /** Enode URLs of mailservers, best first, perhaps with a password; kept connected too. */
  readonly mailservers?: readonly string[] | undefined
  /** Asks the mailservers by itself for what was missed. @default true */
  readonly autoHistory?: boolean | undefined
  /** `host:port` to accept connections on; only dials without. */
  readonly listen?: string | undefined
  /** Changes a link before the client sees it: the demo reorders packets with it. */
  readonly wrapLink?: ((link: PeerLink) => PeerLink) | undefined
  readonly syncRetryMs?: number | undefined
  /** `--chaos` as it was typed. */
  readonly chaos?: string | undefined
  /** Send with forward secrecy. */
  readonly pfs?: 'on' | 'off' | undefined
  /** What others are told has the profile open. */
  readonly command?: string | undefined
  /** Find peers from these bootnodes on as well. */
  readonly discovery?:
    | { readonly bootnodes: readonly string[]; readonly port: number | undefined; readonly store: PeerStore }
    | undefined
  readonly netRestrict?: string | undefined
}

/** Peers that a client with discovery looks for. */
const peersToFind = 3

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
  const chaos = options.chaos === undefined ? undefined : parseChaos(options.chaos)
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
    const client = await createClient(
      {
        identity: account.identity,
        database,
        storageKey: await settleStorageKey(profile, database, account.storage),
        logger: loggerOf(output),
        // A mailserver knows this key already: it is the one that the link was made with.
        node: createIdentityKey(account.nodeKey),
        clock: { nowMs: () => Date.now() + 1000 * (chaos?.skewSeconds ?? 0) }
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
    const wrap = options.wrapLink ?? (chaos === undefined ? undefined : (link: PeerLink) => chaoticLink(link, chaos))
    const attach = (link: PeerLink): Promise<void> => client.attach(wrap?.(link) ?? link)
    const host = createHost(
      { privateKey: account.nodeKey, capabilities: [{ ...capability, run: attach }] },
      { listen, clientName: `status-stack/${version()}`, netRestrict: options.netRestrict }
    )
    stops.push(() => host.stop())
    const unreachable = reportPeers(host, output)
    for (const peer of [...options.peers, ...mailservers.map(({ enode }) => enode)]) addPeer(host, peer)
    let starting: Promise<void> | undefined
    const begin = async (): Promise<void> => {
      await client.start()
      await host.start()
      if (options.discovery !== undefined) stops.unshift((await discover(host, account.nodeKey, options, output)).stop)
    }
    const start = (): Promise<void> => {
      starting ??= begin()
      return starting
    }
    const stop = async (): Promise<void> => {
      await starting?.catch(() => undefined)
      await flush(client)
      await stopAll(stops)
      await release()
    }
    return { client, host, mailservers, unreachable, start, stop }
  } catch (error) {
    await stopAll(stops)
    await release()
    throw error
  }
}

async function discover(host: Host, nodeKey: Uint8Array, options: StackOptions, output: Output) {
  const { bootnodes = [], port, store } = options.discovery ?? {}
  const listen = options.listen === undefined ? undefined : parseListen(options.listen)
  // A client that only dials cannot be connected to: others are told of no TCP port.
  const tcpPort = listen === undefined ? 0 : parseCompleteEnode(host.enode()).tcpPort
  const { startDiscovery } = await import('./network/discovery.ts')
  return startDiscovery(
    host,
    nodeKey,
    {
      bootnodes,
      listen: { host: listen?.host ?? '0.0.0.0', port: port ?? tcpPort, fixed: port !== undefined },
      tcpPort: () => tcpPort,
      wanted: peersToFind,
      netRestrict: options.netRestrict,
      store
    },
    output
  )
}

/** What was received is acknowledged, and what is queued is tried once, before the links close. */
async function flush(client: Client): Promise<void> {
  await client.idle()
  if (client.connected()) await client.tick()
  await client.idle()
}

/** The profile's database, ours alone: open to no other process and no other user. @throws CliError `profile-locked`, `disk-full`, `database` */
export async function openDatabase(profile: Profile): Promise<ClassicLevel<string, Uint8Array>> {
  keepFilesPrivate()
  const database = new ClassicLevel<string, Uint8Array>(profile.databaseFolder, {
    keyEncoding: 'utf8',
    valueEncoding: 'view'
  })
  try {
    await database.open()
  } catch (error) {
    if (error instanceof Error && codeOf(error.cause) === 'LEVEL_LOCKED') throw await lockedBy(profile)
    if (isDiskFull(error)) throw diskFull(profile.databaseFolder)
    throw new CliError(
      'profile',
      'database',
      `the database of profile ${profile.name} cannot be opened: ${profile.databaseFolder}`
    )
  }
  await closeFolder(profile.databaseFolder)
  return database
}

/** Who has the profile, as far as that is known, and what to do about it. */
async function lockedBy(profile: Profile): Promise<CliError> {
  const holder = await readHolder(profile)
  const who = holder === undefined ? '' : `: \`${holder.command}\` (process ${holder.pid})`
  const hint =
    holder?.socket !== undefined
      ? 'reach the daemon with `status-stack call`, or end it'
      : 'end that process, or use another --profile; a running `daemon` shares a profile with other commands'
  return new CliError('locked', 'profile-locked', `profile ${profile.name} is in use by another process${who}`, hint)
}

async function stopAll(stops: readonly (() => Promise<void>)[]): Promise<void> {
  for (const stop of stops) await stop()
}

export function addPeer(host: Host, enode: string): void {
  try {
    host.addStatic(enode)
  } catch (error) {
    if (TransportError.is(error) && error.code === 'refused')
      throw new CliError('usage', 'net-restrict', `peer ${enode.slice(8, 16)}… is outside the networks of net_restrict`)
    if (TransportError.is(error) && error.code === 'invalid-argument')
      throw new CliError('usage', 'self', 'a peer is this node itself')
    throw new CliError(
      'usage',
      'enode',
      `not an enode URL: ${enode.slice(0, 40)}…`,
      'it looks like enode://<128 hex digits>@host:port'
    )
  }
}

/** `host:port`, `[::1]:port` or a port alone. */
export function parseListen(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65535) {
    throw new CliError(
      'usage',
      'listen',
      `not an address to listen on: ${text}`,
      'it looks like 127.0.0.1:30303, [::1]:30303 or 30303'
    )
  }
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port }
}

/**
 * Says when a peer comes and goes; of a named peer that stays away, only the first failed dial. Answers who of those stays
 * away now.
 */
export function reportPeers(host: Host, output: Output): ReadonlySet<string> {
  // BOUNDED: named peers only; what discovery finds is tried and left, without a word and without an entry.
  const failing = new Set<string>()
  const short = (peerId: string): string => `${peerId.slice(0, 8)}…`
  host.addEventListener('peeradded', ({ detail }) => {
    failing.delete(detail.peerId)
    output.note(
      {
        event: 'peer',
        state: 'connected',
        peerId: detail.peerId,
        address: `${detail.remoteAddress}:${detail.remotePort}`
      },
      `· connected to ${short(detail.peerId)} at ${detail.remoteAddress}:${detail.remotePort}`
    )
  })
  host.addEventListener('peerremoved', ({ detail }) => {
    if (detail.ending.by === 'us' && !output.json) return
    const again = detail.flags.static ? '; trying again until it is back' : ''
    output.note(
      {
        event: 'peer',
        state: 'disconnected',
        peerId: detail.peerId,
        by: detail.ending.by,
        reason: detail.ending.reason ?? detail.ending.failure ?? 'closed'
      },
      `· connection to ${short(detail.peerId)} lost (${detail.ending.reason ?? detail.ending.failure ?? 'closed'})${again}`
    )
  })
  host.addEventListener('dialfailed', ({ detail }) => {
    if (detail.nextAtMs === undefined || failing.has(detail.peerId)) return
    failing.add(detail.peerId)
    output.note(
      { event: 'peer', state: 'unreachable', peerId: detail.peerId, code: detail.code },
      `· cannot reach ${short(detail.peerId)} (${detail.code}); trying again until it answers`
    )
  })
  return failing
}

function loggerOf(output: Output) {
  const line = (level: string) => (message: string, facts?: Readonly<Record<string, string | number>>) =>
    output.verbose(`${level} ${message}${facts === undefined ? '' : ` ${JSON.stringify(facts)}`}`)
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** Waits until a peer is attached. @throws CliError `unreachable` */
export async function whenConnected(
  client: Pick<Client, 'connected' | 'on'>,
  timeoutMs: number,
  signal: AbortSignal
): Promise<void> {
  if (client.connected()) return
  await new Promise<void>((resolve, reject) => {
    const done = (finish: () => void): void => {
      off()
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      finish()
    }
    const onAbort = (): void => done(() => reject(new CliError('interrupted', 'interrupted', 'interrupted')))
    const off = client.on('peer', () => {
      if (client.connected()) done(resolve)
    })
    const timer = setTimeout(
      () =>
        done(() =>
          reject(
            new CliError(
              'unreachable',
              'no-peer',
              `no peer could be reached in ${timeoutMs / 1000} s`,
              'check --peer, and that the node runs'
            )
          )
        ),
      timeoutMs
    )
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
