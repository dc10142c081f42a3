import type { Packet } from '@status-stack/interface'
import { createChannel, type Direction, type LinkConditions } from './connection.ts'
import { check, invalidArgument, SimulatorError } from './errors.ts'
import { limits } from './limits.ts'
import { type Connection, createConnection, type SimulatedNode } from './node-connection.ts'
import type { SimulatedRandom } from './random.ts'
import type { SimulatedTime } from './time.ts'
import { digestOf, type TraceEvent, type TraceWriter } from './trace.ts'

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

type Counters = { -readonly [K in keyof NodeTraffic]: number }

interface Member {
  node: SimulatedNode
  readonly traffic: Counters
  readonly connections: Set<Connection>
}

export interface NetworkPorts {
  readonly time: SimulatedTime
  readonly startMs: number
  readonly trace: TraceWriter
  readonly random: (name: string) => SimulatedRandom
}

/** @throws SimulatorError `invalid-argument` */
function checkConditions(conditions: LinkConditions): void {
  check.options('conditions', conditions, ['latencyMs', 'jitterMs', 'lossRate', 'bytesPerSecond', 'trusted'])
  const { latencyMs, jitterMs, lossRate, bytesPerSecond, trusted } = conditions
  if (latencyMs !== undefined) check.number('conditions.latencyMs', latencyMs, 0, Number.MAX_SAFE_INTEGER)
  if (jitterMs !== undefined) check.number('conditions.jitterMs', jitterMs, 0, Number.MAX_SAFE_INTEGER)
  if (lossRate !== undefined) check.number('conditions.lossRate', lossRate, 0, 1)
  if (bytesPerSecond !== undefined)
    check.number('conditions.bytesPerSecond', bytesPerSecond, 1, Number.POSITIVE_INFINITY)
  if (trusted !== undefined) check.boolean('conditions.trusted', trusted)
}

export function createNetwork({ time, startMs, trace, random }: NetworkPorts): Network {
  // BOUNDED: limits.nodes
  const members = new Map<string, Member>()
  const listeners = new Set<(passed: PassedPacket) => void>()
  const connections: Connection[] = []
  let groupOf = new Map<string, number>()

  const memberOf = (name: string): Member => {
    const member = members.get(name)
    check.text('name', name)
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
    checkConditions(conditions)
    if (from === to) throw invalidArgument('to: expected another node than the first')
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
      check.text('name', name)
      check.object('node', node)
      check.function('node.attach', node.attach)
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
      check.array('groups', groups)
      for (const group of groups) {
        check.array('groups', group)
        // A name that nobody has would leave its node on the other side of the partition.
        for (const name of group) memberOf(name)
      }
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
      check.function('listener', listener)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    }
  }
}
