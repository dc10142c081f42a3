import { equalBytes } from '@status-stack/crypto'
import { nodeIdOf, TransportError } from '@status-stack/rlpx'
import { limits } from '../limits.ts'
import type { DiscoveryCore } from './core.ts'
import type { PacketContent, ReceivedPacket } from './packet.ts'
import { createPacketGate } from './packet-gate.ts'
import type { Queries } from './queries.ts'
import { type TableNode, tableNode } from './table.ts'

/** Handles one datagram. Never throws: what cannot be read or answered is counted and dropped. */
export type ReceiveDatagram = (bytes: Uint8Array, from: { readonly address: string; readonly port: number }) => void

const neighborsPerPacket = 12

function answerFindNode(core: DiscoveryCore, queries: Queries, sender: TableNode, target: Uint8Array): void {
  const nodes = core.table
    .closest(nodeIdOf(target), limits.bucketNodes)
    .filter(node => node.peerId !== sender.peerId && queries.usable(sender.address, node))
  // An answer is sent also when it is empty; 12 nodes fill a packet of 1280 bytes.
  for (let at = 0; at === 0 || at < nodes.length; at += neighborsPerPacket) {
    const part = nodes.slice(at, at + neighborsPerPacket)
    core.send(sender, { kind: 'neighbors', nodes: part, expiration: core.expiration() })
  }
}

/** What other nodes ask us, and replies to what we asked. `track` takes over work that goes on in the background. */
export function createAnswers(
  core: DiscoveryCore,
  queries: Queries,
  track: (work: Promise<unknown>) => void
): ReceiveDatagram {
  const { bonds, budget, drop, replies, table } = core
  const gate = createPacketGate(core.steady)

  /** SPEC: a Ping is answered at once, unless its address has proved nothing and was sent what it sent us, or more. */
  const answerPing = (sender: TableNode, content: PacketContent, hash: Uint8Array, size: number): void => {
    const known = bonds.addressProved(sender.address)
    const pong = core.encode({ kind: 'pong', to: sender, pingHash: hash, expiration: core.expiration() })
    if (!known) budget.received(sender.address, size)
    if (known || budget.take(sender.address, pong.bytes.length)) core.sendBytes(sender, pong.bytes)
    else drop('unproven')
    replies.offer(sender, content)
    bonds.pingReceived(sender.peerId, sender.address)
    if (bonds.hasProved(sender.peerId, sender.address)) table.verified(sender)
    else track(queries.prove(sender))
  }

  const handle = (sender: TableNode, { content, hash }: ReceivedPacket, size: number): void => {
    switch (content.kind) {
      case 'ping':
        answerPing(sender, content, hash, size)
        return
      case 'pong':
      case 'neighbors':
      case 'enr-response':
        if (!replies.offer(sender, content)) drop('unsolicited')
        return
      case 'find-node':
        if (bonds.hasProved(sender.peerId, sender.address)) answerFindNode(core, queries, sender, content.target)
        else drop('no-endpoint-proof')
        return
      case 'enr-request':
        if (!bonds.hasProved(sender.peerId, sender.address)) drop('no-endpoint-proof')
        else core.send(sender, { kind: 'enr-response', requestHash: hash, record: core.record().bytes })
    }
  }

  /** The packet of a datagram that is worth an answer. */
  const open = (bytes: Uint8Array, address: string): ReceivedPacket | undefined => {
    if (core.restrict?.contains(address) === false) drop('not-allowed')
    else if (!gate.admits(address, replies.awaits(address))) drop('rate')
    else {
      const packet = core.link.codec?.decode(bytes)
      if (packet === undefined) return undefined
      if ('expiration' in packet.content && packet.content.expiration < Math.floor(core.clock.nowMs() / 1000))
        drop('expired')
      else if (equalBytes(packet.publicKey, core.publicKey)) drop('self')
      else return packet
    }
    return undefined
  }

  return (bytes, from) => {
    core.counters.packetsIn++
    try {
      const packet = open(bytes, from.address)
      if (packet === undefined) return
      const { content, publicKey } = packet
      const tcpPort = content.kind === 'ping' ? content.from.tcpPort : 0
      handle(tableNode({ publicKey, address: from.address, udpPort: from.port, tcpPort }), packet, bytes.length)
    } catch (error) {
      // Unreadable, or an answer that could not be made (an address of the wrong kind, say): the sender gets none.
      drop(TransportError.is(error) ? error.code : 'malformed')
    }
  }
}
