import type { Device, SecurityLayer } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { rememberDevices } from '../../src/composition/remembered-devices.ts'
import { limits } from '../../src/limits.ts'
import { keyOf } from '../support/world.ts'

/** A security layer that counts how often it is asked for devices, and whose other calls wait for the test. */
function asked() {
  let count = 0
  let release = (): void => {}
  const wait = (): Promise<void> =>
    new Promise(resolve => {
      release = resolve
    })
  const layer: SecurityLayer = {
    seal: async () => {
      await wait()
      return { kind: 'nobody', effects: [] }
    },
    open: async () => {
      await wait()
      return { kind: 'nothing', effects: [] }
    },
    confirm: wait,
    enable: wait,
    expire: wait,
    sealedSize: async length => length,
    maxPlaintext: async limit => limit,
    initialEffects: async () => [],
    devices: async identity => {
      count += 1
      return [{ installationId: `${identity[1]} ${count}` } as Device]
    }
  }
  return { layer: rememberDevices(layer), count: () => count, release: () => release() }
}

const [alice, bob] = [keyOf('alice'), keyOf('bob')]

test('devices are asked for once per person', async () => {
  const { layer, count } = asked()
  const first = await layer.devices(alice)
  await layer.devices(bob)
  expect(await layer.devices(alice)).toBe(first)
  expect(count()).toBe(2)
})

test.each([
  ['seal', (layer: SecurityLayer) => layer.seal(alice, { kind: 'identity', publicKey: bob, reach: 'known-devices' })],
  ['open', (layer: SecurityLayer) => layer.open(alice, { sender: bob })],
  ['confirm', (layer: SecurityLayer) => layer.confirm(undefined)],
  ['enable', (layer: SecurityLayer) => layer.enable('one', true)],
  ['expire', (layer: SecurityLayer) => layer.expire()]
] as const)('%s may change them: they are asked for again, while it goes on and after it', async (_, change) => {
  const { layer, count, release } = asked()
  await layer.devices(alice)
  const changing = change(layer)
  await layer.devices(alice)
  await layer.devices(alice)
  expect(count()).toBe(3)
  release()
  await changing
  await layer.devices(alice)
  await layer.devices(alice)
  expect(count()).toBe(4)
})

test('an answer that was on its way when something changed is not remembered', async () => {
  const { layer, count, release } = asked()
  const early = layer.devices(alice)
  const changing = layer.open(alice, { sender: bob })
  release()
  await Promise.all([early, changing])
  await layer.devices(alice)
  expect(count()).toBe(2)
})

test('no more people are remembered than the limit', async () => {
  const { layer, count } = asked()
  const people = Array.from({ length: limits.devicesRemembered + 1 }, (_, n) => Uint8Array.of(4, n >> 8, n & 255))
  for (const each of people) await layer.devices(each)
  await layer.devices(people[0] ?? alice)
  expect(count()).toBe(limits.devicesRemembered + 2)
})
