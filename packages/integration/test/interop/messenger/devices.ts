import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hexToBytes } from '@status-stack/crypto'
import { expect } from 'vitest'
import type { OurPerson } from '../../support/our-person.ts'
import { type Person, reads } from '../../support/person.ts'
import type { TheirPerson } from '../../support/their-person.ts'
import { until } from '../../support/until.ts'
import { type Direction, eachWay, type Scenario, throughOurs } from './scenario.ts'
import type { Stage } from './stage.ts'

const paired = {
  role: 'one of two devices',
  peer: 'status-go messenger',
  directions: eachWay,
  settings: throughOurs
} as const

interface Devices {
  readonly ours: OurPerson
  readonly theirs: TheirPerson
}

/** One identity on our client and on status-go, each the other's enabled device. */
async function devicesOf(stage: Stage): Promise<Devices> {
  const theirs = await stage.theirs('Alice’s status-go')
  const identity = hexToBytes(readFileSync(join(theirs.data, 'key'), 'utf8').trim())
  const ours = await stage.ours('Alice’s laptop', { identity })
  expect(ours.key).toBe(theirs.key)
  await learns(theirs, ours, 'status-go device')
  await learns(ours, theirs, 'our device')
  await ours.enableDevice(theirs.installation)
  await theirs.enableDevice(ours.installation)
  return { ours, theirs }
}

async function learns(from: Person, to: Person, title: string): Promise<void> {
  await from.pair(title)
  await until(`${to.name} to know ${title}`, async () => (await to.devices()).get(from.installation) === title)
}

/** First the device that acts. */
const inOrder = ({ ours, theirs }: Devices, direction: Direction): readonly [Person, Person] =>
  direction === 'ours → theirs' ? [ours, theirs] : [theirs, ours]

/** One identity on both. */
export const devices: readonly Scenario[] = [
  {
    ...paired,
    name: 'pairing, and copies of what one device wrote',
    play: async (stage, direction) => {
      const [writer, other] = inOrder(await devicesOf(stage), direction)
      const friend = await stage.theirs('Bob')
      await friend.openChat(writer.key)
      for (const device of [writer, other]) await device.openChat(friend.key)
      const id = await writer.say(friend.key, 'from one device')
      expect(await reads(friend, 'from one device')).toMatchObject({ id, from: writer.key })
      expect(await reads(other, 'from one device')).toMatchObject({ id, from: writer.key, chat: friend.key })
    }
  },
  {
    ...paired,
    name: 'a contact added on one device is one on the other',
    play: async (stage, direction) => {
      const [here, there] = inOrder(await devicesOf(stage), direction)
      const friend = await stage.theirs('Bob')
      await here.addContact(friend.key)
      await until('the other device to have the contact', async () => (await there.known(friend.key))?.added === true)
    }
  },
  {
    ...paired,
    name: 'a third person on status-go writes to both',
    directions: ['theirs → ours'],
    play: (stage, _) => thirdPerson(stage, 'theirs')
  },
  {
    ...paired,
    name: 'a third person on our client writes to both',
    directions: ['ours → theirs'],
    play: (stage, _) => thirdPerson(stage, 'ours')
  }
]

/** A person to whom both devices have written before writes, and both devices read it. */
async function thirdPerson(stage: Stage, side: Person['side']): Promise<void> {
  const { ours, theirs } = await devicesOf(stage)
  const friend = await stage.person(side, 'Bob')
  await friend.openChat(ours.key)
  for (const device of [ours, theirs]) {
    await device.openChat(friend.key)
    await device.say(friend.key, `from ${device.name}`)
    await reads(friend, `from ${device.name}`)
  }
  for (const number of [1, 2, 3, 4]) {
    const id = await friend.say(ours.key, `to both ${number}`)
    for (const device of [ours, theirs]) expect(await reads(device, `to both ${number}`)).toMatchObject({ id })
  }
}
