import { createSync, decodePayload, memorySyncStore, type SyncOptions, type SyncStore } from '../../src/index.ts'
import { read, seeded, text } from './node.ts'

const second = 1000
const hour = 3600 * second

/** What a world does to its nodes; everything else follows from the seed. */
export interface Weather {
  readonly seed: number
  readonly messages: number
  /** Share of payloads that are lost. */
  readonly loss: number
  /** Share of payloads that arrive twice. */
  readonly duplication: number
  /** Payloads take up to this long, so that they overtake each other. */
  readonly delayMs: number
  /** One of the two is away for a day, its process stopped or without a link. */
  readonly offline: boolean
  /** Chance that a store write kills the process, before or after it. */
  readonly crash: number
  /** Kills one process at exactly this write, counted over its life. */
  readonly crashAt?: { readonly node: number; readonly write: number; readonly when: 'before' | 'after' }
  readonly options?: SyncOptions
}

/** What came out. */
export interface Report {
  /** How often each body was shown to the user of its receiver. */
  readonly shown: ReadonlyMap<string, number>
  /** Bodies handed up although they had been accepted. */
  readonly afterAccept: number
  /** Outcomes by tracking id; each settled at least once. */
  readonly outcomes: ReadonlyMap<string, readonly string[]>
  /** Messages on the wire, first sends included. */
  readonly messageSends: number
  readonly payloads: number
  readonly crashes: number
  readonly writes: readonly number[]
  readonly bodies: readonly string[]
  /** Mean time from sending to showing, in seconds. */
  readonly meanDelay: number
}

/** What a world runs: our node, or a model of another one. */
export interface Engine {
  readonly enqueue: (body: Uint8Array, tracking: string) => Promise<void>
  readonly receive: (bytes: Uint8Array) => Promise<void>
  readonly tick: () => Promise<void>
  readonly nextMs: () => Promise<number | undefined>
  /** The link is back. */
  readonly online: () => Promise<void>
}

/** What an engine gets from its world. */
export interface EngineWorld {
  readonly clock: { readonly nowMs: () => number }
  readonly random: () => number
  readonly send: (bytes: Uint8Array) => 'sent' | 'not-sent'
  readonly settled: (tracking: string, outcome: string) => void
  /** Durable handling by the application; answers false when it has that body already. */
  readonly show: (body: string) => void
  /** The body was accepted: it must not come up again. */
  readonly accepted: (body: string) => void
  readonly store: SyncStore
  /** Throws when the process was killed meanwhile. */
  readonly alive: () => void
}

export type EngineOf = (world: EngineWorld, weather: Weather) => Engine

class Crash extends Error {}

interface Place {
  readonly durable: SyncStore
  engine: Engine
  /** Changes with every process, so that a dead one can be told from its successor. */
  life: number
  up: boolean
  linked: boolean
  writes: number
  readonly outbox: Map<string, { readonly body: string; settled: boolean }>
  readonly accepted: Set<string>
}

/** Our node with an application that handles each message in one durable step and accepts it after. */
export function syncEngine(self: Uint8Array, peer: Uint8Array): EngineOf {
  return (world, weather) => {
    const sync = createSync(
      {
        self,
        clock: world.clock,
        random: { bytes: length => Uint8Array.from({ length }, () => Math.floor(world.random() * 256)) },
        store: world.store,
        output: async (_peer, bytes) => {
          world.alive()
          return world.send(bytes)
        },
        settled: async ({ tracking, outcome }) => {
          world.alive()
          world.settled(tracking, outcome)
        },
        maxBytes: async () => 700
      },
      { unsentMs: 1800 * second, ...weather.options }
    )
    return {
      enqueue: (body, tracking) => sync.enqueue({ peer, body, tracking }),
      receive: async bytes => {
        const received = await sync.receive(peer, bytes)
        if (received.kind !== 'payload') throw new Error('a payload was not recognised')
        for (const { id, body } of received.bodies) {
          world.alive()
          world.show(read(body))
          await sync.accept(peer, [id])
          world.accepted(read(body))
        }
      },
      tick: sync.tick,
      nextMs: sync.nextMs,
      online: () => sync.retry()
    }
  }
}

/** Runs two nodes under the weather until both have nothing left to do. */
export async function runWorld(weather: Weather, engines: readonly [EngineOf, EngineOf]): Promise<Report> {
  const random = seeded(weather.seed)
  const clock = { now: 1_600_000_000_000, nowMs: () => clock.now }
  const begin = clock.now
  const events: { readonly atMs: number; readonly order: number; readonly run: () => Promise<void> }[] = []
  const report = { afterAccept: 0, messageSends: 0, payloads: 0, crashes: 0 }
  const shown = new Map<string, number>()
  const outcomes = new Map<string, string[]>()
  const begun = new Map<string, number>()
  const delays: number[] = []
  let order = 0

  const at = (atMs: number, run: () => Promise<void>): void => {
    const event = { atMs, order: order++, run }
    let index = events.length
    while (index > 0 && before(event, events[index - 1])) index--
    events.splice(index, 0, event)
  }
  const before = (a: { atMs: number; order: number }, b: { atMs: number; order: number } | undefined): boolean =>
    b !== undefined && (a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order))

  const places: Place[] = []
  const start = (index: number): Engine => {
    const place = places[index]
    const engine = engines[index]
    if (place === undefined || engine === undefined) throw new Error('no such place')
    const life = ++place.life
    const alive = (): void => {
      if (place.life !== life) throw new Crash()
    }
    const kill = (): never => {
      place.up = false
      place.life++
      report.crashes++
      at(clock.now + Math.floor(random() * 60 * second), async () => {
        place.up = true
        place.engine = start(index)
        for (const [tracking, { body, settled }] of place.outbox) {
          if (!settled) await guarded(place, () => place.engine.enqueue(text(body), tracking))
        }
      })
      throw new Crash()
    }
    const store: SyncStore = {
      get: async (table, key) => {
        alive()
        return place.durable.get(table, key)
      },
      list: async table => {
        alive()
        return place.durable.list(table)
      },
      write: async changes => {
        alive()
        const { crashAt } = weather
        const write = ++place.writes
        const exact = crashAt?.node === index && crashAt.write === write ? crashAt.when : undefined
        const chance = weather.crash > 0 && random() < weather.crash ? (random() < 0.5 ? 'before' : 'after') : undefined
        const when = exact ?? chance
        if (when === 'before') kill()
        await place.durable.write(changes)
        if (when === 'after') kill()
      }
    }
    const send = (bytes: Uint8Array): 'sent' | 'not-sent' => {
      if (!place.linked) return 'not-sent'
      const payload = decodePayload(bytes)
      if (payload === undefined) throw new Error('bytes that are no payload were sent')
      report.payloads++
      report.messageSends += payload.messages.length
      const copies = random() < weather.duplication ? 2 : 1
      for (let copy = 0; copy < copies; copy++) {
        if (random() < weather.loss) continue
        at(clock.now + Math.floor(random() * weather.delayMs), async () => {
          const other = places[1 - index]
          if (other?.up && other.linked) await guarded(other, () => other.engine.receive(bytes))
        })
      }
      return 'sent'
    }
    return engine(
      {
        clock,
        random,
        send,
        store,
        alive,
        settled: (tracking, outcome) => {
          const entry = place.outbox.get(tracking)
          if (entry !== undefined) entry.settled = true
          outcomes.set(tracking, [...(outcomes.get(tracking) ?? []), outcome])
        },
        show: body => {
          if (place.accepted.has(body)) report.afterAccept++
          // The application keeps its messages by id in a durable store: only what is new to it is shown.
          if (shown.has(body)) return
          shown.set(body, 1)
          delays.push(clock.now - (begun.get(body) ?? clock.now))
        },
        accepted: body => void place.accepted.add(body)
      },
      weather
    )
  }

  for (const index of [0, 1]) {
    places.push({
      durable: memorySyncStore(),
      engine: undefined as unknown as Engine,
      life: 0,
      up: true,
      linked: true,
      writes: 0,
      outbox: new Map(),
      accepted: new Set()
    })
    const place = places[index]
    if (place !== undefined) place.engine = start(index)
  }

  const bodies: string[] = []
  for (let n = 0; n < weather.messages; n++) {
    const [body, tracking] = [`message ${n} of ${weather.seed}`, `t${n}`]
    bodies.push(body)
    at(begin + Math.floor(random() * 6 * hour), async () => {
      const place = places[n % 2]
      if (place === undefined) return
      place.outbox.set(tracking, { body, settled: false })
      begun.set(body, clock.now)
      if (place.up) await guarded(place, () => place.engine.enqueue(text(body), tracking))
    })
  }
  if (weather.offline) {
    const index = random() < 0.5 ? 0 : 1
    const stopped = random() < 0.5
    const away = begin + Math.floor(random() * 3 * hour)
    at(away, async () => {
      const place = places[index]
      if (place !== undefined) place.linked = false
      if (place !== undefined && stopped && place.up) {
        place.up = false
        place.life++
      }
    })
    at(away + 24 * hour, async () => {
      const place = places[index]
      if (place === undefined) return
      place.linked = true
      if (!place.up) {
        place.up = true
        place.engine = start(index)
        for (const [tracking, { body, settled }] of place.outbox) {
          if (!settled) await guarded(place, () => place.engine.enqueue(text(body), tracking))
        }
      }
      await guarded(place, () => place.engine.online())
    })
  }

  for (let steps = 0; ; steps++) {
    if (steps > 50_000) throw new Error('the world does not come to rest')
    let next = events[0]?.atMs
    const due: Place[] = []
    for (const place of places) {
      if (!place.up) continue
      let wanted: number | undefined
      await guarded(place, async () => {
        wanted = await place.engine.nextMs()
      })
      if (wanted === undefined || (next !== undefined && wanted > next)) continue
      if (next === undefined || wanted < next) due.length = 0
      next = wanted
      due.push(place)
    }
    if (next === undefined) break
    clock.now = Math.max(clock.now, next)
    for (const place of due) await guarded(place, () => place.engine.tick())
    while (events[0] !== undefined && events[0].atMs <= clock.now) await events.shift()?.run()
  }
  const meanDelay = delays.reduce((sum, delay) => sum + delay, 0) / Math.max(1, delays.length) / second
  return { ...report, shown, outcomes, bodies, meanDelay, writes: places.map(({ writes }) => writes) }
}

/** Runs a call of a process; when the process dies during it, the call simply never comes back. */
async function guarded(place: Place, call: () => Promise<void>): Promise<void> {
  if (!place.up) return
  const { life } = place
  try {
    await call()
  } catch (error) {
    if (place.life === life) throw error
  }
}
