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
  /** Refusals since the start, by reason. */
  readonly refused: Readonly<Record<string, number>>
  /** Ended peers since the start, by who ended them and the reason or failure. */
  readonly ended: Readonly<Record<string, number>>
  /** Bytes queued to peers that have not gone to the network yet, now. */
  readonly queuedBytes: number
}
