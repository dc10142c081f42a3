#!/usr/bin/env node
// Builds, checks and tests everything; the last line counts it. `--no-skips-except PATTERN` makes every other
// skipped test a failure, `--with-release` builds a second time, and publishes to a registry on loopback, `--with-site` builds the
// documentation site and follows its links, `--write-interop` writes docs/interop.md, `--write-runtimes` plays every runtime and writes
// docs/runtimes.md, and `--with-soak` runs a mesh and people for two minutes (CI).
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium.mjs'
import { command } from './npm.mjs'
import { run as runAside } from './packed.mjs'
import { runTests } from './run-tests.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const strictAt = process.argv.indexOf('--no-skips-except')
const maySkip = strictAt === -1 ? undefined : new RegExp(process.argv[strictAt + 1] ?? '^$')
const forbidden = title => maySkip !== undefined && !maySkip.test(title)
const counts = { passed: 0, failed: 0, skipped: 0 }
const failures = []

const pnpmArguments = args => ['npx', ['--yes', manifest.packageManager, ...args]]
const node = (...args) => [process.execPath, args]
const pnpm = (title, ...args) => check(title, ...pnpmArguments(args))
const turbo = ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--continue', '--no-update-notifier']

const messenger = startMessengerBuild()
pnpm('build', ...turbo)
check('types', ...node('tools/typecheck.mjs'))
// Each of these keeps one core busy.
await checksSideBySide([
  ['lint and format', ...pnpmArguments(['exec', 'biome', 'check', '.'])],
  ['what the entries export is what the last review accepted', ...node('tools/api-reports.mjs')],
  ['every export of the public packages is documented', ...node('tools/docs-check.mjs')],
  ['layer boundaries', ...node('tools/check-boundaries.mjs')],
  ['unused files, exports and dependencies', ...pnpmArguments(['run', 'unused'])],
  ['spec coverage', ...node('tools/spec-coverage.mjs')],
  ['sizes in a page', ...node('tools/sizes.mjs')],
  ['manifests', ...node('tools/manifests.mjs', '--check')],
  ['decision records', ...node('tools/decisions.mjs', '--check')]
])
unitTests('tests', ['--config', 'vitest.whole.config.ts'])
if (findChromium()) unitTests('tests in a browser', ['--config', 'vitest.browser.config.ts'])
else skip('tests in a browser: no Chromium is installed')
// What is published is packed once for all that install it.
const tarballs = mkdtempSync(join(tmpdir(), 'status-stack-tarballs-'))
const packed = `--tarballs=${tarballs}`
check('packed packages, installed alone, run their examples; the projects of examples/ run on them', process.execPath, [
  'tools/pack-test.mjs',
  packed
])
if (process.argv.includes('--write-runtimes'))
  check('packed packages in every runtime', process.execPath, ['tools/runtimes.mjs', '--write', packed])
if (process.argv.includes('--with-release')) {
  check('the same bytes from another build', process.execPath, ['tools/reproducible.mjs', packed])
  check('release rehearsal', process.execPath, ['tools/release-rehearsal.mjs'])
}
if (process.argv.includes('--with-site')) check('documentation site', process.execPath, ['tools/site/build.mjs'])
rmSync(tarballs, { recursive: true, force: true })
await interop('interop with a live status-go messenger')
// Last: the Go compiler of the messenger is done by now, and the machine is this run's own. Its delays are printed and judged by nobody.
if (process.argv.includes('--with-soak')) {
  const size = ['--minutes', '2', '--rate', '100', '--clients', '10', '--full']
  pnpm('soak of two minutes: nothing lost, nothing shown twice', 'run', 'soak', ...size)
}

function run(file, args) {
  const started = Date.now()
  const { status } = spawnSync(...command(file, args), { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  return { ok: status === 0, seconds: secondsSince(started) }
}

/** One check counts as one test. */
function check(title, file, args) {
  console.log(`\n── ${title}`)
  const { ok, seconds } = run(file, args)
  count(title, ok, seconds)
}

function count(title, ok, seconds) {
  console.log(`${ok ? '✓' : '✗'} ${title} (${seconds} s)`)
  counts[ok ? 'passed' : 'failed']++
  if (!ok) failures.push(title)
}

/** Runs checks beside each other, as many as there are cores; what each prints is shown when it ends, and only if it failed. */
async function checksSideBySide(checks) {
  const waiting = [...checks]
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [title, file, args] = next
      const started = Date.now()
      const { ok, output } = await runAside(file, args, { cwd: root, deadlineMs: 1_800_000 })
      if (!ok) console.log(`\n── ${title}\n${output}`)
      count(title, ok, secondsSince(started))
    }
  }
  console.log('\n── checks without tests')
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

function secondsSince(started) {
  return Math.round((Date.now() - started) / 1000)
}

/**
 * Begins with what takes longest where nothing of it is kept: several minutes of compiling, behind everything else on the machine. Its
 * progress is printed among the rest.
 */
function startMessengerBuild() {
  const child = spawn(process.execPath, ['packages/integration/interop/build-messenger.mjs'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let said = ''
  child.stdout.on('data', data => {
    said += data
  })
  return new Promise(resolve => child.once('close', status => resolve({ built: status === 0, said: said.trim() })))
}

/** Every scenario with live peers; skipped where the peer cannot be had, which is a failure where nothing may be skipped. */
async function interop(title) {
  const { built, said } = await messenger
  if (!built) return skip(`${title}: ${said}`)
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-tests-'))
  const report = join(folder, 'report.json')
  unitTests(title, ['--config', 'vitest.interop.config.ts'], report)
  if (process.argv.includes('--write-interop')) {
    process.env.INTEROP_REPORT = report
    pnpm('docs/interop.md', 'exec', 'vitest', 'run', '--project', 'integration', 'test/interop/interop-page.test.ts')
  }
  rmSync(folder, { recursive: true, force: true })
}

function skip(title) {
  console.log(`skipped  ${title}`)
  counts.skipped++
  if (forbidden(title)) fail(`may not be skipped here: ${title}`)
}

function fail(title) {
  counts.failed++
  failures.push(title)
}

function unitTests(title, options, report) {
  console.log(`\n── ${title}`)
  const result = runTests({ root, vitest: pnpmArguments(['exec', 'vitest']), options, report })
  for (const file of result.lost) fail(`${file} was not run`)
  counts.passed += result.passed
  counts.failed += result.failed
  counts.skipped += result.skipped.length
  failures.push(...result.failures)
  for (const title of result.broken) fail(title)
  for (const { place, name } of result.skipped) {
    console.log(`skipped  ${place}: ${name}`)
    if (forbidden(name)) fail(`may not be skipped here: ${place}: ${name}`)
  }
}

console.log('')
for (const failure of failures) console.log(`✗ ${failure}`)
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`)
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exit(counts.failed === 0 ? 0 : 1)
