import { planInterest } from '@status-stack/whisper/status'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { createInterests } from '../../src/interests.ts'
import type { Want } from '../../src/subscriptions.ts'
import { inside } from '../support/core.ts'
import { identityOf, person } from '../support/world.ts'

const me = identityOf('bob')
const them = identityOf('carol').publicKey
const secret = new Uint8Array(32).fill(7)
const wants: readonly Want[] = [
  { kind: 'public-chat', name: 'status' },
  { kind: 'contact-code', owner: them },
  { kind: 'rendezvous', peer: them, secret }
]

/** Plans as the privacy layer does, and says for what. */
function planner() {
  const planned: Want[] = []
  return {
    planned,
    plan: (want: Want) => {
      planned.push(want)
      return planInterest(me, want)
    }
  }
}

test('what opens a place is planned once, and comes from the store in every later run', async () => {
  const disk = new MemoryLevel()
  const first = planner()
  const before = createInterests((await inside({}, disk)).core, first.plan)
  const fresh = []
  for (const want of wants) fresh.push(await before.plan(want))
  expect(first.planned).toEqual(wants)
  const second = planner()
  const after = createInterests((await inside({}, disk)).core, second.plan)
  for (const [index, want] of wants.entries()) expect(await after.plan(want)).toEqual(fresh[index])
  expect(second.planned).toEqual([])
})

test('our own place is never stored, another secret is another place, and what was given up is forgotten', async () => {
  const disk = new MemoryLevel()
  const { core } = await inside({}, disk)
  const entries = async (): Promise<number> =>
    (await disk.keys().all()).filter(key => key.startsWith('interest!')).length
  const { plan, planned } = planner()
  const interests = createInterests(core, plan)
  await interests.plan({ kind: 'identity' })
  expect(await entries()).toBe(0)
  const [, , meeting] = wants
  if (meeting === undefined) throw new Error('no rendezvous')
  await interests.plan(meeting)
  await interests.plan({ kind: 'rendezvous', peer: them, secret: new Uint8Array(32).fill(8) })
  expect(planned).toHaveLength(3)
  expect(await entries()).toBe(2)
  await interests.forget(meeting)
  await interests.forget({ kind: 'identity' })
  expect(await entries()).toBe(1)
})

test('a chat that is left leaves no interest behind; one that is kept is still there after a restart', async () => {
  const database = new MemoryLevel()
  const entries = async (): Promise<number> =>
    (await database.keys().all()).filter(key => key.startsWith('interest!')).length
  const bob = await person('bob', { database })
  await bob.client.start()
  const own = await entries()
  await bob.client.joinPublic('kept')
  await bob.client.joinPublic('left')
  expect(await entries()).toBe(own + 2)
  await bob.client.leavePublic('left')
  await bob.client.idle()
  expect(await entries()).toBe(own + 1)
  await bob.client.stop()
  expect(await entries()).toBe(own + 1)
})
