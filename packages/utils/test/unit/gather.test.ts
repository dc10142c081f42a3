import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createGatherer } from '../../src/index.ts'

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

/** Work whose batches are recorded and wait until the test lets them go on. */
function byHand(most = 1000, costOf?: (item: number) => number) {
  const batches: (readonly number[])[] = []
  const waiting: { readonly go: () => void; readonly fail: () => void }[] = []
  const call = createGatherer<number>(
    async items => {
      batches.push(items)
      await new Promise<void>((resolve, reject) => {
        waiting.push({ go: resolve, fail: () => reject(new Error('full')) })
      })
    },
    { most, costOf }
  )
  const next = async (how: 'go' | 'fail' = 'go'): Promise<void> => {
    await settled()
    waiting.shift()?.[how]()
    await settled()
  }
  return { call, batches, next }
}

test('what comes while a call is under way goes together in the next, and is answered with it', async () => {
  const { call, batches, next } = byHand()
  const answered: number[] = []
  const ask = async (item: number): Promise<void> => {
    await call(item)
    answered.push(item)
  }
  const all = [ask(1)]
  await settled()
  all.push(ask(2), ask(3))
  await settled()
  all.push(ask(4))
  expect([batches, answered]).toEqual([[[1]], []])
  await next()
  expect([batches, answered]).toEqual([[[1], [2, 3, 4]], [1]])
  await next()
  await Promise.all(all)
  expect(answered).toEqual([1, 2, 3, 4])
})

test('what is asked for in one go shares the first call', async () => {
  const { call, batches, next } = byHand()
  const all = [call(1), call(2)]
  await next()
  await Promise.all(all)
  const later = call(3)
  await next()
  await later
  expect(batches).toEqual([[1, 2], [3]])
})

test('a call that fails fails for all that share it, and for no other', async () => {
  const { call, next } = byHand()
  const all = [call(1), call(2)].map(asked => asked.catch(String))
  await settled()
  const after = call(3)
  await next('fail')
  await next()
  expect([...(await Promise.all(all)), await after]).toEqual(['Error: full', 'Error: full', undefined])
})

test('a batch costs no more than its bound, but for one item that does so alone', async () => {
  const { call, batches, next } = byHand(10, item => item)
  const all = [4, 6, 1, 25, 3, 7].map(call)
  for (let batch = 0; batch < 4; batch++) await next()
  await Promise.all(all)
  expect(batches).toEqual([[4, 6], [1], [25], [3, 7]])
})

test('nothing is lost, doubled or out of order, whatever comes when', async () => {
  const steps = fc.array(fc.oneof(fc.constant('go' as const), fc.nat(20)), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 30 }), async (asked, most) => {
      const { call, batches, next } = byHand(most, item => item)
      const all: Promise<void>[] = []
      for (const step of asked) {
        if (step === 'go') await next()
        else all.push(call(step))
      }
      for (let left = 0; left <= all.length; left++) await next()
      await Promise.all(all)
      expect(batches.flat()).toEqual(asked.filter(step => step !== 'go'))
      for (const batch of batches)
        expect(batch.length === 1 || batch.reduce((sum, item) => sum + item, 0) <= most).toBe(true)
    })
  )
})
