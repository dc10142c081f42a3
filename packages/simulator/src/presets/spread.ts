import type { Whisper } from '@status-stack/whisper'
import { addWhisper } from '../relays.ts'
import { createSimulation } from '../simulation.ts'
import { envelopeMaker, handshakeMs } from './envelopes.ts'
import { quantile, rounded } from './report.ts'
import { randomGraph } from './topology.ts'

/** Bytes of one envelope of these experiments. */
export const spreadBytes = 1024
const conditions = { latencyMs: 20, jitterMs: 130, bytesPerSecond: 1_000_000 }
const secondsOfDay = 86_400
/** What the archive keeps beside an envelope: its key of 40 bytes, and the index over it. */
export const archiveOverheadBytes = 80

/** A network of relays, and what is written in it. */
export interface World {
  readonly seed: string
  readonly relays: number
  readonly degree: number
  readonly churns: boolean
  readonly envelopes: number
  readonly everyMs: number
}

/** One network: how fast envelopes spread, how often they come twice, what that costs. */
export async function spread({ seed, relays: count, degree, churns, envelopes: total, everyMs }: World) {
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
    relay.on('envelopepooled', ({ hash }) => {
      const born = bornMs.get(hash)
      if (born === undefined) bornMs.set(hash, simulation.elapsedMs())
      else latencies.push(simulation.elapsedMs() - born)
    })
  }
  if (churns) simulation.churn(links, { meanUpMs: 60_000, meanDownMs: 10_000 })
  const random = simulation.random('authors')
  const make = envelopeMaker(simulation, simulation.random('noise'), spreadBytes)
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
    archiveMegabytesADay: rounded(((((spreadBytes + archiveOverheadBytes) * total) / seconds) * secondsOfDay) / 2 ** 20)
  }
  await simulation.settled(Promise.all(relays.map(relay => relay.stop())))
  return { result, trace: simulation.trace.hash() }
}
