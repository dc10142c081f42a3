import { check } from './errors.ts'
/** Counters of a host: a plain snapshot, numbers only. */
export interface CounterSnapshot {
  /** Bytes received since the start. */
  readonly bytesIn: number
  /** Bytes handed to the network since the start. */
  readonly bytesOut: number
  /** Frames opened since the start. */
  readonly framesIn: number
  /** Frames sealed since the start. */
  readonly framesOut: number
  /** Dials since the start, those of static peers included. */
  readonly dialsStarted: number
  /** Dials since the start that did not become a peer. */
  readonly dialsFailed: number
  /** Connections since the start that arrived here. */
  readonly accepted: number
  /** Connections by state, now. */
  readonly pendingInbound: number
  /** Dialed, and before the end of Hello, now. */
  readonly pendingOutbound: number
  /** Peers that dialed us, now. */
  readonly peersInbound: number
  /** Peers that we dialed, now. */
  readonly peersOutbound: number
  /** Nodes that are dialed for ever, connected or not. */
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

const help: Readonly<Record<string, readonly [type: 'counter' | 'gauge', text: string]>> = {
  bytesIn: ['counter', 'Bytes received.'],
  bytesOut: ['counter', 'Bytes handed to the network.'],
  framesIn: ['counter', 'Frames opened.'],
  framesOut: ['counter', 'Frames sealed.'],
  dialsStarted: ['counter', 'Dials started.'],
  dialsFailed: ['counter', 'Dials that did not become a peer.'],
  accepted: ['counter', 'Connections that arrived.'],
  pendingInbound: ['gauge', 'Inbound connections before the end of Hello.'],
  pendingOutbound: ['gauge', 'Outbound connections before the end of Hello.'],
  peersInbound: ['gauge', 'Peers that dialed us.'],
  peersOutbound: ['gauge', 'Peers that we dialed.'],
  staticPeers: ['gauge', 'Static peers known.'],
  queuedBytes: ['gauge', 'Bytes queued to peers.']
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

/**
 * A snapshot in the Prometheus text format, version 0.0.4. `prefix` begins each name.
 *
 * @example
 * ```ts
 * response.end(prometheusText(host.metrics()))
 * ```
 */
export function prometheusText(snapshot: CounterSnapshot, prefix = 'devp2p'): string {
  check.object('snapshot', snapshot)
  check.object('snapshot.refused', snapshot.refused)
  check.object('snapshot.ended', snapshot.ended)
  check.text('prefix', prefix)
  const lines: string[] = []
  const describe = (name: string, type: string, text: string): void => {
    lines.push(`# HELP ${name} ${text}`, `# TYPE ${name} ${type}`)
  }
  for (const [key, value] of Object.entries(snapshot)) {
    const known = help[key]
    if (known === undefined || typeof value !== 'number') continue
    const [type, text] = known
    const name = `${prefix}_${snakeCase(key)}${type === 'counter' ? '_total' : ''}`
    describe(name, type, text)
    lines.push(`${name} ${value}`)
  }
  describe(`${prefix}_refused_total`, 'counter', 'Connections refused before they became a peer, by reason.')
  for (const [reason, value] of Object.entries(snapshot.refused)) {
    lines.push(`${prefix}_refused_total{reason="${reason}"} ${value}`)
  }
  describe(`${prefix}_ended_total`, 'counter', 'Peers that ended, by side and reason.')
  for (const [label, value] of Object.entries(snapshot.ended)) {
    const [by = '', ...reason] = label.split(':')
    lines.push(`${prefix}_ended_total{by="${by}",reason="${reason.join(':')}"} ${value}`)
  }
  return `${lines.join('\n')}\n`
}
