import type { Audience, Destination } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { createSizes } from '../../src/sending/envelope-sizes.ts'
import { identityOf } from '../support/world.ts'

const [me, friend, other] = ['me', 'friend', 'other'].map(name => identityOf(name).publicKey) as [
  Uint8Array,
  Uint8Array,
  Uint8Array
]
const toPerson = (publicKey: Uint8Array): Audience => ({ kind: 'identity', publicKey, reach: 'known-devices' })
const toMyDevices: Audience = { kind: 'own-devices', reach: 'known-devices' }

/** The layers below answer sizes that count up, and note what they were asked for. */
function sizing() {
  let nowMs = 1_600_000_000_000
  let next = 1000
  const asked: Destination[] = []
  const sealers: (Uint8Array | undefined)[] = []
  const sizes = createSizes<Destination>(
    { self: me, clock: { nowMs: () => nowMs } },
    {
      privacy: {
        planRoute: async to => {
          asked.push(to)
          return to
        },
        payloadLimit: route => (route.kind === 'public' ? 2 : 1)
      },
      sealerFor: person => {
        sealers.push(person)
        return { maxPlaintext: async most => most * next++ }
      }
    }
  )
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { sizes, asked, sealers, pass }
}

test('a size is asked of the layers below with the route and the sealer of that audience', async () => {
  const { sizes, asked, sealers } = sizing()
  expect(await sizes.maxBytes(toPerson(friend))).toBe(1000)
  expect(await sizes.maxBytes(toMyDevices)).toBe(1001)
  expect(await sizes.maxBytes({ kind: 'public', name: 'room' })).toBe(2 * 1002)
  expect(asked).toEqual([
    { kind: 'identity', publicKey: friend },
    { kind: 'identity', publicKey: me },
    { kind: 'public', name: 'room' }
  ])
  expect(sealers).toEqual([friend, me, undefined])
})

test('it is believed for a minute, for each person apart', async () => {
  const { sizes, asked, pass } = sizing()
  const first = await sizes.maxBytes(toPerson(friend))
  const second = await sizes.maxBytes(toPerson(other))
  pass(59_999)
  expect([await sizes.maxBytes(toPerson(friend)), await sizes.maxBytes(toPerson(other))]).toEqual([first, second])
  expect(asked).toHaveLength(2)
  pass(1)
  expect(await sizes.maxBytes(toPerson(friend))).toBe(1002)
})

test('when somebody’s devices change, theirs is asked for again, and nobody else’s', async () => {
  const { sizes } = sizing()
  await sizes.maxBytes(toPerson(friend))
  const kept = await sizes.maxBytes(toPerson(other))
  sizes.forget(friend)
  expect(await sizes.maxBytes(toPerson(other))).toBe(kept)
  expect(await sizes.maxBytes(toPerson(friend))).toBe(1002)
})

test('when our own devices change, all are asked for again: what goes to a person goes to them as well', async () => {
  const { sizes } = sizing()
  await sizes.maxBytes(toPerson(friend))
  await sizes.maxBytes(toMyDevices)
  sizes.forget(me)
  expect(await sizes.maxBytes(toPerson(friend))).toBe(1002)
  expect(await sizes.maxBytes(toMyDevices)).toBe(1003)
})
