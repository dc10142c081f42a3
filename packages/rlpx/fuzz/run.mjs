#!/usr/bin/env node
// The full fuzz run: 200 000 seeded inputs to each decoder (or as many as the first argument says).
//   node fuzz/run.mjs [count] [seed]
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [count = '200000', seed = '1'] = process.argv.slice(2)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const args = ['vitest', 'run', '--project', 'rlpx', 'test/properties/fuzz.test.ts', '--testTimeout', '3600000']
const { status } = spawnSync('npx', args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FUZZ_COUNT: count, FUZZ_SEED: seed }
})
process.exit(status ?? 1)
