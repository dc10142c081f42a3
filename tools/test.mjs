#!/usr/bin/env node
// Builds, checks and tests everything; the last line counts it. `--no-skips-except PATTERN` makes every other
// skipped test a failure, `--with-release` publishes to a registry on loopback as well (CI).
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const strictAt = process.argv.indexOf('--no-skips-except')
const maySkip = strictAt === -1 ? undefined : new RegExp(process.argv[strictAt + 1] ?? '^$')
const forbidden = title => maySkip !== undefined && !maySkip.test(title)
const counts = { passed: 0, failed: 0, skipped: 0 }
const failures = []

function run(file, args) {
  const started = Date.now()
  const { status } = spawnSync(file, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32'
  })
  return { ok: status === 0, seconds: Math.round((Date.now() - started) / 1000) }
}

/** One check counts as one test. */
function check(title, file, args) {
  console.log(`\n── ${title}`)
  const { ok, seconds } = run(file, args)
  console.log(`${ok ? '✓' : '✗'} ${title} (${seconds} s)`)
  counts[ok ? 'passed' : 'failed']++
  if (!ok) failures.push(title)
  return ok
}

const pnpm = (title, ...args) => check(title, 'npx', ['--yes', manifest.packageManager, ...args])
const turbo = task => ['exec', 'turbo', 'run', task, '--output-logs=errors-only', '--continue', '--no-update-notifier']

pnpm('build', ...turbo('build'))
pnpm('types', ...turbo('typecheck'))
pnpm('lint and format', 'exec', 'biome', 'check', '.')
check('layer boundaries', process.execPath, ['tools/check-boundaries.mjs'])
check('spec coverage', process.execPath, ['tools/spec-coverage.mjs'])
check('decision records', process.execPath, ['tools/decisions.mjs', '--check'])
unitTests('tests', [])
if (findChromium()) unitTests('tests in a browser', ['--config', 'vitest.browser.config.ts'])
else skip('tests in a browser: no Chromium is installed')
check('packed packages, installed alone, run their examples', process.execPath, ['tools/pack-test.mjs'])
if (process.argv.includes('--with-release'))
  check('release rehearsal', process.execPath, ['tools/release-rehearsal.mjs'])

function skip(title) {
  console.log(`skipped  ${title}`)
  counts.skipped++
  if (forbidden(title)) fail(`may not be skipped here: ${title}`)
}

function fail(title) {
  counts.failed++
  failures.push(title)
}

function unitTests(title, options) {
  console.log(`\n── ${title}`)
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-tests-'))
  const report = join(folder, 'report.json')
  run('npx', [
    '--yes',
    manifest.packageManager,
    'exec',
    'vitest',
    'run',
    ...options,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`
  ])
  if (!existsSync(report)) {
    fail(`${title}: the runner wrote no report`)
    return
  }
  const result = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(folder, { recursive: true, force: true })
  counts.passed += result.numPassedTests
  counts.failed += result.numFailedTests
  counts.skipped += result.numPendingTests + result.numTodoTests
  for (const file of result.testResults) {
    const place = relative(root, file.name)
    if (file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed')) {
      fail(`${place}: ${String(file.message).split('\n')[0]}`)
    }
    for (const test of file.assertionResults) {
      if (test.status === 'failed') failures.push(`${place}: ${test.fullName}`)
      if (test.status === 'skipped' || test.status === 'pending' || test.status === 'todo') {
        console.log(`skipped  ${place}: ${test.fullName}`)
        if (forbidden(test.fullName)) fail(`may not be skipped here: ${place}: ${test.fullName}`)
      }
    }
  }
}

console.log('')
for (const failure of failures) console.log(`✗ ${failure}`)
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`)
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exit(counts.failed === 0 ? 0 : 1)
