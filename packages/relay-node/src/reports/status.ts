import { counted } from '@status-stack/utils'
import type { ArchiveFacts, NodeFacts, RelayFacts } from '../facts.ts'
import type { Report } from './report.ts'

/**
 * The report of a relay: the same facts for programs and for people. `residentBytes` is the memory of its process.
 *
 * @example
 * ```ts
 * console.log(statusReport(relay.facts(), 40_000_000).text)
 * ```
 */
export function statusReport(facts: RelayFacts, residentBytes: number): Pick<Report, 'event' | 'text'> {
  const { host, whisper, waku, bridge, discovery, nat, archive } = facts
  const nodes = [whisper, waku].filter(node => node !== undefined)
  const sum = (of: (node: NodeFacts) => number): number => nodes.reduce((total, node) => total + of(node), 0)
  const count = (name: keyof NodeFacts['counters']['events']): number => sum(({ counters }) => counters.events[name])
  const peers = {
    inbound: host.peersInbound,
    outbound: host.peersOutbound,
    whisper: whisper?.peers ?? 0,
    waku: waku?.peers ?? 0,
    named: facts.named
  }
  const envelopes = {
    live: sum(({ messages }) => messages),
    liveBytes: sum(({ memory }) => memory),
    received: count('envelopereceived'),
    new: count('envelopepooled'),
    sent: count('envelopesent'),
    expired: count('envelopeexpired'),
    evicted: count('envelopeevicted'),
    refused: refusedBy(nodes)
  }
  const duplicate = sum(({ duplicateBytes }) => duplicateBytes)
  const bytes = { in: host.bytesIn, out: host.bytesOut, queued: host.queuedBytes, duplicate }
  const found = discovery === undefined ? '' : `, ${discovery.nodes} nodes known`
  return {
    event: {
      event: 'status',
      state: facts.state,
      uptimeSeconds: facts.uptimeSeconds,
      peers,
      envelopes,
      bytes,
      bridge: bridge ?? null,
      discovery: discovery === undefined ? null : { nodes: discovery.nodes, searching: discovery.searching },
      mail: archive ?? null,
      address: nat?.address ?? null,
      residentBytes
    },
    text:
      `· up ${duration(facts.uptimeSeconds)}: ${host.peersInbound + host.peersOutbound} peers ` +
      `(${host.peersInbound} in, ${host.peersOutbound} out${found}), ${envelopes.live} envelopes live, ` +
      `${envelopes.new} taken, ${envelopes.sent} sent on, ${count('enveloperefused')} refused, ` +
      (bridge === undefined
        ? ''
        : `${bridge.toWaku.accepted} carried to Waku, ${bridge.toWhisper.accepted} to Whisper, `) +
      `${size(host.bytesIn)} in, ${size(host.bytesOut)} out, ${size(residentBytes)} resident${archive === undefined ? '' : `; ${archiveText(archive)}`}`
  }
}

/** How many of each reason, where there are any. */
function refusedBy(nodes: readonly NodeFacts[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { counters } of nodes) {
    for (const [reason, count] of Object.entries(counters.refused)) {
      if (count > 0) counts[reason] = (counts[reason] ?? 0) + count
    }
  }
  return counts
}

/**
 * What an archive did, in one line.
 *
 * @example
 * ```ts
 * const { archive } = relay.facts()
 * if (archive !== undefined) console.log(archiveText(archive))
 * ```
 */
export function archiveText({
  archivedEnvelopes,
  requestsServed,
  requestsRefused,
  sentEnvelopes,
  lostEnvelopes
}: ArchiveFacts): string {
  const lost = lostEnvelopes === 0 ? '' : `, lost ${lostEnvelopes}`
  return `archived ${counted(archivedEnvelopes, 'envelope')}${lost}, answered ${counted(requestsServed, 'request')} with ${counted(sentEnvelopes, 'envelope')}, refused ${requestsRefused}`
}

function duration(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map(part => String(part).padStart(2, '0')).join(':')
}

function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let [value, unit] = [bytes, 0]
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
