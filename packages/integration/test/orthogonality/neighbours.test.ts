import { generatePrivateKey, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { createHost, type PeerLink } from '@status-stack/devp2p-transport'
import { generateIdentity } from '@status-stack/status-accounts'
import { decode, outgoing } from '@status-stack/status-data'
import { describe, expect, test } from 'vitest'
import { type Ground, loopbackGrounds, whisperGrounds } from '../support/grounds.ts'
import { createPerson, type Neighbours, type Person } from '../support/person.ts'
import { next, patience, until } from '../support/until.ts'

const publicChat = 'neighbours'

/** The same conversation over any neighbours; answers what each read, in order. */
async function converse<Route, Interest>(
  grounds: readonly [Ground<Route, Interest>, Ground<Route, Interest>],
  neighbours: Neighbours
) {
  const alice = await createPerson('alice', grounds[0], neighbours, publicChat)
  const bob = await createPerson('bob', grounds[1], neighbours, publicChat)
  try {
    const say = async (from: Person, to: Person, text: string): Promise<void> => {
      const count = to.read.length
      await from.say({ kind: 'one-to-one', publicKey: to.publicKey }, text)
      await until(`${text} to be read`, () => to.read.length > count)
    }
    await say(alice, bob, 'first contact')
    await say(bob, alice, 'an answer')
    await say(alice, bob, 'a second message')
    const count = bob.read.length
    await alice.say({ kind: 'public', name: publicChat }, 'to everybody')
    await until('the public message to be read', () => bob.read.length > count)
    expect(bob.read.every(({ author }) => String(author) === String(alice.publicKey))).toBe(true)
    const shown = ({ read }: Person) => read.map(({ text, protection }) => `${text}: ${protection}`)
    return { alice: shown(alice), bob: shown(bob) }
  } finally {
    await Promise.all([alice.stop(), bob.stop()])
    await Promise.all(grounds.map(ground => ground.stop()))
  }
}

const combinations = (['full', 'null'] as const).flatMap(security =>
  (['mvds', 'none'] as const).flatMap(sync =>
    ['Whisper in memory', 'a loopback'].map(ground => ({ ground, security, sync }))
  )
)

describe('two people through all layers', { timeout: 2 * patience }, () => {
  test.each(combinations)(
    'A-20 over $ground with the $security sealer and sync $sync: the same is read',
    async ({ ground, ...neighbours }) => {
      const read =
        ground === 'a loopback'
          ? await converse(loopbackGrounds(), neighbours)
          : await converse(await whisperGrounds(), neighbours)
      const [first, later] = neighbours.security === 'full' ? ['static-key', 'forward-secret'] : ['none', 'none']
      expect(read).toEqual({
        alice: [`an answer: ${later}`],
        bob: [`first contact: ${first}`, `a second message: ${later}`, 'to everybody: none']
      })
    }
  )
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
