import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReading, seenRead } from '../../src/people/reading.ts'
import { accepted, inside, openRoom, somebody } from '../support/core.ts'

const room = { kind: 'public', name: 'room' } as const
const now = 1_600_000_000_000

async function inRoom() {
  const world = await inside()
  const { core } = world
  await openRoom(core, room)
  const say = async (clock: number): Promise<void> => {
    const message = accepted(somebody(), { kind: 'text', text: String(clock) }, { kind: 'public', id: 'room' })
    expect(await world.take({ ...message, clock })).toBe('applied')
  }
  const unseen = async () =>
    (await core.messages.page(room, undefined, 1000)).filter(({ seen }) => !seen).map(({ clock }) => clock)
  return { ...world, say, unseen }
}

test('marking goes on where the last step ended, whatever clocks messages have and whatever comes in between', async () => {
  const clock = fc.integer({ min: now - 6, max: now })
  const plan = fc.record({
    before: fc.array(clock, { minLength: 1, maxLength: 12 }),
    later: fc.array(clock, { maxLength: 6 }),
    most: fc.record({ marked: fc.integer({ min: 1, max: 3 }), read: fc.integer({ min: 1, max: 4 }) })
  })
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 3 }), async plans => {
      const { core, say, unseen } = await inRoom()
      let steps = 0
      for (const { before, later, most } of plans) {
        for (const at of before) await say(at)
        const coming = [...later]
        let from: Parameters<typeof core.messages.markSeen>[4]
        do {
          const unit = core.store.unit()
          const done = await core.messages.markSeen(unit, room, undefined, most, from)
          await unit.commit()
          from = done.next
          const next = coming.shift()
          if (next !== undefined && from !== undefined) await say(next)
          expect(++steps).toBeLessThan(300)
        } while (from !== undefined)
        // What is left unseen came behind: the next time finds it.
        const left = await unseen()
        const { unread = 0, unseenFrom = 0 } = core.chatCache.chat(room) ?? {}
        expect(unread > 0).toBe(left.length > 0)
        if (left.length > 0) expect(unseenFrom).toBeLessThanOrEqual(Math.min(...left))
        else expect(unseenFrom).toBe(0)
      }
      const { markSeen } = createReading(core)
      await markSeen(room)
      expect(await unseen()).toEqual([])
      expect(core.chatCache.chat(room)).toMatchObject({ unread: 0, unseenFrom: 0 })
    }),
    { numRuns: 150 }
  )
})

test('others get the chats in between, although one early message has all of them read', async () => {
  const { core, say, unseen } = await inRoom()
  let steps = 0
  const state = {
    ...core.state,
    run: <T>(work: () => Promise<T>): Promise<T> => {
      steps += 1
      return core.state.run(work)
    }
  }
  const { markSeen } = createReading({ ...core, state })
  const count = 2 * seenRead + 500
  for (let at = 0; at < count; at += 1) await say(now + at)
  expect(await markSeen(room)).toBe(count)
  steps = 0
  await say(1)
  expect(await markSeen(room)).toBe(1)
  expect(steps).toBe(3)
  expect(await unseen()).toEqual([])
})
