import { bytesToHex } from '@status-stack/crypto'
import type { Accepted } from '@status-stack/interface'
import fc from 'fast-check'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { createRetention } from '../../src/maintenance/retention.ts'
import { clearMessages } from '../../src/people/clear-messages.ts'
import { createContacts } from '../../src/people/contacts.ts'
import { accepted, inside, openRoom, somebody } from '../support/core.ts'
import { counted } from '../support/counted-reads.ts'
import { identityOf } from '../support/world.ts'

const hour = 3_600_000
const day = 24 * hour
const [author, other] = [identityOf('alice').publicKey, somebody()] as const
const chat = { kind: 'public', id: 'room' } as const
const room = { kind: 'public', name: 'room' } as const
const idOf = ({ messageId }: Accepted) => `0x${bytesToHex(messageId)}`

/** An edit of a message that never comes. */
const early = (text: string, by: Uint8Array = author) => {
  const message = accepted(by, { kind: 'text', text: '' }, chat)
  return accepted(by, { kind: 'edit', messageId: idOf(message), text }, chat)
}

async function inRoom(options: Parameters<typeof inside>[0] = {}, database?: MemoryLevel) {
  const world = await inside(options, database)
  const { core } = world
  await openRoom(core, room)
  const rows = async (prefix: string): Promise<readonly unknown[]> => {
    const found: unknown[] = []
    for await (const { value } of core.store.range({ gte: prefix, lt: `${prefix}~` })) found.push(value)
    return found
  }
  return {
    ...world,
    /** Notes by now: the time of `inside` does not move with what is accepted. */
    note: async (text: string, by?: Uint8Array) => {
      const clock = core.clock.nowMs()
      expect(await world.take({ ...early(text, by), clock, timestamp: clock })).toBe('applied')
    },
    texts: async (): Promise<readonly string[]> =>
      (await rows('note!')).map(note => (note as { readonly text: string }).text).sort(),
    waiting: async () => (await rows('early!')).length
  }
}

test('messageAgeMs deletes what waits for messages that never came, once it has waited for so long', async () => {
  const step = fc.record({
    // The longest pause is no jump of the clock.
    pauseMs: fc.integer({ min: hour, max: 2 * day }),
    notes: fc.nat({ max: 2 }),
    isNewRun: fc.boolean()
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 20 }), async steps => {
      const { core, note, texts, waiting, forward } = await inRoom({ messageAgeMs: 5 * day })
      let retain = createRetention(core)
      const kept: { readonly text: string; readonly atMs: number }[] = []
      for (const { pauseMs, notes, isNewRun } of steps) {
        forward(pauseMs)
        if (isNewRun) retain = createRetention(core)
        await retain()
        const young = kept.filter(({ atMs }) => core.clock.nowMs() - atMs < 5 * day).map(({ text }) => text)
        expect(await texts()).toEqual([...young].sort())
        expect(await waiting()).toBe(young.length)
        for (let count = 0; count < notes; count += 1) {
          const text = `note ${kept.length}`
          kept.push({ text, atMs: core.clock.nowMs() })
          await note(text)
        }
      }
    }),
    { numRuns: 40 }
  )
})

test('what waits is looked for when it is due, not each minute', async () => {
  const { database, during } = counted(new MemoryLevel())
  const { core, note, forward, waiting } = await inRoom({ messageAgeMs: 5 * day }, database)
  const retain = createRetention(core)
  for (let count = 0; count < 20; count += 1) await note(`note ${count}`)
  await retain()
  forward(day)
  await note('later')
  const reads = await during(retain)
  expect(reads.ranges).toBe(0)
  for (let days = 0; days < 4; days += 1) {
    forward(day)
    await retain()
  }
  expect(await waiting()).toBe(1)
})

test('a quota that retention has freed is free', async () => {
  const { core, note, forward, waiting } = await inRoom({ messageAgeMs: hour })
  const { earlyAnnotationsPerAuthor } = core.data.limits
  for (let count = 0; count < earlyAnnotationsPerAuthor; count += 1) await note(`note ${count}`)
  forward(2 * hour)
  await createRetention(core)()
  expect(await waiting()).toBe(0)
  for (let count = 0; count < earlyAnnotationsPerAuthor; count += 1) await note(`again ${count}`)
  expect(await waiting()).toBe(earlyAnnotationsPerAuthor)
})

test('clearing a chat deletes what waits there for messages', async () => {
  const { core, note, texts, waiting } = await inRoom()
  await note('secret words')
  await core.state.run(() => clearMessages(core, room))
  expect(await texts()).toEqual([])
  expect(await waiting()).toBe(0)
})

test('blocking somebody deletes what of theirs waits for messages, and nothing of others', async () => {
  const { core, note, texts, waiting } = await inRoom()
  await note('theirs', author)
  await note('of another', other)
  const { block } = createContacts(core, {
    messageSender: { send: () => Promise.reject(new Error('nothing is sent')) },
    listenTargets: { contactChanged: async () => {}, chatChanged: async () => {} },
    sync: { retry: async () => {}, cancel: async () => {} },
    sealer: { devices: async () => [] },
    nameClaimed: () => {}
  })
  await block(author)
  expect(await texts()).toEqual(['of another'])
  expect(await waiting()).toBe(1)
})
