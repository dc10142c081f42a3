import type { SimulatedClient } from '../clients.ts'
import type { Connection } from '../node-connection.ts'
import { addWhisper } from '../relays.ts'
import { createSimulation, type Simulation } from '../simulation.ts'
import { handshakeMs } from './envelopes.ts'
import { type Preset, type PresetReport, quantile } from './report.ts'
import { spread } from './spread.ts'
import { randomGraph } from './topology.ts'

const relayCount = 10_000
const relayDegree = 6
const relayEnvelopes = 20
const relayEveryMs = 1000

const peopleCount = 1000
const peoplePerRelay = 50
/** How much people write: everybody once in each round. */
interface Talk {
  readonly rounds: number
  readonly roundMs: number
}
const tenMinutes: Talk = { rounds: 2, roundMs: 300_000 }
const oneMinute: Talk = { rounds: 1, roundMs: 60_000 }
/** Texts that went down with a link come again by themselves; after so long one is lost. */
const patienceMs = 3_600_000
const conditions = { latencyMs: 50, jitterMs: 50 }
/** What a phone's link does. What is under way then is lost, and the next link begins with a handshake. */
const churn = { meanUpMs: 600_000, meanDownMs: 10_000 }

/** Whole clients, each linked to one relay of a mesh. */
async function populate(simulation: Simulation, count: number): Promise<readonly SimulatedClient[]> {
  // The other experiments need no messenger, and a page that runs them should not load one.
  const { addClient } = await import('../clients.ts')
  const relays = Array.from({ length: Math.max(2, Math.ceil(count / peoplePerRelay)) }, (_, at) => `relay ${at}`)
  for (const name of relays) await addWhisper(simulation, name, { forwarding: 300 })
  for (const [from, to] of randomGraph(simulation.random('graph'), relays.length, 4))
    simulation.connect(relays[from] ?? '', relays[to] ?? '', conditions)
  const clients: SimulatedClient[] = []
  const links: Connection[] = []
  for (let at = 0; at < count; at++) {
    const name = `person ${at}`
    clients.push(await addClient(simulation, name))
    links.push(simulation.connect(name, relays[at % relays.length] ?? '', conditions))
  }
  await simulation.run(handshakeMs)
  simulation.churn(links, churn)
  return clients
}

/** Everybody writes to the next one, now and then: what came, how fast, and what came twice. */
async function talk(seed: string, count: number, { rounds, roundMs }: Talk) {
  const simulation = createSimulation({ seed: `${seed}/crowd/people` })
  const people = await populate(simulation, count)
  const writtenMs = new Map<string, number>()
  const shownTimes = new Map<string, number>()
  const latencies: number[] = []
  for (const { client } of people) {
    client.on('message', ({ outgoing, text }) => {
      if (outgoing) return
      shownTimes.set(text, (shownTimes.get(text) ?? 0) + 1)
      latencies.push(simulation.elapsedMs() - (writtenMs.get(text) ?? 0))
    })
  }
  const random = simulation.random('authors')
  for (const [at, { client }] of people.entries()) {
    const to = people[(at + 1) % count]?.client.publicKey ?? client.publicKey
    for (let round = 0; round < rounds; round++) {
      const text = `${at} to the next, ${round}`
      simulation.after((round + random.next()) * roundMs, async () => {
        writtenMs.set(text, simulation.elapsedMs())
        await client.send({ kind: 'one-to-one', publicKey: to }, { text })
      })
    }
  }
  await simulation.run(rounds * roundMs)
  await simulation.run(patienceMs, () => shownTimes.size === count * rounds)
  const names = people.map((_, at) => `person ${at}`)
  const bytesIn = names.reduce((sum, name) => sum + simulation.traffic(name).bytesIn, 0)
  const result = {
    people: count,
    messages: count * rounds,
    lost: count * rounds - shownTimes.size,
    shownTwice: [...shownTimes.values()].filter(times => times > 1).length,
    medianMs: Math.round(quantile(latencies, 0.5)),
    p99Ms: Math.round(quantile(latencies, 0.99)),
    bytesInPerPerson: Math.round(bytesIn / count),
    simulatedSeconds: Math.round(simulation.elapsedMs() / 1000)
  }
  await simulation.settled(Promise.all(people.map(({ stop }) => stop())))
  return { result, trace: simulation.trace.hash() }
}

const aboutPeople = ({ rounds, roundMs }: Talk): string =>
  `People: whole clients, ${peoplePerRelay} at a relay, over links that are up for ten minutes and down for ten seconds, on average; each writes ${rounds === 1 ? 'one message' : `${rounds} messages`} in ${
    rounds === 1 && roundMs === 60_000 ? 'a minute' : `${(rounds * roundMs) / 60_000} minutes`
  }.`

async function run({ seed, scale = 1, onProgress }: Parameters<Preset['run']>[0]): Promise<PresetReport> {
  const relays = Math.max(50, Math.round(relayCount * scale))
  const people = Math.max(10, Math.round(peopleCount * scale))
  onProgress?.({ done: 0, of: 2, what: `${relays} relays` })
  const mesh = await spread({
    seed: `${seed}/crowd`,
    relays,
    degree: relayDegree,
    churns: false,
    envelopes: relayEnvelopes,
    everyMs: relayEveryMs
  })
  onProgress?.({ done: 1, of: 2, what: `${people} people` })
  const conversation = await talk(seed, people, tenMinutes)
  return {
    preset: 'crowd',
    seed,
    rows: [{ relays, ...mesh.result }, conversation.result],
    checks: [],
    traces: [mesh.trace, conversation.trace],
    plots: [],
    notes: [`Relays: ${relayEnvelopes} envelopes, one a second.`, aboutPeople(tenMinutes)]
  }
}

/** As many whole nodes as one core carries. */
export const crowd: Preset = {
  name: 'crowd',
  summary: 'ten thousand relays with light traffic, and a thousand whole clients that write to each other',
  run
}

/** People alone, and for a minute: what a thousand whole clients take. */
export const crowdMinute: Preset = {
  name: 'crowd-minute',
  summary: 'a thousand whole clients, each of which writes one message within a minute',
  run: async ({ seed, scale = 1, onProgress }) => {
    const people = Math.max(10, Math.round(peopleCount * scale))
    onProgress?.({ done: 0, of: 1, what: `${people} people` })
    const { result, trace } = await talk(seed, people, oneMinute)
    return {
      preset: 'crowd-minute',
      seed,
      rows: [result],
      checks: [],
      traces: [trace],
      plots: [],
      notes: [aboutPeople(oneMinute)]
    }
  }
}
