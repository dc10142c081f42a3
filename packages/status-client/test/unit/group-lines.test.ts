import { bytesToHex, randomBytes } from '@status-stack/crypto'
import type { GroupChange } from '@status-stack/interface'
import { outgoing } from '@status-stack/status-data'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { inside } from '../support/core.ts'
import { identityOf } from '../support/world.ts'

const us = identityOf('bob').publicKey

/** An update that makes a group of so many events, and the group's id. */
function largeUpdate(events: number) {
  const identity = identityOf('mallory')
  const id = `${bytesToHex(randomBytes(4))}-0000-4000-8000-000000000000-0x${bytesToHex(identity.publicKey)}`
  const changes: GroupChange[] = [
    { kind: 'created', name: 'large' },
    { kind: 'members-added', members: [us] }
  ]
  while (changes.length < events) changes.push({ kind: 'name-changed', name: `name ${changes.length}` })
  const group = { kind: 'group', id, events: [] } as const
  const { local } = outgoing(group, { kind: 'group-changes', changes }, { identity, nowMs: 1_600_000_000_000 })
  return { id, accepted: { ...local, fromSelf: false } }
}

type World = Awaited<ReturnType<typeof inside>>

async function linesIn({ core }: World, id: string): Promise<readonly string[]> {
  const page = await core.messages.page({ kind: 'group', id }, undefined, 1000)
  return page.map(({ text }) => text)
}

async function unfinished({ core }: World): Promise<number> {
  let count = 0
  for await (const _ of core.store.keys(core.keys.all('lines'))) count += 1
  return count
}

test.each([1, 2])(
  'an update of many events stores its lines in batches, between which others get the chats: %i',
  async scale => {
    const world = await inside()
    let taken = 0
    const { state } = world.core
    Object.assign(world.core, {
      state: {
        ...state,
        run: <T>(task: () => Promise<T>) => {
          taken += 1
          return state.run(task)
        }
      }
    })
    const batches = 4 * scale
    const { id, accepted } = largeUpdate(limits.linesPerBatch * batches)
    expect(await world.take(accepted)).toBe('applied')
    expect(await unfinished(world)).toBe(1)
    await world.core.background.idle()
    expect(taken).toBe(batches - 1)
    expect(new Set(await linesIn(world, id)).size).toBe(limits.linesPerBatch * batches)
    expect(world.heard.message).toHaveLength(limits.linesPerBatch * batches)
    expect(world.core.chatCache.chat({ kind: 'group', id })?.count).toBe(limits.linesPerBatch * batches)
    expect(await unfinished(world)).toBe(0)
    expect(world.failures).toEqual([])
  }
)

test('an update of few events has its lines in the batch of the group itself', async () => {
  const world = await inside()
  const { id, accepted } = largeUpdate(limits.linesPerBatch)
  await world.take(accepted)
  expect(await linesIn(world, id)).toHaveLength(limits.linesPerBatch)
  expect(await unfinished(world)).toBe(0)
})

test('lines that a crash kept from following are stored at the next start, each once', async () => {
  const database = new MemoryLevel()
  const before = await inside({}, database)
  const count = limits.linesPerBatch * 3
  const { id, accepted } = largeUpdate(count)
  const unit = before.core.store.unit()
  await before.apply.apply(unit, accepted, { shown: 'static-key', source: 'live', old: false })
  // Whoever has the lock when the process ends keeps it: nothing follows any more.
  void before.core.state.run(() => new Promise(() => {}))
  await unit.commit()
  expect(await linesIn(before, id)).toHaveLength(limits.linesPerBatch)

  const after = await inside({}, database)
  await after.groups.resume()
  await after.core.background.idle()
  const lines = await linesIn(after, id)
  expect(lines).toHaveLength(count)
  expect(new Set(lines).size).toBe(count)
  expect(after.core.chatCache.chat({ kind: 'group', id })?.count).toBe(count)
  expect(await unfinished(after)).toBe(0)
  expect(after.failures).toEqual([])
  // Another start has nothing to do.
  const again = await inside({}, database)
  await again.groups.resume()
  await again.core.background.idle()
  expect(again.heard.message).toEqual([])
})

test('lines of a group that was dropped meanwhile do not follow', async () => {
  const world = await inside()
  const { id, accepted } = largeUpdate(limits.linesPerBatch * 3)
  const chat = { kind: 'group', id } as const
  const unit = world.core.store.unit()
  await world.apply.apply(unit, accepted, { shown: 'static-key', source: 'live', old: false })
  await world.core.state.run(async () => {
    await unit.commit()
    const drop = world.core.store.unit()
    await world.core.messages.drop(drop, chat)
    world.core.chatCache.dropChat(drop, chat)
    await drop.commit()
  })
  await world.core.background.idle()
  expect(world.core.chatCache.chat(chat)).toBeUndefined()
  expect(await unfinished(world)).toBe(0)
})
