#!/usr/bin/env node
// `pnpm interop`: plays every scenario with live peers and writes docs/interop.md. Arguments go to vitest: a run of some of them
// writes no page.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const vitest = (args, env = {}) =>
  spawnSync(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env }
  }).status

const some = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'status-stack-interop-'))
const report = join(folder, 'report.json')
const reporters = ['--reporter=tree', '--reporter=json', `--outputFile.json=${report}`]
let status = vitest(['--config', 'vitest.interop.config.ts', ...reporters, ...some])
if (some.length === 0 && existsSync(report)) {
  const written = vitest(['--project', 'integration', 'test/interop/interop-page.test.ts'], { INTEROP_REPORT: report })
  status ||= written
}
rmSync(folder, { recursive: true, force: true })
process.exit(status ?? 1)
