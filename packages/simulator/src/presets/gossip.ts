import type { Plot, Preset, PresetReport } from './report.ts'
import { archiveOverheadBytes, spread, spreadBytes } from './spread.ts'

const relayCount = 100
const envelopes = 600
const everyMs = 250
const degrees = [3, 6, 12, 24]

/** By the model of 2019: a user causes a thousand envelopes a day. */
const archivePlot: Plot = {
  name: 'archive',
  title: 'Archive of a mailserver',
  x: 'users',
  y: 'gigabytes',
  isLogarithmic: true,
  series: [1, 7, 30].map(days => ({
    name: days === 1 ? 'a day' : `${days} days`,
    points: [100, 1000, 10_000, 100_000, 1_000_000].map(
      users => [users, (days * users * 1000 * (spreadBytes + archiveOverheadBytes)) / 1e9] as const
    )
  }))
}

async function run({ seed, scale = 1, onProgress }: Parameters<Preset['run']>[0]): Promise<PresetReport> {
  const worlds = degrees.flatMap(degree => [false, true].map(churns => ({ degree, churns })))
  const rows: Awaited<ReturnType<typeof spread>>['result'][] = []
  const traces: string[] = []
  for (const [done, world] of worlds.entries()) {
    onProgress?.({ done, of: worlds.length, what: `degree ${world.degree}${world.churns ? ', churn' : ''}` })
    const { result, trace } = await spread({
      seed,
      ...world,
      relays: Math.max(30, Math.round(relayCount * scale)),
      envelopes: Math.max(60, Math.round(envelopes * scale)),
      everyMs
    })
    rows.push(result)
    traces.push(trace)
  }
  const still = rows.filter(({ churn }) => churn === 'no')
  const churning = rows.filter(({ churn }) => churn === 'yes')
  return {
    preset: 'gossip',
    seed,
    rows,
    checks: [],
    traces,
    plots: [
      {
        name: 'copies',
        title: 'Copies of an envelope that a relay gets',
        x: 'peers of a relay',
        y: 'copies',
        series: [
          { name: 'links that stay', points: still.map(({ degree, copies }) => [degree, copies] as const) },
          { name: 'links of a minute', points: churning.map(({ degree, copies }) => [degree, copies] as const) },
          { name: 'model of 2019', points: still.map(({ degree }) => [degree, 2] as const) }
        ]
      },
      {
        name: 'latency',
        title: 'From the author to a relay',
        x: 'peers of a relay',
        y: 'milliseconds',
        series: [
          { name: 'median', points: still.map(({ degree, medianMs }) => [degree, medianMs] as const) },
          { name: '99 of 100', points: still.map(({ degree, p99Ms }) => [degree, p99Ms] as const) }
        ]
      },
      archivePlot
    ],
    notes: [
      `Envelopes of ${spreadBytes} bytes, ${1000 / everyMs} a second; links of 20…150 ms and 1 MB/s; batches every 300 ms, as geth has them.`,
      'Churn: a link is up for a minute and down for ten seconds, on average.',
      `Archive: ${archiveOverheadBytes} bytes for the key and its index beside each envelope.`
    ]
  }
}

/** How gossip behaves as relays get more peers, with and without churn. */
export const gossip: Preset = {
  name: 'gossip',
  summary:
    'latency, duplicates, bandwidth, memory and archive growth against the number of peers, with and without churn',
  run
}
