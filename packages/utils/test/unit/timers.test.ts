import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { every, held, systemScheduler, unref } from '../../src/index.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('of timers an object of Node is let go, the number of a browser is left alone', () => {
  let unrefs = 0
  unref({ unref: () => unrefs++ })
  for (const other of [7, undefined, null, {}, { unref: 1 }]) unref(other)
  expect(unrefs).toBe(1)
})

describe('a task that is repeated', () => {
  test('runs once at a time, and its failures are told', async () => {
    let runs = 0
    let finish = (): void => undefined
    const failures: unknown[] = []
    const timer = every(
      10,
      () => {
        runs++
        return new Promise<void>((resolve, reject) => {
          finish = runs === 1 ? resolve : () => reject(new Error('failed'))
        })
      },
      error => failures.push(error)
    )
    await vi.advanceTimersByTimeAsync(35)
    expect(runs).toBe(1)
    finish()
    await vi.advanceTimersByTimeAsync(10)
    expect(runs).toBe(2)
    finish()
    await vi.advanceTimersByTimeAsync(0)
    expect(failures).toEqual([new Error('failed')])
    await timer.stop()
    await vi.advanceTimersByTimeAsync(100)
    expect(runs).toBe(2)
  })

  test('is waited for when it ends', async () => {
    let finish = (): void => undefined
    const timer = every(
      10,
      () =>
        new Promise<void>(resolve => {
          finish = resolve
        }),
      () => undefined
    )
    await vi.advanceTimersByTimeAsync(10)
    let stopped = false
    const stopping = timer.stop().then(() => {
      stopped = true
    })
    await vi.advanceTimersByTimeAsync(100)
    expect(stopped).toBe(false)
    finish()
    await stopping
  })
})

test('a process is held until the work is done, however it ends', async () => {
  const during = held(async () => vi.getTimerCount())
  expect(await during).toBe(1)
  await expect(held(async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(vi.getTimerCount()).toBe(0)
})

test('a delay that the platform cannot take is waited for in parts, and can be called off in each', async () => {
  const calls: string[] = []
  const longMs = 2 ** 32 + 1000
  systemScheduler.after(longMs, () => calls.push('long'))
  const cancel = systemScheduler.after(longMs, () => calls.push('called off'))
  systemScheduler.after(Number.POSITIVE_INFINITY, () => calls.push('never'))
  await vi.advanceTimersByTimeAsync(2 ** 32)
  cancel()
  await vi.advanceTimersByTimeAsync(999)
  expect(calls).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(calls).toEqual(['long'])
})
