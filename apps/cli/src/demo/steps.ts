import { protectionWords } from '../view.ts'
import { printLayers } from './layers.ts'
import type { Fact, Person } from './process.ts'
import type { World } from './world.ts'

export interface Step {
  readonly name: string
  readonly title: string
  readonly run: (world: World) => Promise<{ readonly protection?: string }>
}

const channel = 'demo'

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
  { name: 'public-chat', title: `A public chat, #${channel}: Alice writes, Bob and Carol read`, run: publicChat },
  {
    name: 'private-group',
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

function assert(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new Error(otherwise)
}

const isMessage =
  (text: string, outgoing = false) =>
  (fact: Fact): boolean =>
    fact.event === 'message' && fact['outgoing'] === outgoing && fact['text'] === text

async function network(world: World): Promise<object> {
  await world.startRelay()
  await Promise.all(['alice', 'bob', 'carol'].map(name => world.join(name)))
  return {}
}

/** One message from one person to another, with what every layer did on both sides. */
async function exchange(
  world: World,
  fromName: string,
  toName: string,
  text: string,
  protection: string
): Promise<{ readonly protection: string }> {
  const from = world.person(fromName)
  const to = world.person(toName)
  const sentFrom = from.facts.length
  const receivedFrom = to.facts.length
  const before = await traffic(world, from, to)
  const sent = await from.ask({ do: 'send', to: world.keyOf(toName), text }, world.timeoutMs)
  const received = await to.until(isMessage(text), world.timeoutMs, receivedFrom)
  assert(received['messageId'] === sent['messageId'], `${toName} shows another message id than ${fromName} sent`)
  assert(
    received['protection'] === protection,
    `expected ${protection}, ${toName} observed ${String(received['protection'])}`
  )
  const acknowledged = await acknowledgement(world, from, sent['messageId'], sentFrom)
  const after = await traffic(world, from, to)
  world.output.note(
    { event: 'exchange', from: fromName, to: toName, text, protection, messageId: String(sent['messageId']) },
    `   ${fromName} → ${toName}: “${text}”  [${protectionWords[protection as keyof typeof protectionWords]}], received by a device${acknowledged['by'] === undefined ? '' : ` (${String(acknowledged['by']).slice(0, 8)})`}`
  )
  printLayers(world.output, from, sentFrom, 'out', String(sent['messageId']), {
    before: before.from,
    after: after.from
  })
  printLayers(world.output, to, receivedFrom, 'in', String(sent['messageId']), { before: before.to, after: after.to })
  return { protection }
}

function acknowledgement(world: World, sender: Person, messageId: unknown, from: number): Promise<Fact> {
  return sender.until(
    fact => fact.event === 'delivery' && fact['messageId'] === messageId && fact['state'] === 'acknowledged',
    world.timeoutMs,
    from
  )
}

async function traffic(world: World, from: Person, to: Person): Promise<{ readonly from: Fact; readonly to: Fact }> {
  const [first, second] = await Promise.all([
    from.ask({ do: 'traffic' }, world.timeoutMs),
    to.ask({ do: 'traffic' }, world.timeoutMs)
  ])
  return { from: first, to: second }
}

async function ratchet(world: World): Promise<{ readonly protection: string }> {
  const turns = ['how are you?', 'fine, and you?', 'fine too', 'good to hear']
  for (const [turn, text] of turns.entries()) {
    const [from, to] = turn % 2 === 0 ? (['alice', 'bob'] as const) : (['bob', 'alice'] as const)
    await exchange(world, from, to, text, 'forward-secret')
  }
  return { protection: 'forward-secret' }
}

async function outOfOrder(world: World): Promise<{ readonly protection: string }> {
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

/** Sends to a shared conversation and checks that exactly these people read it. */
async function broadcast(
  world: World,
  from: string,
  to: string,
  text: string,
  readers: readonly string[],
  protection: string
): Promise<void> {
  const sender = world.person(from)
  const marks = new Map([from, ...readers].map(name => [name, world.person(name).facts.length]))
  const sent = await sender.ask({ do: 'send', to, text }, world.timeoutMs)
  for (const reader of readers) {
    const received = await world.person(reader).until(isMessage(text), world.timeoutMs, marks.get(reader))
    assert(received['messageId'] === sent['messageId'], `${reader} shows another message id`)
    assert(
      received['protection'] === protection,
      `expected ${protection}, ${reader} observed ${String(received['protection'])}`
    )
  }
  world.output.note(
    { event: 'broadcast', from, text, readers, messageId: String(sent['messageId']) },
    `   ${from}: “${text}”, read by ${readers.join(' and ')}  [${protectionWords[protection as keyof typeof protectionWords]}]`
  )
  printLayers(world.output, sender, marks.get(from) ?? 0, 'out', String(sent['messageId']))
  for (const reader of readers)
    printLayers(world.output, world.person(reader), marks.get(reader) ?? 0, 'in', String(sent['messageId']))
}

async function publicChat(world: World): Promise<{ readonly protection: string }> {
  const people = ['alice', 'bob', 'carol']
  await Promise.all(people.map(name => world.person(name).ask({ do: 'join', name: channel }, world.timeoutMs)))
  await broadcast(world, 'alice', `#${channel}`, 'hello everybody', ['bob', 'carol'], 'public')
  return { protection: 'public' }
}

interface GroupFact {
  readonly name: string
  readonly joined: boolean
  readonly member: boolean
  readonly members: readonly { readonly joined: boolean }[]
}

/** Waits until this person sees the group in this state. */
async function seesGroup(
  world: World,
  name: string,
  id: string,
  fits: (group: GroupFact) => boolean,
  from = 0
): Promise<void> {
  await world
    .person(name)
    .until(
      fact => fact.event === 'chat' && fact['id'] === id && fits(fact['group'] as GroupFact),
      world.timeoutMs,
      from
    )
}

async function privateGroup(world: World): Promise<{ readonly protection: string }> {
  const { timeoutMs, output } = world
  const guests = ['bob', 'carol']
  const alice = world.person('alice')
  const { group } = await alice.ask({ do: 'create-group', name: 'hikers', members: guests.map(world.keyOf) }, timeoutMs)
  const id = String(group)
  for (const guest of guests) {
    await seesGroup(world, guest, id, state => state.member && !state.joined)
    await world.person(guest).ask({ do: 'join-group', group: id }, timeoutMs)
  }
  const everybody = (state: GroupFact): boolean =>
    state.members.length === 3 && state.members.every(member => member.joined)
  for (const name of ['alice', ...guests]) await seesGroup(world, name, id, everybody)
  output.note(
    { event: 'group', id, state: 'joined' },
    '   alice invited bob and carol, both joined; all three hold the same signed history'
  )
  await broadcast(world, 'alice', id, 'where to on Sunday?', guests, 'forward-secret')
  const [carol, mark] = [world.person('carol'), world.person('carol').facts.length]
  await alice.ask({ do: 'remove-from-group', group: id, member: world.keyOf('carol') }, timeoutMs)
  await seesGroup(world, 'carol', id, state => !state.member, mark)
  await seesGroup(world, 'bob', id, state => state.members.length === 2)
  output.note({ event: 'group', id, state: 'removed' }, '   alice removed carol; carol and bob were told')
  await broadcast(world, 'alice', id, 'to the lake, then', ['bob'], 'forward-secret')
  // A direct message sent later has arrived: what was sent to the group before it would have arrived as well.
  await exchange(world, 'alice', 'carol', 'no hard feelings', 'forward-secret')
  assert(!carol.facts.some(isMessage('to the lake, then')), 'carol read a message of a group she is not in')
  return { protection: 'forward-secret' }
}

async function secondDevice(world: World): Promise<{ readonly protection: string }> {
  const { timeoutMs, output } = world
  const phone = await world.join('alice-phone', 'alice')
  const alice = world.person('alice')
  await introduce(world, phone, alice, 'phone')
  await introduce(world, alice, phone, 'laptop')
  output.note({ event: 'paired' }, '   both devices of alice’s have enabled each other')
  const marks = { phone: phone.facts.length, alice: alice.facts.length, bob: world.person('bob').facts.length }
  const sent = await alice.ask({ do: 'send', to: world.keyOf('bob'), text: 'I have a phone now' }, timeoutMs)
  await world.person('bob').until(isMessage('I have a phone now'), timeoutMs, marks.bob)
  const copy = await phone.until(isMessage('I have a phone now', true), timeoutMs, marks.phone)
  assert(copy['messageId'] === sent['messageId'], 'the copy on the phone has another message id')
  const reply = await world
    .person('bob')
    .ask({ do: 'send', to: world.keyOf('alice'), text: 'then I write to both' }, timeoutMs)
  for (const [device, mark] of [
    [alice, marks.alice],
    [phone, marks.phone]
  ] as const) {
    const received = await device.until(isMessage('then I write to both'), timeoutMs, mark)
    assert(received['messageId'] === reply['messageId'], `${device.name} shows another message id`)
    assert(
      received['protection'] === 'forward-secret',
      `expected forward-secret, ${device.name} observed ${String(received['protection'])}`
    )
    printLayers(output, device, mark, 'in', String(reply['messageId']))
  }
  output.note(
    { event: 'both-devices', messageId: String(reply['messageId']) },
    '   bob’s answer opened on both devices, each with a session of its own'
  )
  return { protection: 'forward-secret' }
}

/** `device` tells the other one its name; there it is found, not enabled, and enabled by hand. */
async function introduce(world: World, device: Person, other: Person, name: string): Promise<void> {
  const from = other.facts.length
  await device.ask({ do: 'pair', name }, world.timeoutMs)
  const found = await other.until(fact => fact.event === 'device' && fact['name'] === name, world.timeoutMs, from)
  await other.ask({ do: 'enable-device', installationId: String(found['installationId']) }, world.timeoutMs)
}

async function mailserver(world: World): Promise<{ readonly protection: string }> {
  const { timeoutMs, output } = world
  const text = 'kept for you'
  await world.end('bob')
  const sender = world.person('alice')
  const sent = await sender.ask({ do: 'send', to: world.keyOf('bob'), text }, timeoutMs)
  const { messageId } = sent
  await sender.until(
    fact => fact.event === 'delivery' && fact['messageId'] === messageId && fact['state'] === 'archived',
    timeoutMs
  )
  // Everybody's pool holds the envelope and would pass it on: all of them leave, and the relay comes back with its disk alone.
  await Promise.all(['relay', 'alice', 'alice-phone', 'carol'].map(world.end))
  output.note(
    { event: 'archived', messageId },
    '   the mailserver archived it; then everybody left, and the relay restarts'
  )
  await world.startRelay()
  const bob = await world.restart('bob')
  const received = await bob.until(isMessage(text), timeoutMs)
  assert(received['messageId'] === messageId, 'bob shows another message id')
  assert(received['protection'] === 'forward-secret', `bob observed ${String(received['protection'])}`)
  assert(typeof received['source'] === 'object', 'bob did not get it from the mailserver')
  output.note(
    { event: 'delivered-from-archive', messageId, source: received['source'] },
    '   bob asked the mailserver for what he had missed and read it; alice is still away'
  )
  printLayers(output, sender, 0, 'out', String(messageId))
  printLayers(output, bob, 0, 'in', String(messageId))
  await acknowledgement(world, await world.restart('alice'), messageId, 0)
  assert(bob.facts.filter(isMessage(text)).length === 1, 'bob shows the message twice')
  output.note({ event: 'acknowledged-late', messageId }, '   alice is back and has his acknowledgement')
  return { protection: 'forward-secret' }
}

async function offline(world: World): Promise<{ readonly protection: string }> {
  const text = 'read this when you are back'
  await world.end('bob')
  const sent = await world.person('alice').ask({ do: 'send', to: world.keyOf('bob'), text }, world.timeoutMs)
  await world
    .person('alice')
    .until(
      fact => fact.event === 'delivery' && fact['messageId'] === sent['messageId'] && fact['state'] === 'posted',
      world.timeoutMs
    )
  // Now the message is in Alice's store, in the relay's memory and in Alice's; only the store survives this.
  await Promise.all(['relay', 'alice'].map(world.end))
  world.output.note(
    { event: 'gone' },
    '   the envelope is gone with the relay and its archive; the message is in alice’s encrypted store'
  )
  await world.startRelay({ archive: false })
  const bob = await world.restart('bob')
  const alice = await world.restart('alice')
  const received = await bob.until(isMessage(text), world.timeoutMs)
  assert(received['messageId'] === sent['messageId'], 'bob shows another message id')
  assert(
    received['protection'] === 'forward-secret',
    `expected forward-secret, bob observed ${String(received['protection'])}`
  )
  await acknowledgement(world, alice, sent['messageId'], 0)
  assert(bob.facts.filter(isMessage(text)).length === 1, 'bob shows the message twice')
  world.output.note(
    { event: 'delivered-late', messageId: String(sent['messageId']) },
    '   alice’s data sync sent it again, bob shows it once and acknowledged it'
  )
  printLayers(world.output, alice, 0, 'out', String(sent['messageId']))
  printLayers(world.output, bob, 0, 'in', String(sent['messageId']))
  return { protection: 'forward-secret' }
}
