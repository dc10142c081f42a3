import {
  type CounterSnapshot,
  createHost,
  createNat,
  type DiscoveryStats,
  type Host,
  isLoopback,
  type Mapping,
  type Nat,
  type PeerStore,
  parseNat,
  TransportError
} from '@status-stack/devp2p-transport'
import { capability, createWhisper, type Whisper, type WhisperCounters, type WhisperInfo } from '@status-stack/whisper'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { MailFacts, NodeService } from '../mail/node-service.ts'
import { checkNetworkWords, readEnode } from '../network/bootnodes.ts'
import { type RunningDiscovery, startDiscovery } from '../network/discovery.ts'
import type { Output } from '../output.ts'
import { addPeer, parseListen, reportPeers } from '../stack.ts'
import { version } from '../version.ts'

/** What a relay is doing, as plain facts: for its reports, its metrics and its health. */
export interface RelayFacts {
  readonly state: 'starting' | 'running' | 'stopping'
  readonly uptimeSeconds: number
  readonly host: CounterSnapshot
  readonly whisper: WhisperInfo & { readonly peers: number; readonly counters: WhisperCounters }
  readonly traffic: ReturnType<Whisper['bandwidth']>['total']
  readonly duplicateBytes: number
  /** Peers that were named, and how many of them are connected. */
  readonly named: { readonly wanted: number; readonly connected: number }
  readonly discovery: (DiscoveryStats & { readonly searching: boolean; readonly bootnodes: number }) | undefined
  /** Of a mailserver. */
  readonly mail: MailFacts | undefined
  readonly nat: { readonly address: string | undefined; readonly mappings: readonly Mapping[] } | undefined
}

/** A running relay: a host and Whisper, with discovery and port mapping where they are wanted. */
export interface Relay {
  readonly host: Host
  readonly whisper: Whisper
  readonly facts: () => RelayFacts
  /** Says goodbye to the peers, takes port mappings back, waits for all of it. */
  readonly stop: () => Promise<void>
}

/** A peer that does not answer our goodbye holds us up for so long at most. */
const goodbye = { lingerMs: 300, stopTimeoutMs: 700 }

/** Whether `node` discovers: when told to, and by itself when it has somewhere to begin. */
export function wantsDiscovery({ discovery, bootnodes }: Pick<Globals, 'discovery' | 'bootnodes'>): boolean {
  return discovery === 'on' || (discovery === 'auto' && bootnodes.length > 0)
}

/** Of `maxPeers` connections, those that a node with discovery makes itself; others dial the rest. */
export function shareToDial(maxPeers: number, dialRatio: number): number {
  return Math.min(maxPeers, Math.max(1, Math.floor(maxPeers / dialRatio)))
}

export interface RelayParts {
  readonly globals: Globals
  readonly privateKey: Uint8Array
  /** Where good peers are remembered. */
  readonly store: PeerStore | undefined
  /** What it does besides relaying; started before anybody can connect, stopped after the last link. */
  readonly service: Pick<NodeService, 'start' | 'stop' | 'stats'> | undefined
}

export async function startRelay({ globals, privateKey, store, service }: RelayParts, output: Output): Promise<Relay> {
  const listen = parseListen(globals.nodeListen)
  checkNetworkWords(globals.nat, globals.netRestrict)
  for (const url of globals.trusted) readEnode(url, 'a trusted peer')
  for (const url of globals.bootnodes) readEnode(url, 'a bootnode')
  const discovers = wantsDiscovery(globals)
  const dialed = discovers ? shareToDial(globals.maxPeers, globals.dialRatio) : 0
  const named = globals.peers.length + globals.trusted.length
  const light = globals.light === 'on'
  const whisper = createWhisper(
    {},
    {
      minPow: globals.minPow,
      // The host counts peers; what it lets in, Whisper must take.
      maxPeers: Math.min(65_536, globals.maxPeers + named + globals.maxPending),
      light,
      ...(light ? { bloom: 'interests' as const } : {})
    }
  )
  const host = createHost(
    { privateKey, capabilities: [{ ...capability, run: link => whisper.attach(link) }] },
    {
      listen,
      clientName: `status-stack/${version()}`,
      maxPeers: globals.maxPeers,
      maxInboundPeers: globals.maxPeers - dialed,
      maxPendingInbound: globals.maxPending,
      netRestrict: globals.netRestrict,
      ...goodbye
    }
  )
  reportPeers(host, output)
  host.addEventListener('refused', ({ detail }) => {
    const { reason, stage, direction, remoteAddress: address } = detail
    output.note(
      { event: 'refused-connection', reason, stage, direction, address },
      `· connection ${direction === 'inbound' ? 'from' : 'to'} ${address} closed: ${reason} (${stage})`
    )
  })
  let tcpPort = 0
  host.addEventListener('listening', ({ detail }) => {
    tcpPort = detail.port
  })
  for (const peer of globals.peers) addPeer(host, peer)
  for (const peer of globals.trusted) host.addTrusted(peer)

  const startedMs = Date.now()
  let state: RelayFacts['state'] = 'starting'
  let discovery: RunningDiscovery | undefined
  let nat: Nat | undefined
  let announced = false

  const natKind = parseNat(globals.nat).kind
  const wanted = new Set(globals.peers)
  const advertise = (address: string | undefined): void => {
    const portOf = (protocol: Mapping['protocol']): number | undefined =>
      nat?.mappings().find(mapping => mapping.protocol === protocol)?.externalPort
    host.setExternalAddress(address)
    host.setAdvertisedPorts({ tcpPort: portOf('tcp'), udpPort: portOf('udp') ?? discovery?.endpoint.port })
    if (announced)
      output.note(
        { event: 'address', address: address ?? null, enode: host.enode() },
        address === undefined ? '· our public address is no longer known' : `· reachable as ${host.enode()}`
      )
  }

  const stop = async (): Promise<void> => {
    state = 'stopping'
    await Promise.all([discovery?.stop(), nat?.stop(), host.stop()])
    await whisper.stop()
    await service?.stop()
  }

  await service?.start(whisper, privateKey)
  try {
    await whisper.start()
    await listening(host, globals.nodeListen)
    if (discovers) {
      discovery = await startDiscovery(
        host,
        privateKey,
        {
          bootnodes: globals.bootnodes,
          listen: {
            host: listen.host,
            port: globals.discoveryPort ?? tcpPort,
            fixed: globals.discoveryPort !== undefined || listen.port !== 0
          },
          tcpPort: () => nat?.mappings().find(({ protocol }) => protocol === 'tcp')?.externalPort ?? tcpPort,
          wanted: dialed,
          netRestrict: globals.netRestrict,
          store,
          onOwnAddress: address => {
            if (nat?.externalAddress() === undefined) advertise(address)
          }
        },
        output
      )
    }
    advertise(undefined)
    if (natKind !== 'none') {
      if (natKind !== 'extip' && isLoopback(listen.host))
        output.note(
          { event: 'nat', state: 'unused' },
          '· no port is mapped: only this machine can reach a loopback address'
        )
      nat = createNat(
        { logger: { ...silent, warn: message => output.note({ event: 'nat', state: 'failed' }, `· ${message}`) } },
        {
          nat: globals.nat,
          listenAddress: listen.host,
          tcpPort,
          udpPort: discovery?.endpoint.port,
          onAddress: advertise
        }
      )
      // A gateway may take seconds to answer, or not be there.
      void nat.start()
    }
    announced = true
    state = 'running'
  } catch (error) {
    await stop()
    throw error
  }

  return {
    host,
    whisper,
    stop,
    facts: () => {
      const { total, duplicateBytes } = whisper.bandwidth()
      const connected = host.peers().filter(({ flags }) => flags.static).length
      return {
        state,
        uptimeSeconds: Math.round((Date.now() - startedMs) / 1000),
        host: host.metrics(),
        whisper: { ...whisper.info(), peers: whisper.peers().length, counters: whisper.counters() },
        traffic: total,
        duplicateBytes,
        named: { wanted: wanted.size, connected },
        discovery:
          discovery === undefined
            ? undefined
            : { ...discovery.stats(), searching: discovery.searching(), bootnodes: globals.bootnodes.length },
        mail: service?.stats(),
        nat: nat === undefined ? undefined : { address: nat.externalAddress(), mappings: nat.mappings() }
      }
    }
  }
}

const nothing = (): void => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

async function listening(host: Host, address: string): Promise<void> {
  try {
    await host.start()
  } catch (error) {
    if (!TransportError.is(error) || error.code !== 'network') throw error
    const why = error.message.split(' ').at(-1)
    throw new CliError(
      'failed',
      'listen',
      `cannot listen on ${address} (${why})`,
      why === 'EADDRINUSE'
        ? 'another program has that port: end it, or choose another --listen'
        : 'choose an address of this machine, and a port above 1023 unless you may use lower ones'
    )
  }
}
