import { expect, test } from 'vitest'
import { createOnlineWakes } from '../../src/composition/online-wakes.ts'
import { limits } from '../../src/limits.ts'

function waking() {
  let nowMs = 1_600_000_000_000
  let woken = 0
  const wakes = createOnlineWakes(
    { clock: { nowMs: () => nowMs } },
    {
      retry: async () => {
        woken += 1
      }
    }
  )
  return {
    ...wakes,
    woken: () => woken,
    forward: (ms: number) => {
      nowMs += ms
    }
  }
}

test('a link that comes and goes all the time has what waits sent again a few times, then every two minutes', async () => {
  const { wake, tick, woken, forward } = waking()
  for (let second = 0; second < 3600; second += 5) {
    await wake()
    await tick()
    forward(5000)
  }
  const most = limits.onlineWakes + 3_600_000 / limits.onlineWakeMs
  expect(woken()).toBeLessThanOrEqual(most)
  expect(woken()).toBeGreaterThanOrEqual(most - 1)
})

test('what a link is owed is taken up later, once, although no other link comes', async () => {
  const { wake, tick, woken, forward } = waking()
  for (let times = 0; times <= limits.onlineWakes; times++) await wake()
  expect(woken()).toBe(limits.onlineWakes)
  await tick()
  expect(woken()).toBe(limits.onlineWakes)
  forward(limits.onlineWakeMs)
  await tick()
  await tick()
  expect(woken()).toBe(limits.onlineWakes + 1)
})

test('a tick without a link sends nothing again', async () => {
  const { tick, woken } = waking()
  await tick()
  expect(woken()).toBe(0)
})
