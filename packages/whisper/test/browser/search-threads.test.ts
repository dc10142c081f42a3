import { prepareNonceSearch } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { wrapWorker } from '../../src/search/spawn.browser.ts'
import { createThreadSearcher } from '../../src/search/thread-pool.ts'

const clock = { nowMs: () => performance.now() }
const prefix = new Uint8Array(316).fill(5)

function start() {
  return wrapWorker(new Worker(new URL('../../src/search/pow-worker.browser.ts', import.meta.url), { type: 'module' }))
}

test('real browser workers find the smallest nonce, can be aborted, and measure themselves', async () => {
  const searcher = createThreadSearcher(clock, start, 2)
  const bits = 18
  expect(await searcher.search(prefix, bits, { timeMs: 60_000 })).toBe(
    BigInt(prepareNonceSearch(prefix).search(bits, 0, 1 << 24))
  )
  const stop = new AbortController()
  const searching = searcher.search(prefix, 200, { timeMs: 60_000, signal: stop.signal })
  setTimeout(() => stop.abort(new Error('enough')), 50)
  await expect(searching).rejects.toThrow('enough')
  expect((await searcher.estimate(1, 300, 10)).triesPerSecond).toBeGreaterThan(1000)
  await searcher.stop()
})

test('a worker whose file is missing fails at once, also long after it was started, and the search goes on without', async () => {
  const missing = () => wrapWorker(new Worker('/no-such-worker.js', { type: 'module' }))
  const late = missing()
  await new Promise<void>(resolve =>
    new Worker('/no-such-worker.js', { type: 'module' }).addEventListener('error', () => resolve())
  )
  await expect(late?.run({ job: 1, prefix, want: 1, start: 0, count: 1 })).rejects.toThrow('failed')
  const searcher = createThreadSearcher(clock, missing, 2)
  expect(await searcher.search(prefix, 18, { timeMs: 60_000 })).toBe(
    BigInt(prepareNonceSearch(prefix).search(18, 0, 1 << 24))
  )
  await searcher.stop()
})
