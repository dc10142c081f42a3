import { expect, test } from 'vitest'
import { createVirtualTime } from '../../src/testing/index.ts'

test('timers run in the order of their time, then of their making', async () => {
  const { scheduler, advance, clock, pendingTimers } = createVirtualTime(1000)
  const calls: string[] = []
  const say = (name: string) => () => void calls.push(`${name}@${clock.nowMs()}`)
  scheduler.after(20, say('late'))
  scheduler.after(10, say('first'))
  scheduler.after(10, say('second'))
  scheduler.after(10, say('cancelled'))()
  scheduler.after(5, () => scheduler.after(3, say('nested')))
  scheduler.after(31, say('not yet'))
  await advance(30)
  expect(calls).toEqual(['nested@1008', 'first@1010', 'second@1010', 'late@1020'])
  expect(clock.nowMs()).toBe(1030)
  expect(pendingTimers()).toBe(1)
})
