import {
  decodeMessages,
  decodeP2pMessages,
  filterBloom,
  packetCodes,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import { createMailserver, memoryEnvelopeStore } from '@status-stack/whisper-mailserver'
import { identityOf } from '../identities.ts'
import { peerIdOf } from '../node-connection.ts'
import { addWaku, addWhisper } from '../relays.ts'
import { createSimulation, type Simulation } from '../simulation.ts'
import { envelopeMaker, handshakeMs, routeOf } from './envelopes.ts'
import { caseNames, publishedModel } from './published-2019.ts'
import { type Check, checked, type Preset, type PresetReport, rounded } from './report.ts'

const envelopeBytes = 1024
/** A five-hundredth of a day: one private and one public envelope for each user. */
const partsOfDay = 500
const partitions = 5000
const topicsInFilter = 100
/** Topics in one request to the mailserver. */
const topicsInRequest = 25
/** Envelopes that stand for the traffic of all others. */
const sampleSize = 10_000
const userCounts = [100, 10_000, 1_000_000]

/** Where private messages are found. */
type Scheme = 'own' | 'discovery' | 'partitioned'

/** An envelope, and how many of the network it stands for. */
interface Drop {
  readonly topic: Uint8Array
  readonly weight: number
}

interface Traffic {
  readonly drops: readonly Drop[]
  readonly topics: readonly Uint8Array[]
}

function trafficOf(simulation: Simulation, scheme: Scheme, users: number, sample: number): Traffic {
  const random = simulation.random('topics')
  const topic = (): Uint8Array => random.bytes(4)
  const [mine, myChannel, discovery] = [topic(), topic(), topic()]
  const sharing = Math.max(1, Math.floor(users / partitions))
  const once = (place: Uint8Array, count: number): Drop[] =>
    Array.from({ length: count }, () => ({ topic: place, weight: 1 }))
  const spread = (total: number, place: () => Uint8Array): Drop[] => {
    return Array.from({ length: sample }, () => ({ topic: place(), weight: total / sample }))
  }
  // Filters name more topics than have traffic: contact codes, and chats where nobody writes.
  const idle = Array.from({ length: topicsInFilter - 2 }, topic)
  switch (scheme) {
    case 'own':
      return {
        drops: [...once(mine, 1), ...once(myChannel, 1), ...spread(2 * users - 2, topic)],
        topics: [mine, myChannel]
      }
    case 'discovery':
      return {
        drops: [...spread(users, () => discovery), ...once(myChannel, 1), ...spread(users - 1, topic)],
        topics: [discovery, myChannel]
      }
    case 'partitioned':
      return {
        drops: [...once(mine, sharing), ...once(myChannel, 1), ...spread(2 * users - sharing - 1, topic)],
        topics: [mine, myChannel, ...idle]
      }
  }
}

/** Weighted bytes that reached an observer, a day. */
interface Heard {
  first: number
  all: number
}

/** Counts what reaches the nodes, by the weights of what was sent. */
function listenTo(simulation: Simulation, weightOf: (envelope: Uint8Array) => number) {
  const heard = new Map<string, Heard & { readonly seen: Set<string> }>()
  simulation.onPacket(({ to, packet }) => {
    const isPage = packet.code === packetCodes.p2pMessage
    if (packet.code !== packetCodes.messages && !isPage) return
    const name = isPage ? `${to} archive` : to
    const sums = heard.get(name) ?? { first: 0, all: 0, seen: new Set<string>() }
    heard.set(name, sums)
    for (const envelope of isPage ? decodeP2pMessages(packet.payload) : decodeMessages(packet.payload)) {
      const bytes = weightOf(envelope) * envelope.length * partsOfDay
      const id = envelope.subarray(-8).join()
      sums.all += bytes
      if (!sums.seen.has(id)) sums.first += bytes
      sums.seen.add(id)
    }
  })
  return (name: string): Heard => heard.get(name) ?? { first: 0, all: 0 }
}

/** One world of one scheme: relays that are fed, and observers who count. */
async function world(seed: string, scheme: Scheme, users: number, sample: number) {
  const simulation = createSimulation({ seed: `${seed}/${scheme}/${users}` })
  const { drops, topics } = trafficOf(simulation, scheme, users, sample)
  const relays = [await addWhisper(simulation, 'relay 0'), await addWhisper(simulation, 'relay 1')]
  const waku = await addWaku(simulation, 'waku relay')
  const light = await addWaku(simulation, 'topics', { interest: 'topics', light: true })
  const blooms = [
    await addWhisper(simulation, 'bloom', { bloom: 'interests', light: true }),
    await addWhisper(simulation, 'bloom of two peers', { bloom: 'interests', light: true })
  ]
  await addWhisper(simulation, 'everything', { light: true })
  const mailserver = createMailserver({
    store: memoryEnvelopeStore(),
    clock: simulation.clock,
    scheduler: simulation.scheduler
  })
  await mailserver.start()
  const [archive] = relays
  if (archive !== undefined) mailserver.attach(archive)
  simulation.connect('waku relay', 'topics')
  for (const name of ['bloom', 'bloom of two peers', 'everything']) simulation.connect('relay 0', name)
  simulation.connect('relay 1', 'bloom of two peers')
  await simulation.run(handshakeMs)
  await simulation.settled(light.setTopicInterest(topics))
  for (const bloom of blooms) await simulation.settled(bloom.setBloomFilter(filterBloom(topics)))
  await simulation.run(handshakeMs)

  const make = envelopeMaker(simulation, simulation.random('noise'), envelopeBytes)
  const weights = new Map<string, number>()
  const heard = listenTo(simulation, envelope => weights.get(envelope.subarray(-8).join()) ?? 0)
  simulation
    .random('order')
    .shuffled(drops)
    .forEach(({ topic, weight }, at) => {
      simulation.after(at * 5, async () => {
        const envelope = make(topic)
        weights.set(envelope.subarray(-8).join(), weight)
        await Promise.all([...relays, waku].map(relay => relay.exchange.offer(envelope)))
      })
    })
  await simulation.run(drops.length * 5 + handshakeMs)
  return {
    simulation,
    heard,
    topics,
    blooms,
    relays,
    mailserver,
    stop: async () => {
      await mailserver.stop()
      await simulation.settled(Promise.all([...relays, waku, light, ...blooms].map(node => node.stop())))
    }
  }
}

/** Asks the mailserver for everything, some topics at a time. */
async function fetchAll({ simulation, blooms, topics }: Awaited<ReturnType<typeof world>>): Promise<void> {
  const [asking] = blooms
  if (asking === undefined) return
  const password = await symmetricKeyFromPassword('status-offline-inbox')
  const signer = identityOf(simulation, 'requester')
  for (let at = 0; at < topics.length; at += topicsInRequest) {
    const interest = {
      ...routeOf(new Uint8Array(4)),
      topics: topics.slice(at, at + topicsInRequest),
      arrival: { kind: 'public' as const, name: 'any' }
    }
    for (let cursor: Uint8Array | undefined, more = true; more; ) {
      const page = await simulation.settled(
        asking.history(peerIdOf('relay 0'), {
          interests: [interest],
          fromSeconds: 0,
          toSeconds: 0,
          limit: 1000,
          signer,
          key: { kind: 'symmetric', key: password },
          ...(cursor === undefined ? {} : { cursor })
        })
      )
      cursor = page.cursor
      more = cursor !== undefined
    }
  }
}

/** The measured cases of one number of users, and the filters' measured mistakes. */
async function measure(seed: string, users: number, sample: number) {
  const own = await world(seed, 'own', users, sample)
  const discovery = await world(seed, 'discovery', users, sample)
  const partitioned = await world(seed, 'partitioned', users, sample)
  await fetchAll(partitioned)
  const wanted = partitioned.heard('topics').first
  const bloom = partitioned.heard('bloom').first
  const twice = partitioned.heard('bloom of two peers').all
  const archived = partitioned.heard('bloom archive').first
  const network = partitioned.heard('everything').first
  for (const each of [own, discovery, partitioned]) await each.stop()
  return {
    cases: [
      own.heard('topics').first,
      network,
      discovery.heard('topics').first,
      wanted,
      bloom,
      twice,
      0.9 * archived + 0.1 * twice,
      wanted
    ],
    falsePositives: (bloom - wanted) / network,
    archiveFalsePositives: (archived - wanted) / network,
    traces: [own, discovery, partitioned].map(({ simulation }) => simulation.trace.hash())
  }
}

/** What a filter of 100 topics in 512 bits lets through on average, and how far filters differ (one deviation). */
const filterMistakes = 0.0872
const filterDeviation = 0.0068
/** Sums of weights are not exact. */
const rounding = 1e-9

/** Four deviations: of the filter from the average one, and of the sample from all traffic. */
function toleranceOf(at: number, sample: number): number {
  if (at < 4 || at === 7) return rounding
  const deviation = Math.hypot(filterDeviation, Math.sqrt((filterMistakes * (1 - filterMistakes)) / sample))
  return (4 * deviation) / filterMistakes
}

async function run({ seed, scale = 1, onProgress }: Parameters<Preset['run']>[0]): Promise<PresetReport> {
  const sample = Math.max(500, Math.round(sampleSize * scale))
  const checks: Check[] = []
  const rows: Record<string, string | number>[] = []
  const traces: string[] = []
  const series = caseNames.map(name => ({ name, points: [] as [number, number][] }))
  for (const [done, users] of userCounts.entries()) {
    onProgress?.({ done, of: userCounts.length, what: `${users} users` })
    const measured = await measure(seed, users, sample)
    const published = publishedModel({ users })
    // The model as it would be with the filter's true rate in place of a round tenth.
    const expected = publishedModel({ users, falsePositives: filterMistakes })
    traces.push(...measured.traces)
    caseNames.forEach((name, at) => {
      const found = measured.cases[at] ?? 0
      checks.push(checked(`case ${at + 1}, ${users} users`, expected[at] ?? 0, found, toleranceOf(at, sample)))
      rows.push({
        case: at + 1,
        what: name,
        users,
        published: Math.round(published[at] ?? 0),
        measured: Math.round(found)
      })
      series[at]?.points.push([users, found])
    })
    rows.push({
      what: 'false positives of the filter',
      users,
      published: 0.1,
      measured: rounded(measured.falsePositives)
    })
    rows.push({
      what: 'the same for split requests',
      users,
      published: 0.01,
      measured: rounded(measured.archiveFalsePositives)
    })
  }
  return {
    preset: 'vac-2019',
    seed,
    rows,
    checks,
    traces,
    plots: [
      { name: 'bandwidth', title: 'Bytes a day and user', x: 'users', y: 'bytes a day', isLogarithmic: true, series }
    ],
    notes: [
      'Traffic of others is a sample with weights; what is on the observer’s own topics is there in full.',
      'The model takes 10 % false positives; 100 topics in 512 bits give 8.7 %, and cases 5, 6 and 7 are compared with that, within four deviations of a filter.',
      'The model has two copies of each envelope whatever the number of peers; preset "gossip" shows how they grow with the degree.'
    ]
  }
}

/** Reproduces the scalability table of 2019 with real relays, observers and a mailserver. */
export const vac2019: Preset = {
  name: 'vac-2019',
  summary: 'the scalability model of 2019: bytes a day and user in eight cases, for 100, 10 000 and a million users',
  run
}
