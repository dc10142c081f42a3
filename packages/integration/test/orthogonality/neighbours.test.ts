import { generatePrivateKey, keccak256, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { createHost, type PeerLink } from '@status-stack/devp2p-transport'
import { createLoopbackNetwork } from '@status-stack/interface/testing'
import { generateIdentity } from '@status-stack/status-accounts'
import { type Client, type ClientOptions, defaultLayers, type Message } from '@status-stack/status-client'
import { composeClient } from '@status-stack/status-client/compose'
import { decode, outgoing } from '@status-stack/status-data'
import { createWaku } from '@status-stack/waku'
import { createWakuLayer } from '@status-stack/waku/status'
import { MemoryLevel } from 'memory-level'
import { describe, expect, test } from 'vitest'
import { bridgedNetworks, memoryNetwork } from '../support/networks.ts'
import { next, patience, until } from '../support/until.ts'

const publicChat = 'neighbours'

/** Which neighbours the layers get. */
interface Neighbours {
  readonly network: 'Whisper in memory' | 'Waku in memory' | 'a loopback'
  readonly pfs: 'on' | 'off'
  readonly sync: boolean
}

/** Waku in the place of Whisper: its nodes ask for their own topics only. */
const wakuLayer: ReturnType<typeof defaultLayers>['privacy'] = deps =>
  createWakuLayer(deps, { powWorkers: 0, interest: 'topics' })

/** The product's own composition, with another privacy layer if one is given. */
function openClient(
  name: string,
  privacy: Partial<ReturnType<typeof defaultLayers>>,
  options: ClientOptions
): Promise<Client> {
  return composeClient(
    {
      identity: generateIdentity({ bytes: randomBytes }).identity,
      database: new MemoryLevel(),
      storageKey: keccak256(utf8Bytes(name))
    },
    { ...defaultLayers({ powWorkers: 0 }), ...privacy } as ReturnType<typeof defaultLayers>,
    { installationId: name, lockAccount: false, messageRequests: false, syncTickMs: 20, minimum: 'any', ...options }
  )
}

/** A network of the test's choice. */
async function openNetwork(kind: Neighbours['network']) {
  if (kind === 'a loopback') {
    const { join } = createLoopbackNetwork()
    const privacy = join as unknown as ReturnType<typeof defaultLayers>['privacy']
    return {
      join: async (name: string, options: ClientOptions): Promise<Client> => {
        const client = await openClient(name, { privacy }, options)
        await client.start()
        return client
      },
      stop: async () => undefined
    }
  }
  const isWaku = kind === 'Waku in memory'
  const network = await memoryNetwork(isWaku ? createWaku({}, { powWorkers: 0 }) : undefined)
  return {
    join: async (name: string, options: ClientOptions): Promise<Client> => {
      const client = await openClient(name, isWaku ? { privacy: wakuLayer } : {}, options)
      await client.start()
      await network.join(client)
      return client
    },
    stop: network.stop
  }
}

/** The same conversation over any neighbours; returns what each read, in order. */
async function converse({ network: kind, ...options }: Neighbours) {
  const network = await openNetwork(kind)
  const [alice, bob] = [await network.join('alice', options), await network.join('bob', options)]
  try {
    return await talk(alice, bob)
  } finally {
    await Promise.all([alice.stop(), bob.stop()])
    await network.stop()
  }
}

/** What two people say to each other; returns what each read, in order. */
async function talk(alice: Client, bob: Client) {
  const read: Record<'alice' | 'bob', string[]> = { alice: [], bob: [] }
  const note = (name: 'alice' | 'bob') => (message: Message) => {
    if (!message.outgoing) read[name].push(`${message.text}: ${message.protection}`)
  }
  alice.on('message', note('alice'))
  bob.on('message', note('bob'))
  const say = async (from: Client, to: 'alice' | 'bob', text: string): Promise<void> => {
    const count = read[to].length
    await from.send({ kind: 'one-to-one', publicKey: (to === 'alice' ? alice : bob).publicKey }, { text })
    await until(`${text} to be read`, () => read[to].length > count)
  }
  for (const client of [alice, bob]) await client.joinPublic(publicChat)
  await say(alice, 'bob', 'first contact')
  await say(bob, 'alice', 'an answer')
  await say(alice, 'bob', 'a second message')
  const count = read.bob.length
  await alice.send({ kind: 'public', name: publicChat }, { text: 'to everybody' })
  await until('the public message to be read', () => read.bob.length > count)
  return read
}

const combinations = (['on', 'off'] as const).flatMap(pfs =>
  [true, false].flatMap(sync =>
    (['Whisper in memory', 'Waku in memory', 'a loopback'] as const).map(network => ({ network, pfs, sync }))
  )
)

describe('two people through all layers', { timeout: 4 * patience }, () => {
  test.each(combinations)('A-20 over $network with PFS $pfs and sync $sync: the same is read', async neighbours => {
    const [first, later] =
      neighbours.pfs === 'on' ? ['static-key', 'forward-secret'] : ['transport-only', 'transport-only']
    expect(await converse(neighbours)).toEqual({
      alice: [`an answer: ${later}`],
      bob: [`first contact: ${first}`, `a second message: ${later}`, 'to everybody: public']
    })
  })
})

test('K-21 someone on Whisper and someone on Waku talk through a bridge, forward secret', {
  timeout: 4 * patience
}, async () => {
  const networks = await bridgedNetworks()
  const options = { pfs: 'on', sync: true } as const
  const alice = await openClient('alice', {}, options)
  const bob = await openClient('bob', { privacy: wakuLayer }, options)
  try {
    await Promise.all([alice.start(), bob.start()])
    await networks.whisper.join(alice)
    await networks.waku.join(bob)
    expect(await talk(alice, bob)).toEqual({
      alice: ['an answer: forward-secret'],
      bob: ['first contact: static-key', 'a second message: forward-secret', 'to everybody: public']
    })
    const { toWaku, toWhisper } = networks.bridge.counters()
    expect(toWaku.accepted).toBeGreaterThan(0)
    expect(toWhisper.accepted).toBeGreaterThan(0)
    // Every envelope crosses once: nothing that came over is carried back.
    expect([toWaku.known, toWhisper.known, toWaku.dropped, toWhisper.dropped]).toEqual([0, 0, 0, 0])
  } finally {
    await Promise.all([alice.stop(), bob.stop()])
    await networks.stop()
  }
})

test('A-20 the transport carries a capability that is no Whisper at all', async () => {
  const heard: string[] = []
  const echo = async (link: PeerLink): Promise<void> => {
    for await (const { code, payload } of link.packets()) {
      heard.push(`${code} ${new TextDecoder().decode(payload)}`)
      if (code === 0) await link.send(1, payload)
      else return
    }
  }
  const listener = createHost({ privateKey: key(), capabilities: [{ name: 'echo', version: 1, length: 2, run: echo }] })
  const asked = async (link: PeerLink): Promise<void> => {
    await link.send(0, utf8Bytes('hello'))
    const { code, payload } = await next('the echo', link.packets()[Symbol.asyncIterator]())
    heard.push(`${code} ${new TextDecoder().decode(payload)}`)
  }
  const dialer = createHost(
    { privateKey: key(), capabilities: [{ name: 'echo', version: 1, length: 2, run: asked }] },
    { listen: false }
  )
  await Promise.all([listener.start(), dialer.start()])
  await dialer.dial(listener.enode())
  await until('both ways', () => heard.length === 2)
  await Promise.all([listener.stop(), dialer.stop()])
  expect(heard).toEqual(['0 hello', '1 hello'])
})

test('A-20 the data layer alone: what one says the other reads, with nothing between', () => {
  const alice = generateIdentity({ bytes: randomBytes }).identity
  const bob = generateIdentity({ bytes: randomBytes }).identity
  const nowMs = Date.now()
  const said = outgoing(
    { kind: 'one-to-one', publicKey: bob.publicKey },
    { kind: 'text', text: 'directly' },
    { identity: alice, nowMs }
  )
  const seen = {
    transportAuthor: alice.publicKey,
    sentMs: nowMs,
    nowMs,
    arrival: { kind: 'identity' } as const,
    self: bob.publicKey
  }
  expect(decode(said.bytes, seen)).toMatchObject({
    kind: 'accepted',
    messageId: said.messageId,
    content: { kind: 'text', text: 'directly' }
  })
})

const key = (): Uint8Array => generatePrivateKey({ bytes: randomBytes })
