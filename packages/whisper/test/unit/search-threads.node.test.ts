import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { prepareNonceSearch } from '@status-stack/crypto'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { createPowSearcher } from '../../src/search/create-searcher.ts'
import { startThread } from '../../src/search/spawn.node.ts'
import { createThreadSearcher } from '../../src/search/thread-pool.ts'

const clock = { nowMs: () => performance.now() }
const prefix = new Uint8Array(316).fill(5)
const minute = { timeMs: 60_000 }

test('from sources everything runs in the calling thread', async () => {
  const searcher = createPowSearcher(clock, 2)
  expect(await searcher.search(prefix, 15, minute)).toBe(BigInt(prepareNonceSearch(prefix).search(15, 0, 1 << 22)))
  await searcher.stop()
  await createPowSearcher(clock, 0).stop()
})

test('real worker threads find the same nonce; the file is the built one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pow-worker-'))
  try {
    const outfile = join(folder, 'worker.mjs')
    await build({
      entryPoints: [fileURLToPath(new URL('../../src/search/pow-worker.node.ts', import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['status-stack-source'],
      logLevel: 'error'
    })
    const searcher = createThreadSearcher(clock, () => startThread(pathToFileURL(outfile)), 2)
    const bits = 18
    expect(await searcher.search(prefix, bits, minute)).toBe(
      BigInt(prepareNonceSearch(prefix).search(bits, 0, 1 << 24))
    )
    expect((await searcher.estimate(1, 300, 10)).triesPerSecond).toBeGreaterThan(1000)
    await searcher.stop()
    const broken = startThread(pathToFileURL(join(folder, 'missing.mjs')))
    await expect(broken?.run({ job: 1, want: 1, start: 0, count: 1 })).rejects.toThrow()
    // Long after its end: nothing would tell of it a second time.
    await broken?.stop()
    await expect(broken?.run({ job: 2, want: 1, start: 0, count: 1 })).rejects.toThrow()
  } finally {
    await rm(folder, { recursive: true })
  }
})
