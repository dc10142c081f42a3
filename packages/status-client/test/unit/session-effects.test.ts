import type { Audience, Device } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { createSessionEffects } from '../../src/receiving/session-effects.ts'
import { inside, somebody } from '../support/core.ts'

const [alice, bob] = [somebody(), somebody()] as const

const device = (installationId: string, targeted = true): Device => ({
  installationId,
  self: false,
  enabled: true,
  targeted
})

/** Effects over ports that note what they are asked for; `devices` are those of everybody. */
async function effecting() {
  const { core, forward } = await inside()
  const log: unknown[] = []
  const known: Device[] = []
  let gate: Promise<void> | undefined
  const { apply, tick } = createSessionEffects(core, {
    sealer: { devices: async () => known },
    listen: async (target, owner) => void log.push(['listen', target, owner]),
    forgetSizes: identity => void log.push(['sizes', identity]),
    retry: async identity => void log.push(['retry', identity]),
    advertise: async to => {
      await gate
      log.push(['advertise', to])
    }
  })
  const found: unknown[] = []
  const watched = createSessionEffects(
    { ...core, emit: (event, fact) => found.push([event, fact]) },
    {
      sealer: { devices: async () => known },
      listen: async () => {},
      forgetSizes: () => {},
      retry: async () => {},
      advertise: async () => {}
    }
  )
  return {
    core,
    apply,
    tick,
    forward,
    log,
    known,
    watched,
    found,
    slow: (until: Promise<void>) => {
      gate = until
    }
  }
}

test('the place of an agreed secret is listened at for as long as there are sessions', async () => {
  const { apply, log } = await effecting()
  const secret = new Uint8Array(32)
  await apply([{ kind: 'rendezvous', peer: alice, secret }])
  expect(log).toEqual([['listen', { kind: 'rendezvous', peer: alice, secret }, 'session']])
})

test('a change of the devices that get copies wakes what waits for a person; one that changes none of these does not', async () => {
  const { apply, log, known } = await effecting()
  const changed = async (identity: Uint8Array): Promise<readonly unknown[]> => {
    log.length = 0
    await apply([{ kind: 'devices-changed', identity }])
    return [...log]
  }
  const woken = (identity: Uint8Array) => [
    ['sizes', identity],
    ['retry', identity]
  ]
  known.push(device('b'), device('a'))
  expect(await changed(alice)).toEqual(woken(alice))
  expect(await changed(alice)).toEqual([])
  known.reverse()
  expect(await changed(alice)).toEqual([])
  known.push(device('c', false))
  expect(await changed(alice)).toEqual([])
  known.push(device('d'))
  expect(await changed(alice)).toEqual(woken(alice))
  // As many as before, but others.
  known.pop()
  known.push(device('e'))
  expect(await changed(alice)).toEqual(woken(alice))
  // What is known of one says nothing of another.
  expect(await changed(bob)).toEqual(woken(bob))
})

test('a device of ours that is found is told with what it called itself, if it did', async () => {
  const { core, watched, found } = await effecting()
  const unit = core.store.unit()
  unit.put(core.keys.device('phone'), { installationId: 'phone', name: 'mine', deviceType: 'ios', clock: 1 })
  await unit.commit()
  await watched.apply(['phone', 'desk'].map(installationId => ({ kind: 'own-device-found', installationId })))
  const told = (installationId: string, name: string, deviceType: string) => [
    'device',
    { change: 'found', device: { installationId, own: true, enabled: false, name, deviceType } }
  ]
  expect(found).toEqual([told('phone', 'mine', 'ios'), told('desk', '', '')])
})

test('our bundle is sent in the background, to everybody who does not know it but ourselves', async () => {
  const { core, apply, log, slow } = await effecting()
  let free: () => void = () => {}
  slow(
    new Promise<void>(resolve => {
      free = resolve
    })
  )
  const to = (publicKey: Uint8Array): Audience => ({ kind: 'identity', publicKey, reach: 'any-device' })
  const audiences: readonly Audience[] = [to(alice), to(core.self), { kind: 'contact-code', owner: core.self }]
  await apply(audiences.map(audience => ({ kind: 'advertise', to: audience })))
  expect(log).toEqual([])
  free()
  await core.background.idle()
  expect(log).toEqual([
    ['advertise', to(alice)],
    ['advertise', { kind: 'contact-code', owner: core.self }]
  ])
})

test('limits.deviceSets: whose devices are which is remembered of that many people, whose change was told last', async () => {
  const { apply, log } = await effecting()
  const changed = (identity: Uint8Array) => apply([{ kind: 'devices-changed', identity }])
  const people = Array.from({ length: limits.deviceSets }, somebody)
  const [first = alice, second = alice] = people
  for (const person of people) await changed(person)
  log.length = 0
  await changed(first)
  expect(log).toEqual([])
  await changed(alice)
  log.length = 0
  await changed(first)
  expect(log).toEqual([])
  await changed(second)
  expect(log).toEqual([
    ['sizes', second],
    ['retry', second]
  ])
})

test('somebody who changes devices back and forth has what waits for them sent again a few times, and once per pause from then on', async () => {
  const { apply, tick, forward, log, known } = await effecting()
  const woken = () => log.filter(entry => (entry as readonly unknown[])[0] === 'retry').length
  const toggle = async (identity: Uint8Array): Promise<void> => {
    known.splice(0, known.length, device('a'), ...(known.length === 1 ? [device('b')] : []))
    await apply([{ kind: 'devices-changed', identity }])
    await tick()
  }
  for (let times = 0; times < 50; times += 1) await toggle(alice)
  expect(woken()).toBe(limits.deviceWakes)
  await toggle(bob)
  expect(woken()).toBe(limits.deviceWakes + 1)
  // What came too soon is not forgotten: a message that the policy holds back waits for nothing else.
  forward(limits.deviceWakeMs - 1)
  await tick()
  expect(woken()).toBe(limits.deviceWakes + 1)
  forward(1)
  await tick()
  await tick()
  expect(woken()).toBe(limits.deviceWakes + 2)
  forward(10 * limits.deviceWakeMs)
  await tick()
  expect(woken()).toBe(limits.deviceWakes + 2)
})
