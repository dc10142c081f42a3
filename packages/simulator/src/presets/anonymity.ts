import type { Whisper } from '@status-stack/whisper'
import { decodeMessages, packetCodes } from '@status-stack/whisper/wire'
import { addWhisper } from '../relays.ts'
import { createSimulation } from '../simulation.ts'
import { envelopeMaker, handshakeMs } from './envelopes.ts'
import { type Preset, type PresetReport, rounded } from './report.ts'
import { randomGraph } from './topology.ts'

const relayCount = 100
const degree = 8
const posts = 600
const everyMs = 2000
const tapCounts = [1, 5, 10, 20, 40]
const conditions = { latencyMs: 20, jitterMs: 130 }
const partitions = 5000

interface Setting {
  readonly name: string
  readonly options: { readonly forwarding?: 'immediate' | number; readonly randomDelayMs?: number }
}

const settings: readonly Setting[] = [
  { name: 'at once', options: { forwarding: 'immediate' } },
  { name: 'batches of 300 ms', options: { forwarding: 300 } },
  { name: 'random delay up to 5 s', options: { forwarding: 'immediate', randomDelayMs: 5000 } }
]

/**
 * Posts from random relays, watched by relays that work together: the peer from which the first of them got an envelope first is named
 * as its author. Named rightly, by the number of watchers.
 */
async function play(seed: string, { name: setting, options }: Setting, count: number, total: number) {
  const simulation = createSimulation({ seed: `${seed}/anonymity/${setting}` })
  const names = Array.from({ length: count }, (_, at) => `relay ${at}`)
  const relays: Whisper[] = []
  for (const name of names) relays.push(await addWhisper(simulation, name, options))
  for (const [from, to] of randomGraph(simulation.random('graph'), count, degree)) {
    simulation.connect(names[from] ?? '', names[to] ?? '', conditions)
  }
  await simulation.run(handshakeMs)
  const watchers = simulation.random('taps').shuffled(names)
  const rankOf = new Map(watchers.map((name, rank) => [name, rank]))
  const authors = new Map<string, string>()
  /** By envelope: the peer that was first to give it to one of the first k watchers, for each k. */
  const named = new Map<string, (string | undefined)[]>()
  simulation.onPacket(({ from, to, packet }) => {
    if (packet.code !== packetCodes.messages) return
    const rank = rankOf.get(to) ?? count
    for (const envelope of decodeMessages(packet.payload)) {
      const id = envelope.subarray(-8).join()
      const guesses = named.get(id) ?? tapCounts.map(() => undefined)
      named.set(id, guesses)
      tapCounts.forEach((taps, at) => {
        if (rank < taps) guesses[at] ??= from
      })
    }
  })
  const most = Math.max(...tapCounts)
  const random = simulation.random('authors')
  const make = envelopeMaker(simulation, simulation.random('noise'), 1024)
  for (let at = 0; at < total; at++) {
    simulation.after(at * everyMs, async () => {
      // An author who watches needs no guess.
      const rank = most + random.below(count - most)
      const name = watchers[rank] ?? ''
      const envelope = make(random.bytes(4))
      authors.set(envelope.subarray(-8).join(), name)
      await relays[names.indexOf(name)]?.exchange.offer(envelope)
    })
  }
  await simulation.run(total * everyMs + 60_000)
  const rights = tapCounts.map((_, at) => {
    let right = 0
    for (const [id, author] of authors) if (named.get(id)?.[at] === author) right += 1
    return right / total
  })
  await simulation.settled(Promise.all(relays.map(relay => relay.stop())))
  return { rights, trace: simulation.trace.hash() }
}

/**
 * What the peer of a light client learns: with a topic list, its topics; with a filter, the topics that fit. Of `users` people with one
 * partition topic each, so many remain who may be the client.
 */
function setsOfInterest(users: number, falsePositives: number) {
  const sharing = Math.max(1, users / partitions)
  return {
    users,
    'full filter (Whisper, everything)': users,
    'filter of 100 topics': Math.round(Math.max(sharing, users * falsePositives)),
    'topic list (Waku)': rounded(sharing)
  }
}

const filterMistakes = 0.0872

async function run({ seed, scale = 1, onProgress }: Parameters<Preset['run']>[0]): Promise<PresetReport> {
  const count = Math.max(60, Math.round(relayCount * scale))
  const total = Math.max(60, Math.round(posts * scale))
  const rows: Record<string, string | number>[] = []
  const traces: string[] = []
  const series: { name: string; points: [number, number][] }[] = []
  for (const [done, setting] of settings.entries()) {
    onProgress?.({ done, of: settings.length, what: setting.name })
    const { rights, trace } = await play(seed, setting, count, total)
    traces.push(trace)
    series.push({ name: setting.name, points: tapCounts.map((taps, at) => [taps, rights[at] ?? 0]) })
    tapCounts.forEach((taps, at) => {
      rows.push({ forwarding: setting.name, taps, relays: count, named: rounded(rights[at] ?? 0) })
    })
  }
  for (const users of [100, 10_000, 1_000_000]) rows.push(setsOfInterest(users, filterMistakes))
  return {
    preset: 'anonymity',
    seed,
    rows,
    checks: [],
    traces,
    plots: [
      { name: 'named', title: 'How often watchers name the author', x: 'watching relays', y: 'share of posts', series }
    ],
    notes: [
      `${count} relays with ${degree} peers each. Watchers follow the protocol, share what they see, and name the peer that was first.`,
      'An observer of whole links, or one that correlates many messages of one author, names more than this.',
      'The last rows count people who fit what the peer of a light client sees; only the full filter hides a client among all.'
    ]
  }
}

/** How often observers name the author of an envelope, and what interests give away. */
export const anonymity: Preset = {
  name: 'anonymity',
  summary:
    'how often k watching relays name the author, with and without random delay; Whisper filter against Waku topic list',
  run
}
