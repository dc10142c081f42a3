import type { Destination, IdentityKey } from '@status-stack/interface'
import {
  createLoopbackNetwork,
  createVirtualTime,
  type LoopbackInterest,
  type LoopbackNetwork,
  type LoopbackRoute
} from '@status-stack/interface/testing'
import { type Client, defaultLayers } from '@status-stack/status-client'
import { composeClient, type Layers } from '@status-stack/status-client/compose'
import { createSealer, memorySessionStore, type Receipt, type Sealer } from '@status-stack/status-pfs'
import { encodePayload, groupId } from '@status-stack/status-sync'
import { createSeededRandom } from '@status-stack/whisper/testing'
import { MemoryLevel } from 'memory-level'
import type { Target } from './engine.ts'
import { isTyped, publicChat, seedsOf, wayOf, ways } from './messenger-seeds.ts'
import { alice, bob, mallory, nowMs } from './people.ts'
import { createPersonal } from './personal.ts'
import { mutateScript, type Step, stepsOf } from './scripts.ts'

/** Scripts after which honest people talk, after which the store is opened again, and after which all begins anew. */
const every = { talk: 4, reopen: 32, world: 128 } as const
/** Rounds in which what honest people say has to arrive and be acknowledged. */
const mostRounds = 40
/** What a script may leave in the store at most: its own bytes, some records for each message, and what it made others say. */
const mostBytes = (scripts: number): number => 4e6 + scripts * 200_000

type Database = MemoryLevel<string, Uint8Array>
type World = Awaited<ReturnType<typeof createWorld>>

const storageKey = new Uint8Array(32).fill(9)
const installations = 'fuzz-device'

/** A client over the loopback network: everything above the privacy layer is the real thing. Its defects are collected. */
async function person(
  network: LoopbackNetwork,
  identity: IdentityKey,
  database: Database,
  how: { readonly name: string; readonly clock: { readonly nowMs: () => number }; readonly defects: unknown[] }
) {
  const quiet = (): void => undefined
  const layers: Layers<LoopbackRoute, LoopbackInterest, Receipt> = { ...defaultLayers(), privacy: network.join }
  const client = await composeClient(
    {
      identity,
      database,
      storageKey,
      clock: how.clock,
      random: createSeededRandom(how.name),
      logger: { debug: quiet, warn: quiet, error: (message, facts) => void how.defects.push({ message, facts }) }
    },
    layers,
    { timers: false, lockAccount: false, publishContactCode: false, syncRetryMs: 1000 }
  )
  const shown: string[] = []
  const ends = new Set<string>()
  client.on('message', ({ outgoing, text, content }) => {
    if (!outgoing) shown.push(text)
    ends.add(`message ${content.kind}`)
  })
  client.on('refused', ({ layer, reason }) => void ends.add(`${layer} ${reason}`))
  client.on('change', ({ change }) => void ends.add(`change ${change}`))
  client.on('notice', ({ kind }) => void ends.add(`notice ${kind}`))
  await client.start()
  return { client, shown, ends }
}

/** Alice and Bob, who know each other and Mallory, and Mallory with whatever a hostile program needs. */
async function createWorld() {
  const time = createVirtualTime(nowMs)
  const { clock } = time
  const network = createLoopbackNetwork(clock)
  const defects: unknown[] = []
  const databases = { alice: new MemoryLevel() as Database, bob: new MemoryLevel() as Database }
  const open = (name: 'alice' | 'bob', run: number) =>
    person(network, name === 'alice' ? alice : bob, databases[name], { name: `${name} ${run}`, clock, defects })
  const [friend, victim] = [await open('alice', 0), await open('bob', 0)]
  const sealerOf = (identity: IdentityKey, name: string): Promise<Sealer> =>
    createSealer(
      { identity, clock, random: createSeededRandom(name), store: memorySessionStore() },
      { installationId: installations }
    )
  const hostile = { mallory: await sealerOf(mallory, 'mallory'), ownDevice: await sealerOf(bob, 'bob-2') }
  const node = network.join()
  await node.start()
  await victim.client.addContact(alice.publicKey)
  await friend.client.addContact(bob.publicKey)
  await victim.client.addContact(mallory.publicKey)
  for (const { client } of [friend, victim]) await client.joinPublic(publicChat)
  return { time, network, node, databases, defects, open, hostile, friend, victim, scripts: 0, said: 0 }
}

/** Posts one step of a script. What Mallory's own layers refuse is not posted. */
async function post(
  { node, hostile }: World,
  { code, payload }: Step,
  wrappedBy: ReturnType<typeof createPersonal>
): Promise<void> {
  const wrapped = (by: IdentityKey): Uint8Array => wrappedBy(payload, by)
  const to: Destination = { kind: 'identity', publicKey: bob.publicKey }
  const direct = { kind: 'identity', publicKey: bob.publicKey, reach: 'any-device' } as const
  const send = async (bytes: Uint8Array, destination: Destination, signer: IdentityKey, secret?: Uint8Array) => {
    const route = await node.planRoute(destination, secret === undefined ? {} : { rendezvous: secret })
    await node.post({ route, payload: bytes, signer })
  }
  const seal = async (bytes: Uint8Array) => {
    const sealed = await hostile.mallory.seal(bytes, direct)
    if (sealed.kind === 'sealed') await send(sealed.bytes, to, mallory, sealed.rendezvous)
  }
  switch (wayOf(code)) {
    case ways.protocol:
      return send(payload, to, mallory)
    case ways.contactCode:
      return send(payload, { kind: 'contact-code', owner: mallory.publicKey }, mallory)
    case ways.rendezvous: {
      const sealed = await hostile.mallory.seal(new Uint8Array(), direct)
      return sealed.kind === 'sealed' ? send(payload, to, mallory, sealed.rendezvous) : undefined
    }
    case ways.sync:
    case ways.wrapper:
      return seal(payload)
    case ways.payload: {
      const message = { groupId: groupId(mallory.publicKey, bob.publicKey), timestamp: 1n, body: wrapped(mallory) }
      return seal(encodePayload({ acks: [], offers: [], requests: [], messages: [message] }))
    }
    case ways.unsynced:
      return seal(wrapped(mallory))
    case ways.public:
      return send(wrapped(mallory), { kind: 'public', name: publicChat }, mallory)
    default: {
      const sealed = await hostile.ownDevice.seal(wrapped(bob), { kind: 'own-devices', reach: 'any-device' })
      return sealed.kind === 'sealed' ? send(sealed.bytes, to, bob) : undefined
    }
  }
}

async function round({ time, friend, victim }: World, ms: number): Promise<void> {
  for (const { client } of [friend, victim]) {
    await client.idle()
    await client.tick()
    await client.idle()
  }
  await time.advance(ms)
}

const chatOf = ({ publicKey }: IdentityKey) => ({ kind: 'one-to-one', publicKey }) as const

/** Both say something: it is shown once and acknowledged. */
async function talk(world: World): Promise<void> {
  const { friend, victim } = world
  for (const [from, to, whom] of [
    [friend, victim, bob],
    [victim, friend, alice]
  ] as const) {
    const text = `honest ${++world.said}`
    const { messageId } = await from.client.send(chatOf(whom), { text })
    const isDone = async (): Promise<boolean> =>
      to.shown.includes(text) && (await from.client.ledger(messageId))?.complete === true
    for (let rounds = 0; !(await isDone()); rounds += 1) {
      if (rounds === mostRounds) throw new Error(`never arrived or never acknowledged: ${text}`)
      await round(world, 500)
    }
    const times = to.shown.filter(one => one === text).length
    if (times !== 1) throw new Error(`shown ${times} times: ${text}`)
  }
}

/** All of a chat, newest first. */
async function allOf(client: Client, chat: Parameters<Client['messages']>[0]) {
  const found = [...(await client.messages(chat, { limit: 1000 }))]
  for (let page = found; page.length === 1000; found.push(...page))
    page = [...(await client.messages(chat, { limit: 1000, before: found.at(-1)?.messageId }))]
  return found
}

/** Bob's program ends and begins again: everything can be read, and what honest people said is there once. */
async function reopen(world: World): Promise<void> {
  const { databases, open, scripts } = world
  await world.victim.client.stop()
  let bytes = 0
  for await (const [key, value] of databases.bob.iterator({ valueEncoding: 'view' })) bytes += key.length + value.length
  if (bytes > mostBytes(scripts)) throw new Error(`${bytes} bytes are stored after ${scripts} scripts`)
  world.victim = await open('bob', scripts)
  const { client } = world.victim
  for (const { chat } of await client.chats()) await allOf(client, chat)
  await client.contacts()
  await client.devices()
  const texts = (await allOf(client, chatOf(alice))).map(({ text }) => text).filter(text => text.startsWith('honest'))
  if (texts.length !== world.said || new Set(texts).size !== texts.length)
    throw new Error(`${texts.length} of ${world.said} honest messages, ${new Set(texts).size} different ones`)
}

async function endWorld({ friend, victim, node }: World): Promise<void> {
  for (const { client } of [friend, victim]) await client.stop()
  await node.stop()
}

/**
 * A whole messenger: a stranger with valid keys, who is a contact, sends what a script says; honest people go on. Whatever the script does, nothing is
 * thrown, no work of the client fails, the store stays within its bound and can be opened again.
 */
export async function messenger(): Promise<Target> {
  let world: World | undefined
  const known = new Set<string>()
  const rejections: unknown[] = []
  const rejected = (reason: unknown): void => void rejections.push(reason)
  const assertQuiet = (): void => {
    const [first] = [...rejections.splice(0), ...(world?.defects.splice(0) ?? [])]
    if (first !== undefined)
      throw new Error(`failed unseen: ${first instanceof Error ? first.stack : JSON.stringify(first)}`)
  }
  const anew = async (): Promise<World> => {
    if (world !== undefined) await endWorld(world)
    world = await createWorld()
    await talk(world)
    return world
  }
  const fresh = await createWorld()
  const seeds = await seedsOf(fresh.hostile.mallory)
  await endWorld(fresh)
  return {
    name: 'messenger',
    share: 80,
    seeds,
    mutate: (script, other, draw) => mutateScript(script, other, draw, isTyped),
    namesEnds: true,
    run: async script => {
      process.on('unhandledRejection', rejected)
      try {
        const here = world === undefined || world.scripts >= every.world ? await anew() : world
        here.scripts += 1
        const personal = createPersonal(here.scripts, mallory)
        for (const each of stepsOf(script)) await post(here, each, personal)
        await round(here, 60_000)
        if (here.scripts % every.talk === 0) await talk(here)
        if (here.scripts % every.reopen === 0) await reopen(here)
        assertQuiet()
        const ends = [...here.victim.ends].filter(end => !known.has(end))
        for (const end of ends) known.add(end)
        return ends.length === 0 ? 'nothing new' : ends.join(', ')
      } catch (error) {
        // What it left behind is no place for the next one.
        world = undefined
        throw new Error(`messenger: ${error instanceof Error ? error.stack : error}`)
      } finally {
        process.off('unhandledRejection', rejected)
      }
    }
  }
}
