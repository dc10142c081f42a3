import { setInterval as again, setTimeout as once } from 'node:timers'
import { expect, test, vi } from 'vitest'
import { every, held, systemScheduler } from '../../src/index.ts'

test('timers of ours keep no process, but while work is held', async () => {
  const started: NodeJS.Timeout[] = []
  const remember = (timer: NodeJS.Timeout): NodeJS.Timeout => {
    started.push(timer)
    return timer
  }
  vi.stubGlobal('setTimeout', (...args: Parameters<typeof once>) => remember(once(...args)))
  vi.stubGlobal('setInterval', (...args: Parameters<typeof again>) => remember(again(...args)))
  const cancel = systemScheduler.after(60_000, () => undefined)
  const timer = every(
    60_000,
    async () => undefined,
    () => undefined
  )
  expect(started.map(one => one.hasRef())).toEqual([false, false])
  await held(async () => expect(started.at(-1)?.hasRef()).toBe(true))
  cancel()
  await timer.stop()
  vi.unstubAllGlobals()
})
