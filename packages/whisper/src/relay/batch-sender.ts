import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { packetCodes } from '../packets/codes.ts'
import { encodeMessages } from '../packets/messages.ts'
import type { NodeContext } from './context.ts'
import { markKnown } from './known-peers.ts'
import type { Peer } from './peer.ts'
import type { PooledEnvelope } from './pooled-envelope.ts'

/** A packet as it goes out, the same for every peer that wants the same; its hash and ids only where they are needed. */
interface Packet {
  readonly entries: readonly PooledEnvelope[]
  readonly payload: Uint8Array
  hash?: string
  ids?: readonly string[]
}

/** Sends envelopes to a peer as one packet. */
export type SendBatch = (peer: Peer, entries: readonly PooledEnvelope[]) => Promise<void>

/** One for all peers: those who get the same envelopes share one packet. */
export function createBatchSender({ trackers, events }: Pick<NodeContext, 'trackers' | 'events'>): SendBatch {
  // BOUNDED: one packet, limits.maxMessageSize. Encoding, compressing and hashing a large one costs milliseconds: it is done once for all.
  let last: Packet | undefined
  const packetOf = (entries: readonly PooledEnvelope[]): Packet => {
    if (last !== undefined && last.entries.length === entries.length) {
      const { entries: before } = last
      if (entries.every((entry, at) => entry === before[at])) return last
    }
    last = { entries, payload: encodeMessages(entries.map(entry => entry.bytes)) }
    return last
  }

  const wasSent = (peer: Peer, { entries }: Packet): void => {
    const isHeard = events.wants('envelopesent')
    for (const entry of entries) {
      if (isHeard) events.emit('envelopesent', { hash: entry.id, peerId: peer.id })
      else events.tally('envelopesent')
      if (entry.own) trackers.get(entry.id)?.settle(peer.id, true)
    }
  }

  return (peer, entries) => {
    const packet = packetOf(entries)
    const { payload } = packet
    for (const entry of entries) markKnown(entry, peer.slot)
    if (peer.confirmations) {
      packet.hash ??= bytesToHex(keccak256(payload))
      packet.ids ??= entries.map(entry => entry.id)
      peer.batches.set(packet.hash, { ids: packet.ids, rejected: undefined })
    }
    return peer.send(packetCodes.messages, payload, true).then(() => wasSent(peer, packet))
  }
}
