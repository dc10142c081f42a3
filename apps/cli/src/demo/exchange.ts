import { protectionWords } from '@status-stack/account-rpc/words'
import { printLayers } from './layers.ts'
import type { Fact, Person } from './process.ts'
import type { World } from './world.ts'

/** What a step found out for the summary. */
export type StepOutcome = Promise<{ readonly protection?: string }>

export function assert(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new Error(otherwise)
}

export const isMessage =
  (text: string, outgoing = false) =>
  (fact: Fact): boolean =>
    fact.event === 'message' && fact['outgoing'] === outgoing && fact['text'] === text

/** One message from one person to another, with what every layer did on both sides. */
export async function exchange(
  world: World,
  fromName: string,
  toName: string,
  text: string,
  protection: string
): StepOutcome {
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

export function acknowledgement(world: World, sender: Person, messageId: unknown, from: number): Promise<Fact> {
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

/** Sends to a shared conversation and checks that exactly these people read it. */
export async function broadcast(
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
