import type { PacketKind } from '../packets/codes.ts'

/** Traffic of one kind of packet. Bytes are payload bytes before compression. */
export interface Traffic {
  /** Received, those that were refused included. */
  readonly packetsIn: number
  /** Received. */
  readonly bytesIn: number
  /** Handed to the link. */
  readonly packetsOut: number
  /** Handed to the link. */
  readonly bytesOut: number
}

export type TrafficByKind = Readonly<Record<PacketKind, Traffic>>

/** What this node has sent and received: in all, and on the links that are up. */
export interface Bandwidth {
  /** Of all links since the node was made. */
  readonly total: TrafficByKind
  /** Of each link that is up, by peer id. */
  readonly peers: ReadonlyMap<string, TrafficByKind>
  /** Bytes of received envelopes that were already pooled: the price of gossip. */
  readonly duplicateBytes: number
}

/** Counts packets of one link, and of all. */
export interface BandwidthMeter {
  readonly open: (peerId: string) => LinkMeter
  readonly duplicate: (bytes: number) => void
  readonly snapshot: () => Bandwidth
}

export interface LinkMeter {
  readonly received: (code: number, bytes: number) => void
  readonly sent: (code: number, bytes: number) => void
  readonly close: () => void
}

const kinds: readonly PacketKind[] = [
  'status',
  'messages',
  'requirements',
  'confirmations',
  'rate-limits',
  'peer-to-peer',
  'unknown'
]

type Counters = Record<PacketKind, { -readonly [K in keyof Traffic]: number }>

function zero(): Counters {
  const entry = (kind: PacketKind): [PacketKind, Counters[PacketKind]] => [
    kind,
    { packetsIn: 0, bytesIn: 0, packetsOut: 0, bytesOut: 0 }
  ]
  return Object.fromEntries(kinds.map(entry)) as Counters
}

export function createBandwidthMeter(kindOfCode: (code: number) => PacketKind): BandwidthMeter {
  const total = zero()
  // BOUNDED: maxPeers; entries go when their link does.
  const peers = new Map<string, Counters>()
  let duplicateBytes = 0
  return {
    open: peerId => {
      const mine = zero()
      peers.set(peerId, mine)
      return {
        received: (code, bytes) => {
          for (const counters of [mine, total]) {
            const traffic = counters[kindOfCode(code)]
            traffic.packetsIn += 1
            traffic.bytesIn += bytes
          }
        },
        sent: (code, bytes) => {
          for (const counters of [mine, total]) {
            const traffic = counters[kindOfCode(code)]
            traffic.packetsOut += 1
            traffic.bytesOut += bytes
          }
        },
        close: () => {
          if (peers.get(peerId) === mine) peers.delete(peerId)
        }
      }
    },
    duplicate: bytes => {
      duplicateBytes += bytes
    },
    snapshot: () => ({
      total: structuredClone(total),
      peers: new Map([...peers].map(([peerId, counters]) => [peerId, structuredClone(counters)])),
      duplicateBytes
    })
  }
}
