import process from 'node:process'
import { prometheusText } from '@status-stack/devp2p-transport'
import type { ArchiveFacts, NodeFacts, RelayFacts } from './facts.ts'

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

function archiveFamilies(archive: ArchiveFacts): readonly Family[] {
  return [
    one('status_stack_mail_archived_total', 'counter', 'Envelopes archived.', archive.archivedEnvelopes),
    one('status_stack_mail_archived_bytes_total', 'counter', 'Bytes archived.', archive.archivedBytes),
    one(
      'status_stack_mail_lost_total',
      'counter',
      'Envelopes that the archive did not store and that are not tried again.',
      archive.lostEnvelopes
    ),
    one(
      'status_stack_mail_deleted_total',
      'counter',
      'Envelopes deleted because of their age.',
      archive.deletedEnvelopes
    ),
    by('status_stack_mail_requests_total', 'counter', 'History requests, by outcome.', 'outcome', {
      served: archive.requestsServed,
      refused: archive.requestsRefused
    }),
    one('status_stack_mail_requests_running', 'gauge', 'Requests being answered.', archive.running),
    one('status_stack_mail_syncs_total', 'counter', 'Pages for other mailservers.', archive.syncsServed),
    one('status_stack_mail_sent_total', 'counter', 'Envelopes sent in answers.', archive.sentEnvelopes),
    one('status_stack_mail_sent_bytes_total', 'counter', 'Bytes sent in answers.', archive.sentBytes)
  ]
}

/** The nodes that there are, by the name of their protocol. */
const nodesOf = ({ whisper, waku }: RelayFacts): readonly (readonly [protocol: string, facts: NodeFacts])[] =>
  Object.entries({ whisper, waku }).flatMap(([protocol, facts]) => (facts === undefined ? [] : [[protocol, facts]]))

/** What became of envelopes; with both protocols, one that is carried over counts in each. */
function envelopeFamilies(facts: RelayFacts): readonly Family[] {
  const nodes = nodesOf(facts)
  const each = (name: string, type: Family['type'], help: string, value: (node: NodeFacts) => number): Family => ({
    name: `status_stack_${name}`,
    type,
    help,
    values: nodes.map(([protocol, node]) => [{ protocol }, value(node)])
  })
  const event = (name: string, help: string, of: keyof NodeFacts['counters']['events']): Family =>
    each(`envelopes_${name}_total`, 'counter', help, ({ counters }) => counters.events[of])
  return [
    each('envelopes_live', 'gauge', 'Envelopes in the pool.', ({ messages }) => messages),
    each('envelopes_live_bytes', 'gauge', 'Bytes of the pool.', ({ memory }) => memory),
    event('received', 'Envelopes received, including duplicates.', 'envelopereceived'),
    event('new', 'Envelopes taken into the pool.', 'envelopepooled'),
    event('sent', 'Envelopes sent, once for each peer.', 'envelopesent'),
    event('expired', 'Envelopes that expired.', 'envelopeexpired'),
    event('evicted', 'Envelopes evicted from a full pool.', 'envelopeevicted'),
    {
      name: 'status_stack_envelopes_refused_total',
      type: 'counter',
      help: 'Envelopes refused, by reason.',
      values: nodes.flatMap(([protocol, { counters }]) =>
        Object.entries(counters.refused).map(([reason, count]) => [{ protocol, reason }, count] as const)
      )
    },
    event('rejected', 'Envelopes of ours that a peer refused.', 'enveloperejected'),
    each(
      'duplicate_bytes_total',
      'counter',
      'Bytes of envelopes that were in the pool.',
      ({ duplicateBytes }) => duplicateBytes
    ),
    each(
      'rate_limited_total',
      'counter',
      'Packets that had to wait for a rate limit.',
      ({ counters }) => counters.events.ratelimited
    )
  ]
}

/** Packets of one protocol. */
function packetFamilies([protocol, { peers, traffic }]: ReturnType<typeof nodesOf>[number]): readonly Family[] {
  const name = protocol === 'waku' ? 'Waku' : 'Whisper'
  const flow = (unit: 'packets' | 'bytes', help: string): Family => ({
    name: `status_stack_${protocol}_${unit}_total`,
    type: 'counter',
    help,
    values: Object.entries(traffic).flatMap(([kind, { packetsIn, packetsOut, bytesIn, bytesOut }]) => [
      [{ kind, direction: 'in' }, unit === 'packets' ? packetsIn : bytesIn] as const,
      [{ kind, direction: 'out' }, unit === 'packets' ? packetsOut : bytesOut] as const
    ])
  })
  return [
    one(`status_stack_${protocol}_peers`, 'gauge', `Peers that speak ${name} with us.`, peers),
    flow('packets', `${name} packets, by kind and direction.`),
    flow('bytes', `Bytes of ${name} packets before compression.`)
  ]
}

/** What a bridge carried, by where it went. */
function bridgeFamilies({ toWaku, toWhisper }: NonNullable<RelayFacts['bridge']>): readonly Family[] {
  const outcomes = ['accepted', 'known', 'refused', 'dropped'] as const
  return [
    {
      name: 'status_stack_bridge_envelopes_total',
      type: 'counter',
      help: 'Envelopes offered to the other network, by outcome.',
      values: Object.entries({ waku: toWaku, whisper: toWhisper }).flatMap(([to, counts]) =>
        outcomes.map(outcome => [{ to, outcome }, counts[outcome]] as const)
      )
    }
  ]
}

/**
 * What `/metrics` answers. Labels come from fixed sets of ours, never from a peer.
 *
 * @example
 * ```ts
 * console.log(metricsText(relay.facts()))
 * ```
 */
export function metricsText(facts: RelayFacts): string {
  const { discovery, nat } = facts
  const { user, system } = process.cpuUsage()
  const own = familiesText([
    {
      name: 'status_stack_info',
      type: 'gauge',
      help: 'Version of the program.',
      values: [[{ version: facts.clientName.replace(/^.*\//, ''), node: process.versions.node }, 1]]
    },
    one('status_stack_uptime_seconds', 'gauge', 'Seconds since the start.', facts.uptimeSeconds),
    one('status_stack_named_peers', 'gauge', 'Peers named by --peer.', facts.named.wanted),
    one(
      'status_stack_named_peers_connected',
      'gauge',
      'Peers named by --peer that are connected.',
      facts.named.connected
    ),
    ...envelopeFamilies(facts),
    ...nodesOf(facts).flatMap(packetFamilies),
    ...(facts.bridge === undefined ? [] : bridgeFamilies(facts.bridge)),
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
    ...(facts.archive === undefined ? [] : archiveFamilies(facts.archive)),
    ...(nat === undefined
      ? []
      : [one('status_stack_nat_mappings', 'gauge', 'Ports mapped by a gateway.', nat.mappings.length)]),
    one('process_resident_memory_bytes', 'gauge', 'Resident memory.', process.memoryUsage.rss()),
    one('process_cpu_seconds_total', 'counter', 'Processor time of the process.', (user + system) / 1e6)
  ])
  return own + prometheusText(facts.host, 'status_stack_p2p')
}
