import { expect, test } from 'vitest'
import { addWaku, addWhisper, createSimulation, type Simulation } from '../../src/index.ts'
import { place } from '../support.ts'

/** Twelve relays in a ring with chords, links that lose packets and break, a partition, thirty messages. */
async function weather(seed: string, options: { readonly replay?: Simulation['trace'] } = {}) {
  const simulation = createSimulation({
    seed,
    keepTrace: true,
    ...(options.replay && { replay: options.replay.events() })
  })
  const names = Array.from({ length: 12 }, (_, at) => `relay ${at}`)
  const relays = await Promise.all(names.map(name => addWhisper(simulation, name, { forwarding: 300 })))
  const name = (at: number): string => names[at % names.length] ?? ''
  const links = names.flatMap((from, at) =>
    [1, 3].map(step =>
      simulation.connect(from, name(at + step), { latencyMs: 40, jitterMs: 80, bytesPerSecond: 50_000 })
    )
  )
  await simulation.run(2000)
  const still = simulation.churn(links, { meanUpMs: 20_000, meanDownMs: 2000 })
  const random = simulation.random('authors')
  for (let message = 0; message < 30; message++) {
    simulation.after(1000 * message, async () => {
      await relays[random.below(relays.length)]?.post({ route: place.route, payload: Uint8Array.of(message) })
    })
  }
  simulation.after(10_000, () => simulation.partition([names.slice(0, 6), names.slice(6)]))
  simulation.after(14_000, simulation.heal)
  await simulation.run(30_000)
  still()
  simulation.heal()
  await simulation.run(5000)
  const pooled = relays.map(relay => relay.counters().events.envelopepooled)
  await simulation.settled(Promise.all(relays.map(relay => relay.stop())))
  return { trace: simulation.trace, pooled }
}

/** What the seed `one` does on a machine that is left alone: several tests compare another run with it. */
let first: ReturnType<typeof weather> | undefined
const seedOne = () => {
  first ??= weather('one')
  return first
}

test('the same seed does the same to the last byte, another one does something else', async () => {
  const [once, again, other] = [await seedOne(), await weather('one'), await weather('two')]
  expect(once.trace.length()).toBeGreaterThan(1000)
  expect(again.trace.hash()).toBe(once.trace.hash())
  expect(again.trace.events()).toEqual(once.trace.events())
  expect(other.trace.hash()).not.toBe(once.trace.hash())
})

test('links that break and a partition that heals lose nothing that lives long enough', async () => {
  const { pooled } = await seedOne()
  expect(pooled).toEqual(pooled.map(() => 30))
})

test('a trace replays, and the first difference ends the replay', async () => {
  const { trace } = await seedOne()
  await expect(weather('one', { replay: trace })).resolves.toMatchObject({ trace: { hash: expect.any(Function) } })
  await expect(weather('two', { replay: trace })).rejects.toMatchObject({ code: 'diverged' })
})

test('how busy the machine is changes nothing', async () => {
  const once = await seedOne()
  const busy = setInterval(() => {
    const end = Date.now() + 15
    while (Date.now() < end);
  }, 60)
  try {
    expect((await weather('one')).trace.hash()).toBe(once.trace.hash())
  } finally {
    clearInterval(busy)
  }
})

test('a Waku node hears the topics that it asked for', async () => {
  const simulation = createSimulation({ seed: 'waku' })
  const relay = await addWaku(simulation, 'relay')
  const light = await addWaku(simulation, 'light', { interest: 'topics', light: true })
  simulation.connect('relay', 'light')
  await simulation.run(1000)
  await light.setTopicInterest([place.route.topic])
  await simulation.run(1000)
  await simulation.settled(relay.post({ route: place.route, payload: Uint8Array.of(1) }))
  await simulation.settled(
    relay.post({ route: { ...place.route, topic: Uint8Array.of(9, 9, 9, 9) }, payload: Uint8Array.of(2) })
  )
  await simulation.run(1000)
  expect(light.counters().events.envelopepooled).toBe(1)
  expect(simulation.traffic('light').bytesIn).toBeGreaterThan(100)
})

test('two simulations do not run at once in one process, and a failing action fails the run', async () => {
  const [one, two] = [createSimulation({ seed: '1' }), createSimulation({ seed: '2' })]
  const running = one.run(1000)
  await expect(two.run(1000)).rejects.toMatchObject({ code: 'busy' })
  await running
  one.after(5, () => {
    throw new Error('planned')
  })
  await expect(one.run(1000)).rejects.toThrow('planned')
  expect(() => one.connect('nobody', 'no one')).toThrow(expect.objectContaining({ code: 'unknown-node' }))
})
