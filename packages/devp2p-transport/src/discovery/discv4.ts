import { equalBytes, generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { type CompleteEnode, nodeIdOf, parseCompleteEnode } from '../enode.ts'
import { callerError, environmentError, TransportError, throwIfAborted } from '../errors.ts'
import { limits } from '../limits.ts'
import { addressBytes, isLocal, isLoopback, isSpecial } from '../peers/address.ts'
import { parseNetRestrict } from '../peers/net-restrict.ts'
import type { CancelTimer, DatagramSocket } from '../ports.ts'
import { systemClock, systemRandom, systemScheduler } from '../system.node.ts'
import { createBonds } from './bonds.ts'
import type { Discovery, DiscoveryDeps, DiscoveryOptions } from './discovery-types.ts'
import { createEndpointVotes } from './endpoint-votes.ts'
import { decodeRecord, type NodeRecord } from './enr.ts'
import { lookup } from './lookup.ts'
import {
  loadPacketCodec,
  type PacketCodec,
  type PacketContent,
  type ReceivedPacket,
  type WireEndpoint,
  type WireNode
} from './packet.ts'
import { createPacketGate } from './packet-gate.ts'
import { createReplyQueue } from './reply-queue.ts'
import { createNodeTable, type NodeTable, type TableNode, tableNode } from './table.ts'
import { udpCarrier } from './udp.node.ts'

/** How long what we send is good for; go-ethereum's too. */
export const expirationSeconds = 20
const neighborsPerPacket = 12
const alpha = 3
const mostFindFailures = 5

function enodeOf({ publicKey, address, tcpPort, udpPort }: WireNode): CompleteEnode {
  return { publicKey, host: address, tcpPort, udpPort }
}

/** Discovery over UDP. SPEC: devp2p discovery v4. */
export function createDiscovery(deps: DiscoveryDeps, options: DiscoveryOptions = {}): Discovery {
  const {
    clock = systemClock,
    scheduler = deps.timers ?? systemScheduler,
    random = systemRandom,
    datagrams = udpCarrier
  } = deps
  const privateKey = deps.privateKey.slice()
  const ownKey = publicKeyOf(privateKey)
  const ownId = nodeIdOf(ownKey)
  const restrict = options.netRestrict === undefined ? undefined : parseNetRestrict(options.netRestrict)
  const bootnodes = (options.bootnodes ?? [])
    .map(url => nodeOf(parseCompleteEnode(url)))
    .filter(({ address }) => restrict?.contains(address) !== false)
  const table: NodeTable = createNodeTable(ownId)
  const bonds = createBonds(clock)
  const gate = createPacketGate(clock)
  const replies = createReplyQueue(scheduler, options.replyTimeoutMs ?? 500)
  const votes = createEndpointVotes(clock)
  const dropped = new Map<string, number>()
  const findFailures = new Map<string, number>()
  const busy = new Set<Promise<unknown>>()
  let packetsIn = 0
  let packetsOut = 0
  let codec: PacketCodec | undefined
  let socket: DatagramSocket | undefined
  let cancels: CancelTimer[] = []
  let starting: Promise<void> | undefined

  const drop = (reason: string): void => {
    dropped.set(reason, (dropped.get(reason) ?? 0) + 1)
  }
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000)
  const expiration = (): number => nowSeconds() + expirationSeconds
  const pick = (count: number): number => {
    const [a = 0, b = 0, c = 0] = random.bytes(3)
    return ((a << 16) | (b << 8) | c) % count
  }

  const send = (to: { readonly address: string; readonly udpPort: number }, content: PacketContent): Uint8Array => {
    if (codec === undefined || socket === undefined) throw callerError('stopped', 'discovery: not running')
    const { bytes, hash } = codec.encode(content, privateKey)
    packetsOut++
    socket.send(bytes, { address: to.address, port: to.udpPort })
    return hash
  }

  const ownEndpoint = (): WireEndpoint => ({
    address: socket?.address ?? '127.0.0.1',
    udpPort: socket?.port ?? 0,
    tcpPort: typeof options.tcpPort === 'function' ? options.tcpPort() : (options.tcpPort ?? 0)
  })

  /** Ping and wait for the Pong that carries its hash. */
  const ping = async (node: TableNode): Promise<void> => {
    let hash: Uint8Array | undefined
    const answered = replies.wait(node, 'pong', ({ pingHash, to }) => {
      if (hash === undefined || !equalBytes(pingHash, hash)) return 'ignore'
      const address = votes.stated(node.peerId, to.address)
      if (address !== undefined) deps.onOwnAddress?.(address)
      return 'done'
    })
    hash = send(node, { kind: 'ping', from: ownEndpoint(), to: node, expiration: expiration() })
    await answered
    bonds.pongReceived(node.peerId, node.address)
  }

  const track = (work: Promise<unknown>): void => {
    const entry = work.catch(() => undefined).finally(() => busy.delete(entry))
    busy.add(entry)
  }

  /** Both directions of the endpoint proof, so that the node answers our FindNode. */
  const ensureBond = async (node: TableNode): Promise<void> => {
    if (!bonds.hasProved(node.peerId, node.address)) {
      await ping(node)
      table.verified(node)
    }
    if (bonds.hasPinged(node.peerId, node.address)) return
    // The other side pings us when it does not know us; without that it would not answer.
    await replies.wait(node, 'ping', () => 'done').catch(() => undefined)
  }

  const usable = (sender: string, node: WireNode): boolean => {
    if (node.udpPort <= 1024 || isSpecial(node.address) || restrict?.contains(node.address) === false) return false
    if (isLoopback(node.address)) return isLoopback(sender)
    return !isLocal(node.address) || isLocal(sender)
  }

  const findNode = async (node: TableNode, target: Uint8Array): Promise<readonly TableNode[]> => {
    try {
      await ensureBond(node)
      const found: TableNode[] = []
      let received = 0
      let packets = 0
      const answered = replies.wait(node, 'neighbors', ({ nodes }) => {
        packets++
        received += nodes.length
        for (const entry of nodes) {
          if (found.length < limits.neighborsPerReply && usable(node.address, entry)) found.push(tableNode(entry))
        }
        return received >= limits.neighborsPerReply ? 'done' : 'more'
      })
      send(node, { kind: 'find-node', target, expiration: expiration() })
      // Fewer than 16 come from a small network: what has come by the deadline counts. Who knows nobody but us sends none
      // and is alive all the same: the first two nodes of a network find each other.
      await answered.catch(error => {
        if (packets === 0) throw error
      })
      findFailures.delete(node.peerId)
      return found
    } catch (error) {
      const failures = (findFailures.get(node.peerId) ?? 0) + 1
      if (failures > mostFindFailures || !table.has(node.peerId)) findFailures.delete(node.peerId)
      else findFailures.set(node.peerId, failures)
      if (failures > mostFindFailures) table.remove(node.peerId)
      throw error
    }
  }

  const lookupFrom = (target: Uint8Array, signal?: AbortSignal): Promise<readonly TableNode[]> =>
    lookup({
      target: nodeIdOf(target),
      start: table.size() > 0 ? table.closest(nodeIdOf(target), limits.bucketNodes) : bootnodes,
      ownPeerId: tableNode({ publicKey: ownKey, address: '', udpPort: 0, tcpPort: 0 }).peerId,
      parallel: alpha,
      query: node => findNode(node, target),
      signal
    })

  const received = (bytes: Uint8Array, from: { readonly address: string; readonly port: number }): void => {
    packetsIn++
    if (restrict?.contains(from.address) === false) {
      drop('not-allowed')
      return
    }
    if (!gate.admits(from.address)) {
      drop('rate')
      return
    }
    let packet: ReceivedPacket
    try {
      if (codec === undefined) return
      packet = codec.decode(bytes)
    } catch (error) {
      drop(TransportError.is(error) ? error.code : 'malformed')
      return
    }
    const { content } = packet
    if ('expiration' in content && content.expiration < nowSeconds()) {
      drop('expired')
      return
    }
    if (equalBytes(packet.publicKey, ownKey)) {
      drop('self')
      return
    }
    const tcpPort = content.kind === 'ping' ? content.from.tcpPort : 0
    const sender = tableNode({ publicKey: packet.publicKey, address: from.address, udpPort: from.port, tcpPort })
    try {
      handle(sender, packet)
    } catch (error) {
      // Our own answer could not be made (an address of the wrong kind, say): the sender gets none.
      drop(TransportError.is(error) ? error.code : 'unanswerable')
    }
  }

  const handle = (sender: TableNode, { content, hash }: ReceivedPacket): void => {
    switch (content.kind) {
      case 'ping':
        send(sender, { kind: 'pong', to: sender, pingHash: hash, expiration: expiration() })
        replies.offer(sender, content)
        bonds.pingReceived(sender.peerId, sender.address)
        if (bonds.hasProved(sender.peerId, sender.address)) table.verified(sender)
        else track(ping(sender).then(() => table.verified(sender)))
        return
      case 'pong':
      case 'neighbors':
      case 'enr-response':
        if (!replies.offer(sender, content)) drop('unsolicited')
        return
      case 'find-node':
        if (bonds.hasProved(sender.peerId, sender.address)) answerFindNode(sender, content.target)
        else drop('no-endpoint-proof')
        return
      case 'enr-request': {
        const record = deps.record?.()
        if (!bonds.hasProved(sender.peerId, sender.address)) drop('no-endpoint-proof')
        else if (record !== undefined) send(sender, { kind: 'enr-response', requestHash: hash, record: record.bytes })
      }
    }
  }

  const answerFindNode = (sender: TableNode, target: Uint8Array): void => {
    const nodes = table
      .closest(nodeIdOf(target), limits.bucketNodes)
      .filter(node => node.peerId !== sender.peerId && usable(sender.address, node))
    // An answer is sent also when it is empty; 12 nodes fill a packet of 1280 bytes.
    for (let at = 0; at === 0 || at < nodes.length; at += neighborsPerPacket) {
      send(sender, { kind: 'neighbors', nodes: nodes.slice(at, at + neighborsPerPacket), expiration: expiration() })
    }
  }

  const randomTarget = (): Uint8Array => publicKeyOf(generatePrivateKey(random))

  const refresh = async (): Promise<void> => {
    await Promise.all(bootnodes.map(node => ensureBond(node).catch(() => undefined)))
    for (const target of [ownKey, randomTarget(), randomTarget(), randomTarget()]) {
      if (socket === undefined) return
      await lookupFrom(target)
    }
  }

  const revalidate = async (): Promise<void> => {
    const node = table.stalest(pick)
    if (node === undefined) return
    try {
      await ping(node)
      table.verified(node)
    } catch {
      table.remove(node.peerId)
    }
  }

  const every = (delayMs: () => number, work: () => Promise<void>): void => {
    const plan = (): void => {
      const cancel = scheduler.after(delayMs(), () => {
        cancels = cancels.filter(other => other !== cancel)
        track(work())
        if (socket !== undefined) plan()
      })
      cancels.push(cancel)
    }
    plan()
  }

  const start = async (): Promise<void> => {
    if (socket !== undefined) return
    codec ??= deps.codec ?? (await loadPacketCodec())
    socket = await datagrams.bind({ host: options.listen?.host ?? '127.0.0.1', port: options.listen?.port ?? 0 })
    socket.receive(received)
    every(() => options.refreshIntervalMs ?? 30 * 60_000, refresh)
    every(() => 1 + pick(options.revalidateIntervalMs ?? 10_000), revalidate)
    track(refresh())
  }

  const nodes = async (target: Uint8Array, signal: AbortSignal | undefined): Promise<readonly CompleteEnode[]> => {
    throwIfAborted(signal)
    if (socket === undefined) throw callerError('stopped', 'discovery: not running')
    return (await lookupFrom(target, signal)).map(enodeOf)
  }

  return {
    start: () => {
      starting ??= start().finally(() => {
        starting = undefined
      })
      return starting
    },
    stop: async () => {
      await starting?.catch(() => undefined)
      const open = socket
      socket = undefined
      for (const cancel of cancels.splice(0)) cancel()
      replies.stop()
      await open?.close()
      await Promise.all(busy)
    },
    endpoint: () => (socket === undefined ? undefined : { address: socket.address, port: socket.port }),
    randomNodes: ({ signal } = {}) => nodes(randomTarget(), signal),
    lookup: (publicKey, { signal } = {}) => nodes(publicKey, signal),
    requestRecord: async enodeUrl => {
      const node = nodeOf(parseCompleteEnode(enodeUrl))
      await ensureBond(node)
      let hash: Uint8Array | undefined
      let record: NodeRecord | undefined
      const answered = replies.wait(node, 'enr-response', content => {
        if (hash === undefined || !equalBytes(content.requestHash, hash)) return 'ignore'
        try {
          const decoded = decodeRecord(content.record)
          if (!equalBytes(decoded.nodeId, node.nodeId)) return 'ignore'
          record = decoded
          return 'done'
        } catch {
          return 'ignore'
        }
      })
      hash = send(node, { kind: 'enr-request', expiration: expiration() })
      await answered
      if (record === undefined) throw environmentError('timeout', 'discovery: no record')
      return record
    },
    ping: async enodeUrl => {
      const node = nodeOf(parseCompleteEnode(enodeUrl))
      await ping(node)
      table.verified(node)
    },
    known: () => table.nodes().map(enodeOf),
    stats: () => ({
      nodes: table.size(),
      bonds: bonds.size(),
      packetsIn,
      packetsOut,
      dropped: Object.fromEntries(dropped)
    })
  }
}

function nodeOf({ publicKey, host, tcpPort, udpPort }: CompleteEnode): TableNode {
  // Replies are matched by address, so a name has to be resolved before.
  if (addressBytes(host) === undefined) throw callerError('invalid-text', 'discovery: expected an IP address')
  return tableNode({ publicKey, address: host, udpPort, tcpPort })
}
