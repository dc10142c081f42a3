import type { Output } from '../output.ts'
import { protectionWords } from '../view.ts'
import { printLayers } from './layers.ts'
import type { Fact, Person } from './process.ts'

/** Who is there, and where to print. */
export interface World {
  readonly relay: Person
  readonly alice: Person
  readonly bob: Person
  readonly carol: Person
  /** The public key, in text, that reaches this person. */
  readonly keyOf: (person: Person) => string
  /** Longest time one wait may take. */
  readonly timeoutMs: number
  readonly output: Output
}

export interface Step {
  readonly name: string
  readonly title: string
  readonly run: (world: World) => Promise<{ readonly protection?: string }>
}

const channel = 'demo'

/** The main job, in order. Each throws when anything is not as it should be. */
export const steps: readonly Step[] = [
  {
    name: 'first-contact',
    title: 'First contact: Alice knows nothing but Bob’s public key',
    run: world => exchange(world, world.alice, world.bob, 'hello Bob', 'static-key')
  },
  {
    name: 'reply',
    title: 'Bob replies: he knows Alice’s bundle now',
    run: world => exchange(world, world.bob, world.alice, 'hello Alice', 'forward-secret')
  },
  {
    name: 'ratchet',
    title: 'A conversation: each turn makes new keys',
    run: async world => {
      const turns = ['how are you?', 'fine, and you?', 'fine too', 'good to hear']
      for (const [turn, text] of turns.entries()) {
        const [from, to] = turn % 2 === 0 ? [world.alice, world.bob] : [world.bob, world.alice]
        await exchange(world, from, to, text, 'forward-secret')
      }
      return { protection: 'forward-secret' }
    }
  },
  {
    name: 'out-of-order',
    title: 'A packet takes a slow path: the second message arrives before the first',
    run: outOfOrder
  },
  {
    name: 'public-chat',
    title: `A public chat, #${channel}: Alice writes, Bob and Carol read`,
    run: publicChat
  }
]

function assert(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new Error(otherwise)
}

const isMessage =
  (text: string) =>
  (fact: Fact): boolean =>
    fact.event === 'message' && fact['outgoing'] === false && fact['text'] === text

/** One message from one person to another, with what every layer did on both sides. */
async function exchange(
  world: World,
  from: Person,
  to: Person,
  text: string,
  protection: string
): Promise<{ readonly protection: string }> {
  const sentFrom = from.facts.length
  const receivedFrom = to.facts.length
  const before = await traffic(world, from, to)
  const sent = await from.ask({ do: 'send', to: world.keyOf(to), text }, world.timeoutMs)
  const received = await to.until(isMessage(text), world.timeoutMs, receivedFrom)
  assert(received['messageId'] === sent['messageId'], `${to.name} shows another message id than ${from.name} sent`)
  assert(
    received['protection'] === protection,
    `expected ${protection}, ${to.name} observed ${String(received['protection'])}`
  )
  const acknowledged = await from.until(
    fact => fact.event === 'delivery' && fact['messageId'] === sent['messageId'] && fact['state'] === 'acknowledged',
    world.timeoutMs,
    sentFrom
  )
  const after = await traffic(world, from, to)
  world.output.note(
    { event: 'exchange', from: from.name, to: to.name, text, protection, messageId: String(sent['messageId']) },
    `   ${from.name} → ${to.name}: “${text}”  [${protectionWords[protection as keyof typeof protectionWords]}], received by a device${acknowledged['by'] === undefined ? '' : ` (${String(acknowledged['by']).slice(0, 8)})`}`
  )
  printLayers(world.output, from, sentFrom, 'out', String(sent['messageId']), {
    before: before.from,
    after: after.from
  })
  printLayers(world.output, to, receivedFrom, 'in', String(sent['messageId']), { before: before.to, after: after.to })
  return { protection }
}

async function traffic(world: World, from: Person, to: Person) {
  const [first, second] = await Promise.all([
    from.ask({ do: 'traffic' }, world.timeoutMs),
    to.ask({ do: 'traffic' }, world.timeoutMs)
  ])
  return { from: first, to: second }
}

async function outOfOrder(world: World): Promise<{ readonly protection: string }> {
  const { alice, bob, timeoutMs } = world
  const from = bob.facts.length
  await alice.ask({ do: 'hold' }, timeoutMs)
  const first = await alice.ask({ do: 'send', to: world.keyOf(bob), text: 'written first' }, timeoutMs)
  await alice.ask({ do: 'held' }, timeoutMs)
  const second = await alice.ask({ do: 'send', to: world.keyOf(bob), text: 'written second' }, timeoutMs)
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
  printLayers(world.output, bob, from, 'in', String(second['messageId']))
  printLayers(world.output, bob, from, 'in', String(first['messageId']))
  return { protection: 'forward-secret' }
}

async function publicChat(world: World): Promise<{ readonly protection: string }> {
  const { alice, bob, carol, timeoutMs } = world
  const readers = [bob, carol]
  await Promise.all([alice, ...readers].map(person => person.ask({ do: 'join', name: channel }, timeoutMs)))
  const marks = new Map([alice, ...readers].map(person => [person, person.facts.length]))
  const text = 'hello everybody'
  const sent = await alice.ask({ do: 'send', to: `#${channel}`, text }, timeoutMs)
  for (const reader of readers) {
    const received = await reader.until(isMessage(text), timeoutMs, marks.get(reader))
    assert(received['messageId'] === sent['messageId'], `${reader.name} shows another message id`)
    assert(
      received['protection'] === 'public',
      `expected public, ${reader.name} observed ${String(received['protection'])}`
    )
  }
  world.output.note(
    { event: 'public', channel, messageId: String(sent['messageId']), readers: readers.map(reader => reader.name) },
    `   alice → #${channel}: “${text}”, read by bob and carol`
  )
  printLayers(world.output, alice, marks.get(alice) ?? 0, 'out', String(sent['messageId']))
  for (const reader of readers)
    printLayers(world.output, reader, marks.get(reader) ?? 0, 'in', String(sent['messageId']))
  return { protection: 'public' }
}
