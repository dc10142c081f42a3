import { type Client, changeStorageKey, type Database } from '@status-stack/status-client'
import { type FaultyDatabase, faultyDatabase } from '@status-stack/status-client/testing'
import { createMailserver, memoryEnvelopeStore } from '@status-stack/whisper-mailserver'
import { MemoryLevel } from 'memory-level'
import { addClient, type SimulatedClient, type SimulatedClientOptions } from '../../src/clients.ts'
import { addWhisper, type Connection, createSimulation, peerIdOf, type Simulation } from '../../src/index.ts'

/** Where a process dies. 0: nowhere. */
export interface Death {
  readonly failAt: number
  readonly mode: 'before' | 'after'
}

/** What everybody has at the end. */
export interface WeekResult {
  readonly writes: number
  readonly crashed: boolean
  /** Texts of each chat as each device shows them, sorted. */
  readonly shown: Readonly<Record<string, readonly string[]>>
  /** Texts of messages of Alice and Bob whose ledger does not say at the end that all recipients have them. */
  readonly open: readonly string[]
  readonly hash: string
}

const minute = 60_000
const pollMs = 5000
const longestMs = 3 * 60 * minute
const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
const mailserver = peerIdOf('mail')

const keyOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const chatOf = ({ publicKey }: Client) => ({ kind: 'one-to-one', publicKey }) as const

/** Bob's process: it dies once, at its k-th write, and comes back on its disk. */
function createBob(simulation: Simulation, faulty: FaultyDatabase, disk: Database) {
  let now: SimulatedClient | undefined
  let links: readonly Connection[] | undefined
  let storageKey = keyOf(1)
  let runs = 0
  let isBuried = false
  const isDead = (): boolean => faulty.crashed() && !isBuried
  const database = (): Database => (isBuried ? disk : faulty.database)

  /** Runs work of the process to its end, or to the death. Whether it got to its end. */
  const lives = async (work: () => Promise<unknown>): Promise<boolean> => {
    let isOver = false
    let failure: unknown
    const working = work().then(
      () => {
        isOver = true
      },
      error => {
        failure = error
        isOver = true
      }
    )
    await simulation.run(longestMs, () => isOver || isDead())
    if (isDead()) return false
    await working
    if (failure !== undefined) throw failure
    return true
  }
  const stop = async (): Promise<void> => {
    const stopping = now
    now = undefined
    if (stopping !== undefined) await lives(stopping.stop)
  }
  const bury = async (): Promise<void> => {
    isBuried = true
    const dead = now
    now = undefined
    if (links !== undefined) simulation.leave('bob')
    if (dead !== undefined) await simulation.settled(dead.stop().catch(() => undefined))
  }
  const boot = async (): Promise<void> => {
    runs += 1
    try {
      now = await addClient(simulation, 'bob', { ...values, database: database(), storageKey, run: runs })
    } catch (error) {
      if (!isDead()) throw error
      return
    }
    links ??= connect(simulation, 'bob')
    for (const link of links) link.restore()
  }
  /** Bob as he is now; started, if he is not. */
  const alive = async (): Promise<SimulatedClient | undefined> => {
    if (isDead()) await bury()
    if (now === undefined) await boot()
    return isDead() ? undefined : now
  }
  const rekey = async (): Promise<void> => {
    const next = keyOf(2)
    const random = simulation.random('rekey')
    for (;;) {
      if (isDead()) isBuried = true
      if (await lives(() => changeStorageKey({ database: database(), random, from: storageKey, to: next }))) break
    }
    storageKey = next
  }
  return { alive, stop, rekey, lives, isDead, database }
}

const values: SimulatedClientOptions = {
  syncTickMs: 2000,
  contactCodeDelayMs: 5000,
  mailservers: [mailserver],
  messageRequests: false
}

/** A person's links: to a relay, and to the mailserver that it trusts. */
const connect = (simulation: Simulation, name: string): readonly Connection[] => [
  simulation.connect(name, 'relay', { latencyMs: 40, jitterMs: 40 }),
  simulation.connect(name, 'mail', { latencyMs: 40, trusted: true })
]

async function network(simulation: Simulation) {
  const relay = await addWhisper(simulation, 'relay')
  const mail = await addWhisper(simulation, 'mail')
  const archive = createMailserver({
    store: memoryEnvelopeStore(),
    clock: simulation.clock,
    scheduler: simulation.scheduler
  })
  await archive.start()
  archive.attach(mail)
  simulation.connect('relay', 'mail', { latencyMs: 10 })
  return async (): Promise<void> => {
    await archive.stop()
    await simulation.settled(Promise.all([relay.stop(), mail.stop()]))
  }
}

/**
 * Seven days in short: a conversation, a group, a second device, a time without a link, another password, a store of an older release,
 * and a farewell. Bob's process dies once, somewhere. What he was at then he does again; what was done by then must have been kept.
 */
export async function week({ failAt, mode }: Death): Promise<WeekResult> {
  const simulation = createSimulation({ seed: 'a week' })
  const stopNetwork = await network(simulation)
  const disk = new MemoryLevel<string, Uint8Array>()
  const faulty = faultyDatabase(disk, { failAt, mode })
  const bob = createBob(simulation, faulty, disk)
  const alice = await addClient(simulation, 'alice', values)
  connect(simulation, 'alice')

  /** No, of a process that is dead or dies over the question. */
  const answered = async (ask: () => Promise<boolean>): Promise<boolean> => {
    try {
      return (await ask()) && !bob.isDead()
    } catch (error) {
      if (!bob.isDead()) throw error
      return false
    }
  }
  /** Acts until it is done: whatever Bob did when he died, he does again. */
  const until = async (
    what: string,
    act: (bob: Client) => Promise<unknown>,
    isDone: (bob: Client) => Promise<boolean>
  ): Promise<void> => {
    const end = simulation.elapsedMs() + longestMs
    let hasActed = false
    while (simulation.elapsedMs() < end) {
      const living = await bob.alive()
      if (living !== undefined && !hasActed) hasActed = await bob.lives(() => act(living.client))
      const done = living !== undefined && hasActed && (await answered(() => isDone(living.client)))
      if (done) return
      if (bob.isDead()) hasActed = false
      await simulation.run(pollMs, bob.isDead)
    }
    throw new Error(`a week: never happened: ${what}`)
  }
  const nothing = async (): Promise<void> => undefined
  const textsOf = async (client: Client, chat: Parameters<Client['messages']>[0]): Promise<string[]> =>
    (await client.messages(chat)).filter(({ content }) => content.kind !== 'system').map(({ text }) => text)
  const said = (text: string) => (client: Client) => client.send(chatOf(alice.client), { text }, { clientTag: text })
  const heardBy = (there: Client, text: string) => async (client: Client) =>
    (await textsOf(there, chatOf(client))).includes(text)
  const say = (text: string): Promise<void> => until(`alice reads ${text}`, said(text), heardBy(alice.client, text))
  const hear = async (text: string): Promise<void> => {
    const living = await bob.alive()
    const publicKey = living?.client.publicKey ?? bobKey
    await simulation.settled(alice.client.send({ kind: 'one-to-one', publicKey }, { text }, { clientTag: text }))
  }
  const read = (text: string): Promise<void> =>
    until(`bob reads ${text}`, nothing, async client => (await textsOf(client, chatOf(alice.client))).includes(text))
  const groupOf = async (client: Client) => (await client.chats()).find(({ group }) => group?.name === 'week')

  let bobKey = new Uint8Array()
  await until('bob is there', nothing, async client => {
    bobKey = Uint8Array.from(client.publicKey)
    return client.connected()
  })
  // Monday: a conversation.
  await say('b1')
  await hear('a1')
  await read('a1')
  // Tuesday: a group.
  await until(
    'the group is founded',
    async client => (await groupOf(client)) ?? client.createGroup('week', [alice.client.publicKey]),
    async () => (await groupOf(alice.client)) !== undefined
  )
  const group = { kind: 'group', id: (await groupOf(alice.client))?.id ?? '' } as const
  if ((await groupOf(alice.client))?.group?.joined === false) await simulation.settled(alice.client.joinGroup(group.id))
  await until(
    'alice has joined',
    nothing,
    async client => (await groupOf(client))?.group?.members.every(({ joined }) => joined) === true
  )
  await until(
    'alice reads in the group',
    client => client.send(group, { text: 'g1' }, { clientTag: 'g1' }),
    async () => (await textsOf(alice.client, group)).includes('g1')
  )
  await simulation.settled(alice.client.send(group, { text: 'g2' }, { clientTag: 'g2' }))
  await until('bob reads in the group', nothing, async client => (await textsOf(client, group)).includes('g2'))
  // Wednesday: a second device.
  const tablet = await addClient(simulation, 'tablet', { ...values, person: 'bob' })
  connect(simulation, 'tablet')
  const knows = (here: Client, there: Client, name: string) => async () =>
    (await here.devices()).some(device => device.installationId === there.installationId && device.name === name)
  await until(
    'the tablet is known',
    () => tablet.client.pair('tablet', 'desktop'),
    client => knows(client, tablet.client, 'tablet')()
  )
  await until(
    'the phone is known',
    async client => {
      await client.enableDevice(tablet.client.installationId)
      await client.pair('phone', 'mobile')
    },
    client => knows(tablet.client, client, 'phone')()
  )
  await until(
    'the devices are paired',
    async client => tablet.client.enableDevice(client.installationId),
    async () => true
  )
  await until('the tablet shows what the phone says', said('b2'), async () =>
    (await textsOf(tablet.client, chatOf(alice.client))).includes('b2')
  )
  // Thursday: no link, and what was said meanwhile comes from the mailserver.
  await bob.stop()
  await simulation.settled(
    alice.client.send({ kind: 'one-to-one', publicKey: bobKey }, { text: 'a2' }, { clientTag: 'a2' })
  )
  await simulation.run(3 * minute)
  await read('a2')
  // Friday: another password.
  await bob.stop()
  await bob.rekey()
  await say('b3')
  // Saturday: the store says that an older release wrote it.
  await bob.stop()
  await bob.lives(() => (bob.database() as typeof disk).put('!schema', new TextEncoder().encode('1'), encodings))
  await say('b4')
  // Sunday: farewell.
  await hear('a3')
  await read('a3')

  const open = async (client: Client): Promise<string[]> => {
    const waiting: string[] = []
    for (const { chat } of await client.chats()) {
      for (const message of await client.messages(chat)) {
        if (!message.outgoing || message.content.kind === 'system') continue
        const entry = await client.ledger(message.messageId)
        // A device that only has a copy keeps no ledger of it.
        if (entry !== undefined && !entry.complete) waiting.push(message.text)
      }
    }
    return waiting
  }
  await until(
    'the ledger is settled',
    nothing,
    async client => (await open(client)).length + (await open(alice.client)).length === 0
  ).catch(() => undefined)
  await simulation.run(10 * minute)
  const living = await bob.alive()
  if (living === undefined) throw new Error('a week: bob is gone')
  const shown = {
    'alice with bob': await textsOf(alice.client, { kind: 'one-to-one', publicKey: bobKey }),
    'alice in the group': await textsOf(alice.client, group),
    'bob with alice': await textsOf(living.client, chatOf(alice.client)),
    'bob in the group': await textsOf(living.client, group),
    'tablet with alice': await textsOf(tablet.client, chatOf(alice.client))
  }
  const stillOpen = [...(await open(living.client)), ...(await open(alice.client))]
  const result = {
    writes: faulty.writes(),
    crashed: faulty.crashed(),
    shown: Object.fromEntries(Object.entries(shown).map(([where, texts]) => [where, [...texts].sort()])),
    open: stillOpen,
    hash: simulation.trace.hash()
  }
  await bob.stop()
  await simulation.settled(Promise.all([alice.stop(), tablet.stop()]))
  await stopNetwork()
  return result
}
