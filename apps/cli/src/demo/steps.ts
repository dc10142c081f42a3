import { secondDevice } from './devices.ts'
import { assert, exchange, isMessage, type StepOutcome } from './exchange.ts'
import { channel, privateGroup, publicChat } from './groups.ts'
import { printLayers } from './layers.ts'
import { mailserver, offline } from './offline.ts'
import type { World } from './world.ts'

export interface Step {
  readonly name: string
  readonly title: string
  readonly run: (world: World) => StepOutcome
}

/** The main job, in order. Each step throws when anything is not as it should be. */
export const steps: readonly Step[] = [
  { name: 'network', title: 'A relay that keeps an archive, and three people', run: network },
  {
    name: 'first-contact',
    title: 'First contact: Alice knows nothing but Bob’s public key',
    run: world => exchange(world, 'alice', 'bob', 'hello Bob', 'static-key')
  },
  {
    name: 'reply',
    title: 'Bob replies: he knows Alice’s bundle now',
    run: world => exchange(world, 'bob', 'alice', 'hello Alice', 'forward-secret')
  },
  { name: 'ratchet', title: 'A conversation: each turn makes new keys', run: ratchet },
  {
    name: 'out-of-order',
    title: 'A packet takes a slow path: the second message arrives before the first',
    run: outOfOrder
  },
  { name: 'public', title: `A public chat, #${channel}: Alice writes, Bob and Carol read`, run: publicChat },
  {
    name: 'group',
    title: 'A private group: Alice invites Bob and Carol, both join, Carol is removed',
    run: privateGroup
  },
  {
    name: 'second-device',
    title: 'A second device of Alice’s: paired, it gets what she writes and what she is sent',
    run: secondDevice
  },
  {
    name: 'mailserver',
    title: 'Bob is offline when Alice writes, and she is when he is back: the mailserver has the message',
    run: mailserver
  },
  {
    name: 'offline',
    title: 'The same without the archive: the relay is lost, and Alice’s own store sends again',
    run: offline
  }
]

async function network(world: World): Promise<object> {
  await world.startRelay()
  await Promise.all(['alice', 'bob', 'carol'].map(name => world.join(name)))
  return {}
}

async function ratchet(world: World): StepOutcome {
  const turns = ['how are you?', 'fine, and you?', 'fine too', 'good to hear']
  for (const [turn, text] of turns.entries()) {
    const [from, to] = turn % 2 === 0 ? (['alice', 'bob'] as const) : (['bob', 'alice'] as const)
    await exchange(world, from, to, text, 'forward-secret')
  }
  return { protection: 'forward-secret' }
}

async function outOfOrder(world: World): StepOutcome {
  const { timeoutMs } = world
  const [alice, bob] = [world.person('alice'), world.person('bob')]
  const from = bob.facts.length
  await alice.ask({ do: 'hold' }, timeoutMs)
  const first = await alice.ask({ do: 'send', to: world.keyOf('bob'), text: 'written first' }, timeoutMs)
  await alice.ask({ do: 'held' }, timeoutMs)
  const second = await alice.ask({ do: 'send', to: world.keyOf('bob'), text: 'written second' }, timeoutMs)
  const early = await bob.until(isMessage('written second'), timeoutMs, from)
  assert(!bob.facts.slice(from).some(isMessage('written first')), 'the held message arrived first')
  await alice.ask({ do: 'release' }, timeoutMs)
  const late = await bob.until(isMessage('written first'), timeoutMs, from)
  for (const [received, sent] of [
    [early, second],
    [late, first]
  ] as const) {
    assert(received['messageId'] === sent['messageId'], 'another message id arrived')
    assert(
      received['protection'] === 'forward-secret',
      `expected forward-secret, bob observed ${String(received['protection'])}`
    )
  }
  assert(Number(late['clock']) < Number(early['clock']), 'the clock does not restore the order of writing')
  world.output.note(
    { event: 'reordered', first: String(first['messageId']), second: String(second['messageId']) },
    '   bob read “written second”, then “written first” with a kept message key; the clock puts them in order'
  )
  for (const sent of [second, first]) printLayers(world.output, bob, from, 'in', String(sent['messageId']))
  return { protection: 'forward-secret' }
}
