import { expect, test } from 'vitest'
import { addClient, type SimulatedClient } from '../../src/clients.ts'
import { addWhisper, createSimulation } from '../../src/index.ts'

const chatWith = ({ client }: SimulatedClient) => ({ kind: 'one-to-one', publicKey: client.publicKey }) as const

/** Three people behind two relays talk while links lose a tenth of all packets. */
async function conversation(seed: string) {
  const simulation = createSimulation({ seed })
  const relays = [await addWhisper(simulation, 'near'), await addWhisper(simulation, 'far')]
  simulation.connect('near', 'far', { latencyMs: 30, jitterMs: 30 })
  const people: SimulatedClient[] = []
  for (const [at, name] of ['alice', 'bob', 'carol'].entries()) {
    people.push(await addClient(simulation, name, { contactCodeDelayMs: 1000 }))
    simulation.connect(name, at === 0 ? 'near' : 'far', { latencyMs: 50, jitterMs: 50, lossRate: 0.1 })
  }
  await simulation.run(5000)
  const sent: string[] = []
  for (let round = 0; round < 4; round++) {
    for (const [from, author] of people.entries()) {
      const to = people[(from + 1) % people.length]
      if (to === undefined) continue
      const text = `${from} ${round}`
      sent.push(text)
      await simulation.settled(author.client.send(chatWith(to), { text }))
    }
    await simulation.run(20_000)
  }
  const shown = async (): Promise<string[]> => {
    const texts: string[] = []
    for (const [at, { client }] of people.entries()) {
      const author = people[(at + people.length - 1) % people.length]
      if (author === undefined) continue
      const messages = await client.messages(chatWith(author), { limit: 1000 })
      texts.push(...messages.filter(({ outgoing }) => !outgoing).map(({ text }) => text))
    }
    return texts.sort()
  }
  for (let hour = 0; hour < 6 && (await shown()).length < sent.length; hour++) await simulation.run(3_600_000)
  const texts = await shown()
  await simulation.settled(Promise.all(people.map(({ stop }) => stop())))
  await simulation.settled(Promise.all(relays.map(relay => relay.stop())))
  return { sent: sent.sort(), texts, hash: simulation.trace.hash() }
}

test('whole clients over lossy links show each message once, the same run for the same seed', async () => {
  const once = await conversation('clients')
  expect(once.texts).toEqual(once.sent)
  expect((await conversation('clients')).hash).toBe(once.hash)
  expect((await conversation('others')).hash).not.toBe(once.hash)
})
