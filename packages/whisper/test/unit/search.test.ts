import { prepareNonceSearch } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { powTargetBits } from '../../src/pow.ts'
import { createInThreadSearcher } from '../../src/search/in-thread.ts'
import { type BatchRequest, createBatchHandler, type SearchThread } from '../../src/search/protocol.ts'
import { wrapWorker } from '../../src/search/spawn.browser.ts'
import { createThreadSearcher } from '../../src/search/thread-pool.ts'

const clock = { nowMs: () => performance.now() }
const prefix = new Uint8Array(316).fill(5)
const minute = { timeMs: 60_000 }

/** Threads in this thread, which answer in an order of their own. */
function pretendThreads(delays: readonly number[], log: BatchRequest[] = []) {
  let next = 0
  const stopped: number[] = []
  const spawn = (): SearchThread => {
    const handle = createBatchHandler()
    const index = next++
    const turns = delays[index % delays.length] ?? 0
    return {
      run: async request => {
        log.push(request)
        for (let i = 0; i < turns; i++) await new Promise(resolve => setTimeout(resolve, 0))
        return { ...handle(request), tookMs: 10 }
      },
      hold: () => undefined,
      stop: async () => {
        stopped.push(index)
      }
    }
  }
  return { spawn, stopped, log }
}

test('W-41 the smallest nonce is found whatever the number and the speed of the threads', async () => {
  const bits = 17
  const smallest = BigInt(prepareNonceSearch(prefix).search(bits, 0, 1 << 22))
  expect(smallest).toBeGreaterThan(30_000n)
  expect(await createInThreadSearcher(clock).search(prefix, bits, minute)).toBe(smallest)
  for (const delays of [[0], [0, 5], [7, 0, 3], [1, 9, 2, 0]]) {
    const { spawn, log } = pretendThreads(delays)
    const searcher = createThreadSearcher(clock, spawn, delays.length)
    expect(await searcher.search(prefix, bits, minute)).toBe(smallest)
    // Every nonce below it was tried: in this thread first, then without a gap by the others.
    const starts = log.map(({ start, count }) => [start, start + count]).sort(([a = 0], [b = 0]) => a - b)
    expect(starts[0]?.[0]).toBe(16_384)
    for (let i = 1; i < starts.length; i++) expect(starts[i]?.[0]).toBe(starts[i - 1]?.[1])
    await searcher.stop()
  }
})

test('small targets never start a thread', async () => {
  const { spawn, log } = pretendThreads([0])
  const searcher = createThreadSearcher(clock, spawn, 2)
  expect(await searcher.search(prefix, 4, minute)).toBeLessThan(16_384n)
  expect(log).toEqual([])
})

test('W-41 a search ends at its time, and at its signal with its reason', async () => {
  let now = 0
  const ticking = { nowMs: () => (now += 10) }
  const { spawn } = pretendThreads([0, 1])
  for (const searcher of [createInThreadSearcher(ticking), createThreadSearcher(ticking, spawn, 2)]) {
    expect(await searcher.search(prefix, 200, { timeMs: 2000 })).toBeUndefined()
    const stop = new AbortController()
    const searching = searcher.search(prefix, 200, { timeMs: 1e12, signal: stop.signal })
    setTimeout(() => stop.abort(new Error('enough')), 0)
    await expect(searching).rejects.toThrow('enough')
    await expect(searcher.best(prefix, { timeMs: 1e12, signal: stop.signal })).rejects.toThrow('enough')
    await searcher.stop()
  }
})

test('the best of a timed search is the best of the nonces tried, the smallest of equals', async () => {
  let now = 0
  const { spawn, log } = pretendThreads([0, 2])
  const searcher = createThreadSearcher({ nowMs: () => (now += 10) }, spawn, 2)
  const best = await searcher.best(prefix, { timeMs: 400 })
  const tried = Math.max(...log.map(({ start, count }) => start + count))
  expect(best).toEqual({ ...prepareNonceSearch(prefix).best(0, tried) })
})

test('progress is told now and then, with what to expect', async () => {
  const told: { tries: number; expected: number }[] = []
  const searcher = createInThreadSearcher(clock)
  await searcher.search(prefix, 60, { timeMs: 300, onProgress: progress => told.push(progress) })
  expect(told.length).toBeGreaterThan(0)
  expect(told.length).toBeLessThan(50)
  expect(told.every(({ expected }) => expected === 2 ** 60)).toBe(true)
  expect(told.map(({ tries }) => tries)).toEqual([...told.map(({ tries }) => tries)].sort((a, b) => a - b))
})

test('threads that cannot start, or die, leave the work to this thread', async () => {
  const bits = 16
  const smallest = BigInt(prepareNonceSearch(prefix).search(bits, 0, 1 << 22))
  const none = createThreadSearcher(clock, () => undefined, 2)
  expect(await none.search(prefix, bits, minute)).toBe(smallest)
  let deaths = 0
  const dying = createThreadSearcher(
    clock,
    () => ({
      run: () => {
        deaths += 1
        return Promise.reject(new Error('gone'))
      },
      hold: () => undefined,
      stop: async () => undefined
    }),
    2
  )
  expect(await dying.search(prefix, bits, minute)).toBe(smallest)
  expect(await dying.search(prefix, bits, minute)).toBe(smallest)
  expect(deaths).toBe(2)
  expect((await dying.best(prefix, { timeMs: 20 })).bits).toBeGreaterThan(0)
})

test('the estimate is measured, and counts the bits of the target', async () => {
  const { spawn } = pretendThreads([0])
  for (const searcher of [createInThreadSearcher(clock), createThreadSearcher(clock, spawn, 1)]) {
    const estimate = await searcher.estimate(0.2, 304, 10)
    expect(estimate.bits).toBe(powTargetBits(0.2, 284, 10))
    expect(estimate.tries).toBe(2 ** estimate.bits)
    expect(estimate.triesPerSecond).toBeGreaterThan(1000)
    expect(estimate.averageMs).toBeCloseTo((estimate.tries / estimate.triesPerSecond) * 1000, 6)
    expect(await searcher.estimate(0, 304, 10)).toMatchObject({ bits: 0, tries: 0, averageMs: 0 })
  }
})

test('stop waits for the search under way, and ends the threads', async () => {
  const { spawn, stopped } = pretendThreads([0, 0])
  const searcher = createThreadSearcher(clock, spawn, 2)
  const searching = searcher.search(prefix, 17, minute)
  await new Promise(resolve => setTimeout(resolve, 30))
  await searcher.stop()
  expect(await searching).toBeDefined()
  expect(stopped.length === 2 || stopped.length === 0).toBe(true)
})

test('a search after stop has threads again', async () => {
  const { spawn, stopped, log } = pretendThreads([0, 0])
  const searcher = createThreadSearcher(clock, spawn, 2)
  for (const round of [1, 2]) {
    log.length = 0
    expect(await searcher.search(prefix, 17, minute)).toBeDefined()
    expect(log.length).toBeGreaterThan(0)
    await searcher.stop()
    expect(stopped).toHaveLength(2 * round)
  }
})

test('a batch of an unknown job is an error, not a wrong answer', () => {
  const handle = createBatchHandler()
  expect(() => handle({ job: 1, want: 1, start: 0, count: 1 })).toThrow('unknown job')
})

test("a browser's worker is wrapped the same way", async () => {
  const handle = createBatchHandler()
  const target = new EventTarget()
  let ended = false
  const worker = Object.assign(target, {
    postMessage: (request: BatchRequest) => {
      queueMicrotask(() => target.dispatchEvent(new MessageEvent('message', { data: handle(request) })))
    },
    terminate: () => {
      ended = true
    }
  })
  const thread = wrapWorker(worker as unknown as Worker)
  const answer = await thread?.run({ job: 1, prefix, want: 10, start: 0, count: 100_000 })
  expect(answer?.nonce).toBe(prepareNonceSearch(prefix).search(10, 0, 100_000))
  const failing = thread?.run({ job: 1, want: 1, start: 0, count: 1 })
  target.dispatchEvent(new Event('error'))
  await expect(failing).rejects.toThrow('failed')
  await thread?.stop()
  expect(ended).toBe(true)
})

test('W-41 of two hits at once the smaller nonce wins, though its thread is the slower one', async () => {
  const bits = 13
  const first = (fill: number) => prepareNonceSearch(new Uint8Array(316).fill(fill)).search(bits, 0, 1 << 20)
  const hitIn = (fill: number, start: number) =>
    prepareNonceSearch(new Uint8Array(316).fill(fill)).search(bits, start, 8192) >= 0
  const fill = [...Array(256).keys()].find(each => {
    const nonce = first(each)
    return nonce >= 16_384 && nonce < 24_576 && hitIn(each, 24_576)
  })
  if (fill === undefined) throw new Error('no prefix with two hits')
  const { spawn } = pretendThreads([9, 0])
  const searcher = createThreadSearcher(clock, spawn, 2)
  expect(await searcher.search(new Uint8Array(316).fill(fill), bits, minute)).toBe(BigInt(first(fill)))
})

test('a search that takes long keeps the threads from no other one, and both find the smallest nonce', async () => {
  const { spawn } = pretendThreads([1, 2])
  const searcher = createThreadSearcher(clock, spawn, 2)
  const greedy = new AbortController()
  const unreachable = searcher.search(new Uint8Array(316).fill(9), 200, { ...minute, signal: greedy.signal })
  const others = [17, 16].map(bits => [bits, searcher.search(prefix, bits, { timeMs: 20_000 })] as const)
  for (const [bits, found] of others) {
    expect(await found).toBe(BigInt(prepareNonceSearch(prefix).search(bits, 0, 1 << 22)))
  }
  greedy.abort(new Error('enough'))
  await expect(unreachable).rejects.toThrow('enough')
  await searcher.stop()
})

test('a search whose turn has not come ends at its signal and at its time', async () => {
  let now = 0
  let answer: (() => void) | undefined
  const busy: SearchThread = {
    // Never answers before the test lets it.
    run: ({ job, start }) =>
      new Promise(resolve => {
        answer = () => resolve({ job, start, nonce: -1, bits: 0, tookMs: 10 })
      }),
    hold: () => undefined,
    stop: async () => undefined
  }
  const searcher = createThreadSearcher({ nowMs: () => now }, () => busy, 1)
  const first = searcher.search(prefix, 200, { timeMs: 1000 })
  await expect.poll(() => answer !== undefined).toBe(true)
  const stop = new AbortController()
  const waiting = searcher.best(prefix, { timeMs: 1e9, signal: stop.signal })
  const short = searcher.best(prefix, { timeMs: 10 })
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  now = 1000
  answer?.()
  expect(await first).toBeUndefined()
  expect((await short).bits).toBeGreaterThanOrEqual(0)
  await searcher.stop()
})
