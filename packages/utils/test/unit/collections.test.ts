import { expect, test } from 'vitest'
import { createBoundedMap, createMutex, createTokenBucket, steadyClock, uuidV4 } from '../../src/index.ts'

test('a bounded map evicts the least recently set or touched', () => {
  const lost: string[] = []
  const map = createBoundedMap<string, number>({ maxEntries: 3, evicted: key => lost.push(key) })
  for (const [at, key] of ['a', 'b', 'c'].entries()) map.set(key, at)
  map.touch('a')
  map.set('b', 9)
  map.set('d', 4)
  expect(lost).toEqual(['c'])
  expect([...map]).toEqual([
    ['a', 0],
    ['b', 9],
    ['d', 4]
  ])
  expect([map.has('c'), map.get('b'), map.touch('c'), map.size()]).toEqual([false, 9, undefined, 3])
})

test('a bounded map is bounded in bytes, and refuses what alone is over the bound', () => {
  const map = createBoundedMap<string, Uint8Array>({ maxEntries: 100, maxBytes: 10, sizeOf: bytes => bytes.length })
  map.set('a', new Uint8Array(6))
  map.set('b', new Uint8Array(4))
  expect(map.bytes()).toBe(10)
  expect(map.set('c', new Uint8Array(11))).toBe(false)
  expect([map.size(), map.bytes()]).toEqual([2, 10])
  map.set('c', new Uint8Array(5))
  expect([[...map].map(([key]) => key), map.bytes()]).toEqual([['b', 'c'], 9])
  map.set('b', new Uint8Array(1))
  expect(map.bytes()).toBe(6)
  expect([map.delete('b'), map.delete('b'), map.bytes()]).toEqual([true, false, 5])
  map.clear()
  expect([map.size(), map.bytes()]).toEqual([0, 0])
})

test('a bounded map gives up what is neither set nor touched for long, some at a time', () => {
  const lost: number[] = []
  let nowMs = 0
  const map = createBoundedMap<number, string>({
    maxEntries: 100,
    maxIdleMs: 10,
    nowMs: () => nowMs,
    evicted: key => lost.push(key)
  })
  for (let key = 0; key < 12; key++) map.set(key, 'old')
  nowMs = 5
  map.touch(0)
  map.set(1, 'set again')
  nowMs = 10
  map.set(100, 'young')
  expect(lost).toEqual([])
  nowMs = 11
  map.set(101, 'young')
  expect(lost).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  map.set(102, 'young')
  expect([...map].map(([key]) => key)).toEqual([0, 1, 100, 101, 102])
  nowMs = 16
  map.set(103, 'young')
  expect([...map].map(([key]) => key)).toEqual([100, 101, 102, 103])
})

test('a mutex runs one at a time, in order, past failures', async () => {
  const mutex = createMutex()
  const events: string[] = []
  const task =
    (name: string, fails = false) =>
    async () => {
      events.push(`+${name}`)
      await Promise.resolve()
      events.push(`-${name}`)
      if (fails) throw new Error(name)
      return name
    }
  const results = Promise.allSettled([mutex.run(task('a')), mutex.run(task('b', true)), mutex.run(task('c'))])
  await mutex.idle()
  expect(events).toEqual(['+a', '-a', '+b', '-b', '+c', '-c'])
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a token bucket spends its burst, then its rate', () => {
  const bucket = createTokenBucket(10, 0)
  for (let i = 0; i < 10; i++) expect(bucket.take(0)).toBe(0)
  expect(bucket.take(0)).toBe(100)
  expect(bucket.waitMs(50)).toBe(50)
  expect(bucket.take(100)).toBe(0)
  expect(bucket.take(100)).toBe(100)
})

test('a token bucket takes several at once, charges beyond its level, and ignores a clock that goes back', () => {
  const bucket = createTokenBucket(100, 1000, 50)
  expect(bucket.take(1000, 50)).toBe(0)
  expect(bucket.take(1000, 20)).toBe(200)
  bucket.charge(1000, 30)
  expect(bucket.waitMs(1000)).toBe(310)
  expect(bucket.waitMs(500)).toBe(310)
  expect(bucket.waitMs(1310)).toBe(0)
})

test('what is dearer than the bucket is deep passes a full bucket and leaves a debt', () => {
  const bucket = createTokenBucket(10, 0, 10)
  expect(bucket.take(0, 30)).toBe(0)
  expect(bucket.waitMs(0)).toBe(2100)
})

test('a UUID has version 4 and its variant, whatever the bytes', () => {
  const of = (byte: number): string => uuidV4({ bytes: length => new Uint8Array(length).fill(byte) })
  expect(of(0)).toBe('00000000-0000-4000-8000-000000000000')
  expect(of(0xff)).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
})

test('a steady clock goes on from where it was when the other one is set back, and follows it forward', () => {
  let now = 1000
  const steady = steadyClock({ nowMs: () => now })
  const at = (ms: number): number => {
    now = ms
    return steady.nowMs()
  }
  expect([at(1000), at(1500), at(200), at(300), at(100), at(150)]).toEqual([1000, 1500, 1500, 1600, 1600, 1650])
  expect(at(60_150)).toBe(61_650)
})

test('a token bucket of a clock that was far ahead goes on when it is put right, and is given nothing', () => {
  const bucket = createTokenBucket(10, 10 ** 9, 20)
  expect(bucket.take(10 ** 9, 20)).toBe(0)
  expect(bucket.waitMs(10 ** 9 - 2000)).toBe(100)
  // Within the time of a filling it counts from where it was.
  expect(bucket.waitMs(10 ** 9)).toBe(100)
  expect(bucket.waitMs(5000)).toBe(100)
  expect(bucket.take(5100)).toBe(0)
  expect(bucket.waitMs(5100)).toBe(100)
})
