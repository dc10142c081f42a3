import { getEventListeners } from 'node:events'
import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import { delay, raceAbort, systemScheduler, whenAborted, withSignals, withTimeout } from '../../src/index.ts'

test('delay resolves after its time, or at its signal', async () => {
  const { scheduler, advance, pendingTimers } = createVirtualTime()
  const order: string[] = []
  const controller = new AbortController()
  void delay(scheduler, 100).then(() => order.push('time'))
  void delay(scheduler, 1000, controller.signal).then(() => order.push('signal'))
  void delay(scheduler, 1000, AbortSignal.abort()).then(() => order.push('before'))
  await advance(100)
  expect(order).toEqual(['before', 'time'])
  controller.abort()
  await advance(0)
  expect(order).toEqual(['before', 'time', 'signal'])
  expect(pendingTimers()).toBe(0)
})

test('withTimeout answers the value, or nothing when time or signal come first', async () => {
  const { scheduler, advance, pendingTimers } = createVirtualTime()
  const never = new Promise<string>(() => undefined)
  await expect(withTimeout(Promise.resolve('value'), scheduler, 10)).resolves.toBe('value')
  const late = withTimeout(never, scheduler, 10)
  await advance(10)
  await expect(late).resolves.toBeUndefined()
  await expect(withTimeout(never, scheduler, 10, AbortSignal.abort())).resolves.toBeUndefined()
  await expect(withTimeout(Promise.reject(new Error('inside')), scheduler, 10)).rejects.toThrow('inside')
  expect(pendingTimers()).toBe(0)
})

test('raceAbort rejects with the reason of a signal that fires first', async () => {
  const controller = new AbortController()
  const raced = raceAbort(new Promise(() => undefined), controller.signal)
  controller.abort(new Error('enough'))
  await expect(raced).rejects.toThrow('enough')
  await expect(raceAbort(Promise.resolve(1), AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  await expect(raceAbort(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1)
})

test('timers of the platform call back once, and not when cancelled', async () => {
  let calls = 0
  const cancelled = systemScheduler.after(1, () => {
    calls += 100
  })
  cancelled()
  await new Promise<void>(resolve =>
    systemScheduler.after(5, () => {
      calls += 1
      resolve()
    })
  )
  expect(calls).toBe(1)
})

test('work under several signals hears the first that fires, and leaves nothing behind in any', async () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const both = [one.signal, undefined, other.signal]
  await expect(withSignals(both, async signal => signal.aborted)).resolves.toBe(false)
  await expect(withSignals(both, () => Promise.reject(new Error('inside')))).rejects.toThrow('inside')
  for (const { signal } of [one, other]) expect(getEventListeners(signal, 'abort')).toEqual([])
  const heard = withSignals(both, signal => raceAbort(new Promise(() => undefined), signal))
  other.abort(new Error('enough'))
  await expect(heard).rejects.toThrow('enough')
  expect(getEventListeners(one.signal, 'abort')).toEqual([])
  await expect(withSignals(both, async signal => signal.aborted && signal.reason.message)).resolves.toBe('enough')
})

test('a hundred who wait for one signal are one listener, which goes with the last of them', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const heard: number[] = []
  const callOffs = Array.from({ length: 100 }, (_, i) => whenAborted(signal, () => heard.push(i)))
  const same = (): void => void heard.push(-1)
  const [first, second] = [whenAborted(signal, same), whenAborted(signal, same)]
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  for (const callOff of callOffs.slice(3)) callOff()
  first()
  first()
  const waiting = [
    raceAbort(new Promise(() => undefined), signal),
    withSignals([signal], inner => raceAbort(new Promise(() => undefined), inner))
  ]
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  controller.abort(new Error('enough'))
  expect(heard).toEqual([0, 1, 2, -1])
  for (const each of waiting) await expect(each).rejects.toThrow('enough')
  whenAborted(signal, () => heard.push(100))()
  expect(heard.at(-1)).toBe(100)

  const quiet = new AbortController()
  const [one, other] = [whenAborted(quiet.signal, same), whenAborted(quiet.signal, same)]
  one()
  expect(getEventListeners(quiet.signal, 'abort')).toHaveLength(1)
  other()
  second()
  expect(getEventListeners(quiet.signal, 'abort')).toEqual([])
  whenAborted(quiet.signal, () => heard.push(200))
  quiet.abort()
  expect(heard.at(-1)).toBe(200)
})

test('without a signal nothing is ever done, and there is nothing to call off', () => {
  let calls = 0
  whenAborted(undefined, () => {
    calls += 1
  })()
  expect(calls).toBe(0)
})
