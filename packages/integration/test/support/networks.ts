import { generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { createHost as createTcpHost } from '@status-stack/devp2p-transport'
import type { PeerLink } from '@status-stack/interface'
import { messagePortLink } from '@status-stack/messageport-transport'
import { createHost, type Host } from '@status-stack/rlpx'
import type { Client } from '@status-stack/status-client'
import { linkPair } from '@status-stack/status-client/testing'
import { type Bridge, createBridge, createWaku } from '@status-stack/waku'
import { createWebSocketHost } from '@status-stack/websocket-transport'
import { webSocketServerCarrier } from '@status-stack/websocket-transport/server'
import { createWhisper, type Whisper } from '@status-stack/whisper'
import { until } from './until.ts'

/** A network with one relay in the middle, to which clients are joined. */
export interface Network {
  readonly join: (client: Client) => Promise<Joined>
  readonly stop: () => Promise<void>
}

export interface Joined {
  /** Takes the client off the network and waits until it knows. */
  readonly leave: () => Promise<void>
}

/** What stands in the middle: a node of either privacy protocol. */
export type Relay = Pick<Whisper, 'capability' | 'start' | 'stop' | 'attach'>

export const whisperRelay = (): Relay => createWhisper({}, { powWorkers: 0 })
export const wakuRelay = (): Relay => createWaku({}, { powWorkers: 0 })

/** Both ends of a link between a client and the relay. */
interface Pair {
  readonly client: PeerLink
  readonly server: PeerLink
  readonly cut: () => void
}

/** A started relay, to which each client is linked by a pair. */
function aroundRelay(relay: Relay, pair: (clientId: string, serverId: string) => Pair): Network {
  let members = 0
  return {
    join: async client => {
      const links = pair(String(++members).padStart(64, '0'), 'f'.repeat(64))
      client.attach(links.client).catch(() => undefined)
      relay.attach(links.server).catch(() => undefined)
      await until('the client to be connected', () => client.connected())
      return leaving(client, async () => links.cut())
    },
    stop: () => relay.stop()
  }
}

const memoryPair = (clientId: string, serverId: string): Pair => {
  const { a, b, cut } = linkPair(clientId, serverId)
  return { client: a, server: b, cut }
}

/** Links in memory: nothing but the layers themselves. */
export async function memoryNetwork(relay = whisperRelay()): Promise<Network> {
  await relay.start()
  return aroundRelay(relay, memoryPair)
}

/** Links over a `MessagePort`, as between two tabs or a page and its worker. */
export async function portNetwork(relay = whisperRelay()): Promise<Network> {
  await relay.start()
  return aroundRelay(relay, (clientId, serverId) => {
    const { port1, port2 } = new MessageChannel()
    return {
      client: messagePortLink(port1, { peerId: serverId }),
      server: messagePortLink(port2, { peerId: clientId }),
      cut: () => port2.close()
    }
  })
}

/** Two networks of different protocols, and the one node that is in both. */
export interface BridgedNetworks {
  readonly whisper: Network
  readonly waku: Network
  readonly bridge: Bridge
  readonly stop: () => Promise<void>
}

/** A Whisper network and a Waku network in memory, whose relays are one node with a bridge. */
export async function bridgedNetworks(): Promise<BridgedNetworks> {
  const whisper = createWhisper({}, { powWorkers: 0 })
  const waku = createWaku({}, { powWorkers: 0 })
  const bridge = createBridge({ whisper, waku })
  await Promise.all([whisper.start(), waku.start()])
  return {
    whisper: aroundRelay(whisper, memoryPair),
    waku: aroundRelay(waku, memoryPair),
    bridge,
    stop: async () => {
      bridge.stop()
      await Promise.all([whisper.stop(), waku.stop()])
    }
  }
}

interface HostParts {
  readonly privateKey: Uint8Array
  readonly capabilities: Parameters<typeof createTcpHost>[0]['capabilities']
}

/** A network of RLPx hosts, one for each client. */
async function hostNetwork(
  relay: Relay,
  listening: (parts: HostParts) => Host,
  dialing: (parts: HostParts) => Host
): Promise<Network> {
  await relay.start()
  const hosts: Host[] = []
  const started = async (make: typeof listening, run: Client['attach']): Promise<Host> => {
    const capabilities = [{ ...relay.capability, run }]
    const host = make({ privateKey: generatePrivateKey({ bytes: randomBytes }), capabilities })
    await host.start()
    hosts.push(host)
    return host
  }
  const server = await started(listening, relay.attach)
  return {
    join: async client => {
      const host = await started(dialing, client.attach)
      await host.dial(server.enode())
      await until('the client to be connected', () => client.connected())
      return leaving(client, () => host.stop())
    },
    stop: async () => {
      await Promise.all(hosts.map(host => host.stop()))
      await relay.stop()
    }
  }
}

/** The same over RLPx on loopback TCP. */
export function tcpNetwork(relay = whisperRelay()): Promise<Network> {
  return hostNetwork(
    relay,
    parts => createTcpHost(parts),
    parts => createTcpHost(parts, { listen: false })
  )
}

/** The same over RLPx on loopback WebSocket. */
export function webSocketNetwork(relay = whisperRelay()): Promise<Network> {
  return hostNetwork(
    relay,
    parts => createHost({ ...parts, carrier: webSocketServerCarrier() }),
    parts => createWebSocketHost(parts)
  )
}

function leaving(client: Client, disconnect: () => Promise<void>): Joined {
  return {
    leave: async () => {
      await disconnect()
      await until('the client to be alone', () => !client.connected())
    }
  }
}
