#!/usr/bin/env node
// Runs the benches of all packages, or of those named: each measures ours and its peers side by side in one run.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const wanted = process.argv.slice(2)
let failed = 0
for (const group of ['packages', 'apps']) {
  for (const name of readdirSync(join(root, group))) {
    const bench = join(root, group, name, 'bench', 'run.mjs')
    if (!existsSync(bench) || (wanted.length > 0 && !wanted.includes(name))) continue
    console.error(`· ${name}`)
    const { status, stdout } = spawnSync(process.execPath, [bench, '--json'], {
      cwd: join(root, group, name),
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 64 << 20
    })
    process.stdout.write(stdout)
    if (status !== 0) failed++
    const results = join(root, 'bench-results')
    mkdirSync(results, { recursive: true })
    writeFileSync(join(results, `${name}.json`), stdout)
  }
}
process.exit(failed === 0 ? 0 : 1)
