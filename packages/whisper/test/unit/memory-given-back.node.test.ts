import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

/** As the service files of docs/systemd set it: without it the C library keeps what it was given back. */
const serviceEnvironment = { MALLOC_TRIM_THRESHOLD_: '131072' }
const serviceFlags = ['--max-semi-space-size=2']

// What is resident is the affair of the system's allocator: measured with that of Linux.
test.skipIf(process.platform !== 'linux')(
  'a relay gives back what a hundred thousand envelopes took, once they have expired',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'memory-'))
    try {
      const outfile = join(folder, 'scenario.mjs')
      await build({
        entryPoints: [fileURLToPath(new URL('../memory-scenario.ts', import.meta.url))],
        outfile,
        bundle: true,
        format: 'esm',
        platform: 'node',
        conditions: ['status-stack-source', 'import']
      })
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--expose-gc', ...serviceFlags, outfile, '100000', '100'],
        { env: { ...process.env, ...serviceEnvironment } }
      )
      const { before, pooled, full, after } = JSON.parse(stdout)
      expect(pooled).toBe(100_000)
      // They did take their place: otherwise the next line would say nothing.
      expect(full).toBeGreaterThan(1.8 * before)
      // Measured: 1.04 to 1.12.
      expect(after).toBeLessThan(1.3 * before)
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  180_000
)
