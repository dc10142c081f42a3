import { assert, isMessage, type StepOutcome } from './exchange.ts'
import { printLayers } from './layers.ts'
import type { Person } from './process.ts'
import type { World } from './world.ts'

export async function secondDevice(world: World): StepOutcome {
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
