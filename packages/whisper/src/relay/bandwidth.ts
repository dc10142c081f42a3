/** Traffic of one kind of packet. Bytes are payload bytes before compression. */
export interface Traffic {
  readonly packetsIn: number
  readonly bytesIn: number
  readonly packetsOut: number
  readonly bytesOut: number
}

/** Kinds of packets as the meter tells them apart. */
export type PacketKind =
  | 'status'
  | 'messages'
  | 'requirements'
  | 'confirmations'
  | 'rate-limits'
  | 'peer-to-peer'
  | 'unknown'

/** What this node has sent and received: in all, and on the links that are up. */
export interface Bandwidth {
  readonly total: Readonly<Record<PacketKind, Traffic>>
  readonly peers: ReadonlyMap<string, Readonly<Record<PacketKind, Traffic>>>
  /** Bytes of received envelopes that were already pooled: the price of gossip. */
  readonly duplicateBytes: number
}
