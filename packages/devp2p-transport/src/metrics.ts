/** Counters of a host: a plain snapshot, numbers only. */
export interface CounterSnapshot {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly framesIn: number
  readonly framesOut: number
  readonly dialsStarted: number
  readonly dialsFailed: number
  readonly accepted: number
  /** Connections by state, now. */
  readonly pendingInbound: number
  readonly pendingOutbound: number
  readonly peersInbound: number
  readonly peersOutbound: number
  readonly staticPeers: number
  /** Bytes queued to peers that have not gone to the network yet, now. */
  readonly queuedBytes: number
  /** Refusals since the start, by reason. */
  readonly refused: Readonly<Record<string, number>>
  /** Ended peers since the start, by who ended them and the reason or failure: `peer:too-many-peers`, `network:timeout`. */
  readonly ended: Readonly<Record<string, number>>
}

/** What sessions count. */
export interface Counters {
  bytesIn: number
  bytesOut: number
  framesIn: number
  framesOut: number
  dialsStarted: number
  dialsFailed: number
  accepted: number
  readonly refused: Map<string, number>
  readonly ended: Map<string, number>
}

export function createCounters(): Counters {
  return {
    bytesIn: 0,
    bytesOut: 0,
    framesIn: 0,
    framesOut: 0,
    dialsStarted: 0,
    dialsFailed: 0,
    accepted: 0,
    refused: new Map(),
    ended: new Map()
  }
}

/** Adds one to a labelled counter. Labels come from our own fixed sets, never from a peer. */
export function count(map: Map<string, number>, label: string): void {
  map.set(label, (map.get(label) ?? 0) + 1)
}
