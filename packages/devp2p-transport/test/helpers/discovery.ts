import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createVirtualTime, type VirtualTime } from '@status-stack/interface/testing'
import { formatEnode } from '@status-stack/rlpx'
import type { Discovery, DiscoveryDeps, DiscoveryOptions } from '../../src/discovery/discovery-types.ts'
import { createDiscovery } from '../../src/discovery/discv4.ts'
import { loadPacketCodec, type PacketContent, type ReceivedPacket } from '../../src/discovery/packet.ts'
import type { DatagramSocket } from '../../src/ports.ts'
import { createMemoryDatagrams, type MemoryDatagrams } from '../../src/testing/index.ts'

export const codec = await loadPacketCodec()

export interface DiscoveryWorld {
  readonly network: MemoryDatagrams
  readonly time: VirtualTime
  readonly node: (address: string, options?: DiscoveryOptions, deps?: Partial<DiscoveryDeps>) => Promise<DiscoveryNode>
  /** A stranger that speaks packets by hand. */
  readonly stranger: (address: string, privateKey?: Uint8Array, port?: number) => Promise<Stranger>
  readonly stop: () => Promise<void>
}

export interface DiscoveryNode {
  readonly discovery: Discovery
  readonly enode: string
  readonly publicKey: Uint8Array
  readonly endpoint: { readonly address: string; readonly port: number }
}

export interface Stranger {
  readonly publicKey: Uint8Array
  readonly enode: string
  readonly send: (content: PacketContent, to: DiscoveryNode) => Uint8Array
  readonly raw: (bytes: Uint8Array, to: DiscoveryNode) => void
  readonly received: (ReceivedPacket & { readonly size: number })[]
  /** Answers every Ping with a Pong from now on, or no more. */
  readonly answerPings: (on?: boolean) => void
  readonly endpoint: { readonly address: string; readonly udpPort: number; readonly tcpPort: number }
}

export function discoveryWorld(): DiscoveryWorld {
  const network = createMemoryDatagrams()
  const time = createVirtualTime()
  const running: Discovery[] = []
  const expiration = (): number => Math.floor(time.clock.nowMs() / 1000) + 20
  return {
    network,
    time,
    node: async (address, options = {}, deps = {}) => {
      const privateKey = deps.privateKey ?? generatePrivateKey()
      const discovery = createDiscovery(
        {
          privateKey,
          clock: time.clock,
          scheduler: time.scheduler,
          datagrams: network.carrier(address),
          codec,
          ...deps
        },
        { listen: { host: address, port: 30_303 }, tcpPort: 30_303, ...options }
      )
      running.push(discovery)
      await discovery.start()
      const publicKey = publicKeyOf(privateKey)
      return {
        discovery,
        publicKey,
        enode: formatEnode({ publicKey, host: address, tcpPort: 30_303 }),
        endpoint: { address, port: 30_303 }
      }
    },
    stranger: async (address, privateKey = generatePrivateKey(), port = 30_303) => {
      const socket: DatagramSocket = await network.carrier(address).bind({ host: address, port })
      const received: (ReceivedPacket & { size: number })[] = []
      const endpoint = { address, udpPort: port, tcpPort: port }
      let answering = false
      socket.receive((bytes, from) => {
        const packet = { ...codec.decode(bytes), size: bytes.length }
        received.push(packet)
        if (!answering || packet.content.kind !== 'ping') return
        const to = { address: from.address, udpPort: from.port, tcpPort: 0 }
        socket.send(
          codec.encode({ kind: 'pong', to, pingHash: packet.hash, expiration: expiration() }, privateKey).bytes,
          from
        )
      })
      const publicKey = publicKeyOf(privateKey)
      return {
        publicKey,
        endpoint,
        enode: formatEnode({ publicKey, host: address, tcpPort: port }),
        received,
        answerPings: (on = true) => {
          answering = on
        },
        raw: (bytes, to) => socket.send(bytes, to.endpoint),
        send: (content, to) => {
          const { bytes, hash } = codec.encode(content, privateKey)
          socket.send(bytes, to.endpoint)
          return hash
        }
      }
    },
    stop: async () => {
      await Promise.all(running.map(discovery => discovery.stop()))
    }
  }
}
