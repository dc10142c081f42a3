import { acknowledgement, assert, isMessage, type StepOutcome } from './exchange.ts'
import { printLayers } from './layers.ts'
import type { World } from './world.ts'

export async function mailserver(world: World): StepOutcome {
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

export async function offline(world: World): StepOutcome {
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
