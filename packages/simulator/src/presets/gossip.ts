import type { Whisper } from '@status-stack/whisper'
import { addWhisper } from '../relays.ts'
import { createSimulation } from '../simulation.ts'
import { envelopeMaker, handshakeMs } from './envelopes.ts'
import { type Preset, type PresetReport, quantile, rounded } from './report.ts'
import { randomGraph } from './topology.ts'

const relayCount = 100
const envelopeBytes = 1024
const envelopes = 600
const everyMs = 250
const degrees = [3, 6, 12, 24]
const conditions = { latencyMs: 20, jitterMs: 130, bytesPerSecond: 1_000_000 }
const secondsOfDay = 86_400
/** What the archive keeps beside an envelope: its key of 40 bytes, and the index over it. */
const archiveOverheadBytes = 80

interface World {
  readonly seed: string
  readonly relays: number
  readonly degree: number
  readonly churns: boolean
  readonly envelopes: number
}

/** One network: how fast envelopes spread, how often they come twice, what that costs. */
async function play({ seed, relays: count, degree, churns, envelopes: total }: World) {
  const simulation = createSimulation({ seed: `${seed}/gossip/${degree}/${churns}` })
  const names = Array.from({ length: count }, (_, at) => `relay ${at}`)
  const relays: Whisper[] = []
  for (const name of names) relays.push(await addWhisper(simulation, name, { forwarding: 300 }))
  const links = randomGraph(simulation.random('graph'), count, degree).map(([from, to]) =>
    simulation.connect(names[from] ?? '', names[to] ?? '', conditions)
  )
  await simulation.run(handshakeMs)
  const bornMs = new Map<string, number>()
  const latencies: number[] = []
  for (const relay of relays) {
    relay.events.addEventListener('envelopepooled', ({ detail: { hash } }) => {
      const born = bornMs.get(hash)
      if (born === undefined) bornMs.set(hash, simulation.elapsedMs())
      else latencies.push(simulation.elapsedMs() - born)
    })
  }
  if (churns) simulation.churn(links, { meanUpMs: 60_000, meanDownMs: 10_000 })
  const random = simulation.random('authors')
  const make = envelopeMaker(simulation, simulation.random('noise'), envelopeBytes)
  for (let at = 0; at < total; at++) {
    simulation.after(at * everyMs, async () => {
      await relays[random.below(count)]?.exchange.offer(make(random.bytes(4)))
    })
  }
  await simulation.run(total * everyMs + 20_000)
  const seconds = (total * everyMs) / 1000
  const received = relays.reduce((sum, relay) => sum + relay.counters().events.envelopereceived, 0)
  const bytesIn = names.reduce((sum, name) => sum + simulation.traffic(name).bytesIn, 0)
  const { memory } = relays[0]?.info() ?? { memory: 0 }
  const result = {
    degree,
    churn: churns ? 'yes' : 'no',
    delivered: rounded((latencies.length + total) / (total * count), 6),
    medianMs: Math.round(quantile(latencies, 0.5)),
    p99Ms: Math.round(quantile(latencies, 0.99)),
    copies: rounded(received / (total * (count - 1))),
    bytesPerSecond: Math.round(bytesIn / count / seconds),
    poolBytesPerEnvelope: Math.round(memory / total),
    archiveMegabytesADay: rounded(
      ((((envelopeBytes + archiveOverheadBytes) * total) / seconds) * secondsOfDay) / 2 ** 20
    )
  }
  await simulation.settled(Promise.all(relays.map(relay => relay.stop())))
  return { result, trace: simulation.trace.hash() }
}

async function run({ seed, scale = 1, onProgress }: Parameters<Preset['run']>[0]): Promise<PresetReport> {
  const worlds = degrees.flatMap(degree => [false, true].map(churns => ({ degree, churns })))
  const rows: Awaited<ReturnType<typeof play>>['result'][] = []
  const traces: string[] = []
  for (const [done, world] of worlds.entries()) {
    onProgress?.({ done, of: worlds.length, what: `degree ${world.degree}${world.churns ? ', churn' : ''}` })
    const { result, trace } = await play({
      seed,
      ...world,
      relays: Math.max(30, Math.round(relayCount * scale)),
      envelopes: Math.max(60, Math.round(envelopes * scale))
    })
    rows.push(result)
    traces.push(trace)
  }
  const still = rows.filter(({ churn }) => churn === 'no')
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
          { name: 'measured', points: still.map(({ degree, copies }) => [degree, copies] as const) },
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
      }
    ],
    notes: [
      `Envelopes of ${envelopeBytes} bytes, ${1000 / everyMs} a second; links of 20…150 ms and 1 MB/s; batches every 300 ms, as geth has them.`,
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
