import { bytesToHex, keccak256, utf8Bytes } from '@status-stack/crypto'
import type { Packet, PeerLink } from '@status-stack/interface'
import { type Channel, createChannel, type Direction, type LinkConditions, linkOf } from './connection.ts'
import { invalidArgument, SimulatorError } from './errors.ts'
import { limits } from './limits.ts'
import type { SimulatedRandom } from './random.ts'
import type { SimulatedTime } from './time.ts'
import { digestOf, type TraceEvent, type TraceWriter } from './trace.ts'

/** What a network links: a relay, a client, or anything else that takes links. */
export interface SimulatedNode {
  /** Gets its end of each link, and settles when the link has ended. */
  readonly attach: (link: PeerLink) => Promise<void>
}

/** Two nodes that know each other: the link between them can break and come back. */
export interface Connection {
  /** Name of the node that dialed. */
  readonly from: string
  /** Name of the other node. */
  readonly to: string
  /** Whether packets pass now. */
  readonly isUp: () => boolean
  /** Breaks it without a goodbye; what is under way is gone. */
  readonly cut: () => void
  /** Links the nodes again, as a new dial does. Does nothing while it is up or the nodes are apart. */
  readonly restore: () => void
}

/** A packet that has arrived. */
export interface PassedPacket {
  /** Milliseconds since the beginning. */
  readonly atMs: number
  /** Name of the sender. */
  readonly from: string
  /** Name of the receiver. */
  readonly to: string
  /** As it was delivered. */
  readonly packet: Packet
}

/** What a node has sent and received, packets with their overhead on the wire. */
export interface NodeTraffic {
  /** Delivered to it. */
  readonly packetsIn: number
  /** Of these, with `limits.packetOverheadBytes` for each. */
  readonly bytesIn: number
  /** Sent by it, lost ones included. */
  readonly packetsOut: number
  /** Of these, with `limits.packetOverheadBytes` for each. */
  readonly bytesOut: number
}

export interface Network {
  /** Adds a node; a known name is one that comes back with another process. `connect` makes its connections. */
  readonly join: (name: string, node: SimulatedNode) => void
  /** Breaks every link of a node without a goodbye; its connections can be restored. */
  readonly leave: (name: string) => void
  /** Makes a connection, up at once unless the two are apart; the conditions are those of both directions. */
  readonly connect: (from: string, to: string, conditions?: LinkConditions) => Connection
  /** Breaks the links between groups of nodes; nodes that are in no group form one of their own. */
  readonly partition: (groups: readonly (readonly string[])[]) => void
  /** Takes the partition back and restores every connection. */
  readonly heal: () => void
  /** All that were made, broken ones included. */
  readonly connections: () => readonly Connection[]
  /** What a node has sent and received so far. */
  readonly traffic: (name: string) => NodeTraffic
  /** Calls the listener with each packet that arrives anywhere; the returned function ends it. */
  readonly onPacket: (listener: (passed: PassedPacket) => void) => () => void
}

/**
 * The peer id of a node of this name, 64 hex digits.
 *
 * @example
 * ```ts
 * whisper.trustPeer(peerIdOf('relay'))
 * ```
 */
export const peerIdOf = (name: string): string => bytesToHex(keccak256(utf8Bytes(`simulated node ${name}`)))

type Counters = { -readonly [K in keyof NodeTraffic]: number }

interface Member {
  node: SimulatedNode
  readonly traffic: Counters
  readonly connections: Set<Connection>
}

/** A code of an error, or its class: what stays the same from run to run. */
const reasonOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'failed'

/** What a connection needs of its network. */
interface ConnectionParts {
  readonly from: string
  readonly to: string
  readonly isTrusted: boolean
  /** Makes both directions anew, `from` → `to` first. */
  readonly channels: () => readonly [Channel, Channel]
  /** Whether the two may be linked now. */
  readonly mayLink: () => boolean
  /** The nodes as they are now: a process may have come back under its name. */
  readonly nodes: readonly [from: () => SimulatedNode, to: () => SimulatedNode]
  readonly note: (kind: 'up' | 'down', reason?: string) => void
}

function createConnection({ from, to, isTrusted, channels, mayLink, nodes, note }: ConnectionParts): Connection {
  let running: readonly Channel[] = []
  const end = (reason: string): void => {
    if (running.length === 0) return
    const ended = running
    running = []
    for (const channel of ended) channel.end()
    note('down', reason)
  }
  const attach = (node: SimulatedNode, link: PeerLink, close: (reason: string) => void): void => {
    node.attach(link).then(
      () => close('done'),
      error => close(reasonOf(error))
    )
  }
  return {
    from,
    to,
    isUp: () => running.length > 0,
    cut: () => end('cut'),
    restore: () => {
      if (running.length > 0 || !mayLink()) return
      const both = channels()
      const [there, back] = both
      running = both
      note('up')
      const close = (reason: string): void => {
        if (running === both) end(reason)
      }
      attach(nodes[0](), linkOf(peerIdOf(to), isTrusted, there, back, close), close)
      attach(nodes[1](), linkOf(peerIdOf(from), isTrusted, back, there, close), close)
    }
  }
}

export interface NetworkPorts {
  readonly time: SimulatedTime
  readonly startMs: number
  readonly trace: TraceWriter
  readonly random: (name: string) => SimulatedRandom
}

export function createNetwork({ time, startMs, trace, random }: NetworkPorts): Network {
  // BOUNDED: limits.nodes
  const members = new Map<string, Member>()
  const listeners = new Set<(passed: PassedPacket) => void>()
  const connections: Connection[] = []
  let groupOf = new Map<string, number>()

  const memberOf = (name: string): Member => {
    const member = members.get(name)
    if (member === undefined) throw new SimulatorError('unknown-node', `node: no "${name}"`, { origin: 'caller' })
    return member
  }
  const note = (kind: TraceEvent['kind'], from: string, to: string, packet?: Packet): void => {
    trace.add({
      atMs: time.now() - startMs,
      kind,
      from,
      to,
      code: packet?.code ?? -1,
      bytes: packet?.payload.length ?? 0,
      digest: packet === undefined ? 0 : digestOf(packet.payload)
    })
  }
  const areApart = (a: string, b: string): boolean => (groupOf.get(a) ?? -1) !== (groupOf.get(b) ?? -1)

  const direction = (from: string, to: string): Direction => {
    const [sender, receiver] = [memberOf(from).traffic, memberOf(to).traffic]
    return {
      sent: packet => {
        sender.packetsOut += 1
        sender.bytesOut += packet.payload.length + limits.packetOverheadBytes
        note('sent', from, to, packet)
      },
      lost: packet => note('lost', from, to, packet),
      delivered: packet => {
        receiver.packetsIn += 1
        receiver.bytesIn += packet.payload.length + limits.packetOverheadBytes
        note('delivered', from, to, packet)
        for (const listen of listeners) listen({ atMs: time.now() - startMs, from, to, packet })
      }
    }
  }

  const connect = (from: string, to: string, conditions: LinkConditions = {}): Connection => {
    if (from === to) throw invalidArgument('connect: expected two nodes')
    const [left, right] = [memberOf(from), memberOf(to)]
    const weather = random(`link ${connections.length} ${from} ${to}`)
    const connection = createConnection({
      from,
      to,
      isTrusted: conditions.trusted ?? false,
      channels: () => [
        createChannel(time, weather, conditions, direction(from, to)),
        createChannel(time, weather, conditions, direction(to, from))
      ],
      mayLink: () => !areApart(from, to) && members.has(from) && members.has(to),
      nodes: [() => left.node, () => right.node],
      note: (kind, reason) => note(kind, from, reason === undefined ? to : `${to} ${reason}`)
    })
    connections.push(connection)
    left.connections.add(connection)
    right.connections.add(connection)
    connection.restore()
    return connection
  }

  return {
    join: (name, node) => {
      const known = members.get(name)
      if (known !== undefined) {
        // A process that comes back under its name.
        known.node = node
        return
      }
      if (members.size >= limits.nodes) throw invalidArgument(`nodes: at most ${limits.nodes}`)
      const traffic = { packetsIn: 0, bytesIn: 0, packetsOut: 0, bytesOut: 0 }
      members.set(name, { node, traffic, connections: new Set() })
    },
    leave: name => {
      for (const connection of memberOf(name).connections) connection.cut()
    },
    connect,
    partition: groups => {
      groupOf = new Map(groups.flatMap((group, at) => group.map(name => [name, at] as const)))
      note('note', 'partition', groups.map(group => group.join(',')).join('|'))
      for (const connection of connections) if (areApart(connection.from, connection.to)) connection.cut()
    },
    heal: () => {
      groupOf = new Map()
      note('note', 'heal', '')
      for (const connection of connections) connection.restore()
    },
    connections: () => connections,
    traffic: name => ({ ...memberOf(name).traffic }),
    onPacket: listener => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    }
  }
}
