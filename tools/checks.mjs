#!/usr/bin/env node
// `pnpm checks`: types, and every check of what was built and written that runs no test, beside each other. `npm test` begins with them;
// alone, after a build, they take less than a minute and tell whether a change of words only is green too.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { tool } from './npm.mjs'
import { root, run } from './packed.mjs'

const node = (...args) => [process.execPath, args]

/** Each keeps one core busy; the longest begin. */
const checks = [
  ['types', ...node('tools/typecheck.mjs')],
  ['unused files, exports and dependencies', ...tool('knip/bin/knip.js', '--no-progress', '--no-config-hints')],
  ['lint and format', ...tool('@biomejs/biome/bin/biome', 'check', '.')],
  ['every export of the public packages is documented', ...node('tools/docs-check.mjs')],
  ['sizes in a page', ...node('tools/sizes.mjs')],
  ['what the entries export is what the last review accepted', ...node('tools/api-reports.mjs')],
  ['layer boundaries', ...node('tools/check-boundaries.mjs')],
  ['spec coverage', ...node('tools/spec-coverage.mjs')],
  ['manifests', ...node('tools/manifests.mjs', '--check')],
  ['decision records', ...node('tools/decisions.mjs', '--check')]
]

/**
 * Runs the checks, as many at once as there are cores. What one prints is shown when it ends, and only if it failed.
 * @param told called with each one's title, whether it passed, and its seconds
 */
export async function runChecks(told) {
  const waiting = [...checks]
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [title, file, args] = next
      const { ok, output, seconds } = await run(file, args, { cwd: root, deadlineMs: 1_800_000 })
      if (!ok) console.log(`\n── ${title}\n${output}`)
      told(title, ok, seconds)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runChecks((title, ok, seconds) => {
    console.log(`${ok ? '✓' : '✗'} ${title} (${seconds} s)`)
    if (!ok) process.exitCode = 1
  })
}
