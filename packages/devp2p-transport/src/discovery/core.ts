import { publicKeyOf } from '@status-stack/crypto'
import { nodeIdOf, peerIdOf } from '@status-stack/rlpx'
import {
  callerError,
  type NetRestrict,
  parseNetRestrict,
  systemClock,
  systemRandom,
  systemScheduler
} from '@status-stack/rlpx/carrier'
import { steadyClock } from '@status-stack/utils'
import type { Clock, DatagramSocket, Random, Scheduler } from '../ports.ts'
import { type Bonds, createBonds } from './bonds.ts'
import type { DiscoveryDeps, DiscoveryOptions } from './discovery-types.ts'
import { createEndpointVotes, type EndpointVotes } from './endpoint-votes.ts'
import type { NodeRecord } from './enr.ts'
import { createOwnRecord } from './own-record.ts'
import type { PacketCodec, PacketContent, WireEndpoint } from './packet.ts'
import { createReflectionBudget, type ReflectionBudget } from './reflection-budget.ts'
import { createReplyQueue, type ReplyQueue } from './reply-queue.ts'
import { createNodeTable, type NodeTable } from './table.ts'

/** How long what we send is good for; go-ethereum's too. */
export const expirationSeconds = 20
const defaultReplyTimeoutMs = 500

/** What the parts of one discovery share. */
export interface DiscoveryCore {
  /** What packets are dated by. */
  readonly clock: Clock
  /** For durations: it goes on when the clock is set back. */
  readonly steady: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  readonly publicKey: Uint8Array
  readonly peerId: string
  readonly restrict: NetRestrict | undefined
  readonly table: NodeTable
  readonly bonds: Bonds
  readonly replies: ReplyQueue
  readonly votes: EndpointVotes
  readonly budget: ReflectionBudget
  readonly record: () => NodeRecord
  readonly onOwnAddress: ((address: string) => void) | undefined
  /** Set while it runs. */
  readonly link: { codec: PacketCodec | undefined; socket: DatagramSocket | undefined }
  readonly counters: { packetsIn: number; packetsOut: number; readonly dropped: Map<string, number> }
  readonly ownEndpoint: () => WireEndpoint
  /** When what is sent now expires; Unix seconds. */
  readonly expiration: () => number
  /** A number from 0 to `count` − 1. */
  readonly pick: (count: number) => number
  /** @throws TransportError `stopped` */
  readonly encode: (content: PacketContent) => Encoded
  readonly sendBytes: (to: Target, bytes: Uint8Array) => void
  /** Encodes and sends; returns the packet's hash. @throws TransportError `stopped` */
  readonly send: (to: Target, content: PacketContent) => Uint8Array
  readonly drop: (reason: string) => void
}

export interface Target {
  readonly address: string
  readonly udpPort: number
}

export interface Encoded {
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
}

export function createDiscoveryCore(deps: DiscoveryDeps, options: DiscoveryOptions): DiscoveryCore {
  const { clock = systemClock, scheduler = systemScheduler, random = systemRandom } = deps
  const privateKey = deps.privateKey.slice()
  const publicKey = publicKeyOf(privateKey)
  const link: DiscoveryCore['link'] = { codec: undefined, socket: undefined }
  const counters: DiscoveryCore['counters'] = { packetsIn: 0, packetsOut: 0, dropped: new Map() }
  const steady = steadyClock(clock)
  const votes = createEndpointVotes(steady)

  const ownEndpoint = (): WireEndpoint => ({
    address: link.socket?.address ?? '127.0.0.1',
    udpPort: link.socket?.port ?? 0,
    tcpPort: typeof options.tcpPort === 'function' ? options.tcpPort() : (options.tcpPort ?? 0)
  })
  const reachableAt = (): WireEndpoint => {
    const own = ownEndpoint()
    return { ...own, address: votes.believed() ?? own.address }
  }
  const encode = (content: PacketContent): Encoded => {
    if (link.codec === undefined || link.socket === undefined) throw callerError('stopped', 'discovery: not running')
    return link.codec.encode(content, privateKey)
  }
  const sendBytes = (to: Target, bytes: Uint8Array): void => {
    counters.packetsOut++
    link.socket?.send(bytes, { address: to.address, port: to.udpPort })
  }

  return {
    clock,
    steady,
    scheduler,
    random,
    publicKey,
    peerId: peerIdOf(publicKey),
    restrict: options.netRestrict === undefined ? undefined : parseNetRestrict(options.netRestrict),
    table: createNodeTable(nodeIdOf(publicKey)),
    bonds: createBonds(steady),
    replies: createReplyQueue(scheduler, options.replyTimeoutMs ?? defaultReplyTimeoutMs),
    votes,
    budget: createReflectionBudget(steady),
    record: deps.record ?? createOwnRecord({ privateKey, clock }, reachableAt),
    onOwnAddress: deps.onOwnAddress,
    link,
    counters,
    ownEndpoint,
    expiration: () => Math.floor(clock.nowMs() / 1000) + expirationSeconds,
    pick: count => {
      const [a = 0, b = 0, c = 0] = random.bytes(3)
      return ((a << 16) | (b << 8) | c) % count
    },
    encode,
    sendBytes,
    send: (to, content) => {
      const { bytes, hash } = encode(content)
      sendBytes(to, bytes)
      return hash
    },
    drop: reason => {
      // BOUNDED: reasons are ours, never a peer's.
      counters.dropped.set(reason, (counters.dropped.get(reason) ?? 0) + 1)
    }
  }
}
