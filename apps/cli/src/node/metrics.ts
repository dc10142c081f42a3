import { prometheusText } from '@status-stack/devp2p-transport'
import type { MailFacts } from '../mail/node-service.ts'
import { version } from '../version.ts'
import type { RelayFacts } from './relay.ts'

/** One name of the Prometheus text format with its values. */
interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly values: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]
}

const one = (name: string, type: Family['type'], help: string, value: number): Family => ({
  name,
  type,
  help,
  values: [[{}, value]]
})

const by = (
  name: string,
  type: Family['type'],
  help: string,
  label: string,
  counts: Readonly<Record<string, number>>
): Family => ({ name, type, help, values: Object.entries(counts).map(([key, value]) => [{ [label]: key }, value]) })

/** Families as text, version 0.0.4. */
export function familiesText(families: readonly Family[]): string {
  const escaped = (value: string): string => value.replace(/[\\"\n]/g, c => (c === '\n' ? '\\n' : `\\${c}`))
  const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`)
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
  }
  return families
    .filter(({ values }) => values.length > 0)
    .map(({ name, type, help, values }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...values.map(([labels, value]) => line(name, labels, value))
      ]
        .map(text => `${text}\n`)
        .join('')
    )
    .join('')
}

function mailFamilies(mail: MailFacts): readonly Family[] {
  return [
    one('status_stack_mail_archived_total', 'counter', 'Envelopes archived.', mail.archivedEnvelopes),
    one('status_stack_mail_archived_bytes_total', 'counter', 'Bytes archived.', mail.archivedBytes),
    one('status_stack_mail_lost_total', 'counter', 'Envelopes that the archive did not take.', mail.lostEnvelopes),
    one('status_stack_mail_deleted_total', 'counter', 'Envelopes deleted for their age.', mail.deletedEnvelopes),
    by('status_stack_mail_requests_total', 'counter', 'History requests, by outcome.', 'outcome', {
      served: mail.requestsServed,
      refused: mail.requestsRefused
    }),
    one('status_stack_mail_requests_running', 'gauge', 'Requests being answered.', mail.running),
    one('status_stack_mail_syncs_total', 'counter', 'Pages for other mailservers.', mail.syncsServed),
    one('status_stack_mail_sent_total', 'counter', 'Envelopes of answers.', mail.sentEnvelopes),
    one('status_stack_mail_sent_bytes_total', 'counter', 'Bytes of answers.', mail.sentBytes)
  ]
}

/** What `/metrics` answers. Labels come from fixed sets of ours, never from a peer. */
export function metricsText(facts: RelayFacts): string {
  const { whisper, traffic, discovery, nat } = facts
  const { events, refused } = whisper.counters
  const flow = (name: string, help: string, pick: 'packets' | 'bytes'): Family => ({
    name,
    type: 'counter',
    help,
    values: Object.entries(traffic).flatMap(([kind, { packetsIn, packetsOut, bytesIn, bytesOut }]) => [
      [{ kind, direction: 'in' }, pick === 'packets' ? packetsIn : bytesIn] as const,
      [{ kind, direction: 'out' }, pick === 'packets' ? packetsOut : bytesOut] as const
    ])
  })
  const { user, system } = process.cpuUsage()
  const own = familiesText([
    {
      name: 'status_stack_info',
      type: 'gauge',
      help: 'Version of the program.',
      values: [[{ version: version(), node: process.versions.node }, 1]]
    },
    one('status_stack_uptime_seconds', 'gauge', 'Seconds since the start.', facts.uptimeSeconds),
    one('status_stack_whisper_peers', 'gauge', 'Peers that speak Whisper with us.', whisper.peers),
    one('status_stack_named_peers', 'gauge', 'Peers named by --peer.', facts.named.wanted),
    one('status_stack_named_peers_connected', 'gauge', 'Those of them that are connected.', facts.named.connected),
    one('status_stack_envelopes_live', 'gauge', 'Envelopes in the pool.', whisper.messages),
    one('status_stack_envelopes_live_bytes', 'gauge', 'Bytes of the pool.', whisper.memory),
    one(
      'status_stack_envelopes_received_total',
      'counter',
      'Envelopes received, duplicates too.',
      events.envelopereceived
    ),
    one('status_stack_envelopes_new_total', 'counter', 'Envelopes taken into the pool.', events.envelopepooled),
    one('status_stack_envelopes_sent_total', 'counter', 'Envelopes sent, once for each peer.', events.envelopesent),
    one('status_stack_envelopes_expired_total', 'counter', 'Envelopes whose time was over.', events.envelopeexpired),
    one(
      'status_stack_envelopes_evicted_total',
      'counter',
      'Envelopes pushed out of a full pool.',
      events.envelopeevicted
    ),
    by('status_stack_envelopes_refused_total', 'counter', 'Envelopes refused, by reason.', 'reason', refused),
    one(
      'status_stack_envelopes_rejected_total',
      'counter',
      'Envelopes of ours that a peer refused.',
      events.enveloperejected
    ),
    one(
      'status_stack_duplicate_bytes_total',
      'counter',
      'Bytes of envelopes that were in the pool.',
      facts.duplicateBytes
    ),
    one('status_stack_rate_limited_total', 'counter', 'Packets that had to wait for a rate limit.', events.ratelimited),
    flow('status_stack_whisper_packets_total', 'Whisper packets, by kind and direction.', 'packets'),
    flow('status_stack_whisper_bytes_total', 'Bytes of Whisper packets before compression.', 'bytes'),
    ...(discovery === undefined
      ? []
      : [
          one('status_stack_discovery_nodes', 'gauge', 'Nodes in the discovery table.', discovery.nodes),
          one('status_stack_discovery_searching', 'gauge', '1 while peers are missing.', Number(discovery.searching)),
          by('status_stack_discovery_packets_total', 'counter', 'Discovery packets.', 'direction', {
            in: discovery.packetsIn,
            out: discovery.packetsOut
          }),
          by(
            'status_stack_discovery_dropped_total',
            'counter',
            'Discovery packets dropped.',
            'reason',
            discovery.dropped
          )
        ]),
    ...(facts.mail === undefined ? [] : mailFamilies(facts.mail)),
    ...(nat === undefined
      ? []
      : [one('status_stack_nat_mappings', 'gauge', 'Ports mapped by a gateway.', nat.mappings.length)]),
    one('process_resident_memory_bytes', 'gauge', 'Resident memory.', process.memoryUsage.rss()),
    one('process_cpu_seconds_total', 'counter', 'Processor time of the process.', (user + system) / 1e6)
  ])
  return own + prometheusText(facts.host, 'status_stack_p2p')
}
