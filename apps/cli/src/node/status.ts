import { statsText } from '../mail/report.ts'
import type { JsonEvent } from '../output.ts'
import type { RelayFacts } from './relay.ts'

/** The report of a relay: the same facts for programs and for people. */
export function statusReport(facts: RelayFacts): { readonly event: JsonEvent; readonly text: string } {
  const { host, whisper, discovery, nat, mail } = facts
  const { events, refused } = whisper.counters
  const peers = { inbound: host.peersInbound, outbound: host.peersOutbound, whisper: whisper.peers, named: facts.named }
  const envelopes = {
    live: whisper.messages,
    liveBytes: whisper.memory,
    received: events.envelopereceived,
    new: events.envelopepooled,
    sent: events.envelopesent,
    expired: events.envelopeexpired,
    evicted: events.envelopeevicted,
    refused: Object.fromEntries(Object.entries(refused).filter(([, count]) => count > 0))
  }
  const bytes = { in: host.bytesIn, out: host.bytesOut, queued: host.queuedBytes, duplicate: facts.duplicateBytes }
  const found = discovery === undefined ? '' : `, ${discovery.nodes} nodes known`
  return {
    event: {
      event: 'status',
      state: facts.state,
      uptimeSeconds: facts.uptimeSeconds,
      peers,
      envelopes,
      bytes,
      discovery: discovery === undefined ? null : { nodes: discovery.nodes, searching: discovery.searching },
      mail: mail ?? null,
      address: nat?.address ?? null,
      residentBytes: process.memoryUsage.rss()
    },
    text:
      `· up ${duration(facts.uptimeSeconds)}: ${host.peersInbound + host.peersOutbound} peers ` +
      `(${host.peersInbound} in, ${host.peersOutbound} out${found}), ${whisper.messages} envelopes live, ` +
      `${events.envelopepooled} taken, ${events.envelopesent} sent on, ${events.enveloperefused} refused, ` +
      `${size(host.bytesIn)} in, ${size(host.bytesOut)} out, ${size(process.memoryUsage.rss())} resident${mail === undefined ? '' : `; ${statsText(mail)}`}`
  }
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
