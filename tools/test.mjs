#!/usr/bin/env node
// `npm test`: builds, checks and tests everything; the last line counts it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChecks } from './checks.mjs'
import { findChromium } from './chromium.mjs'
import { command, pnpm, tool } from './npm.mjs'
import { root, run } from './packed.mjs'
import { runTests } from './run-tests.mjs'

const usage = `usage: npm test -- [options]
  --whole                    runs what takes long as well (tools/long-tests.mjs), installs each package alone, and
                             talks to a status-go messenger, which it builds
  --no-skips-except PATTERN  every other skipped test is a failure
  --with-release             builds a second time, and publishes to a registry on loopback
  --with-site                builds the documentation site and follows its links
  --with-soak                runs a mesh and people for two minutes
  --write-interop            writes docs/interop.md
  --write-runtimes           plays every runtime and writes docs/runtimes.md`
const flags = ['whole', 'with-release', 'with-site', 'with-soak', 'write-interop', 'write-runtimes', 'help']
const options = optionsOf(process.argv.slice(2))
const forbidden = title => options.maySkip !== undefined && !options.maySkip.test(title)
const counts = { passed: 0, failed: 0, skipped: 0 }
const failures = []

const turbo = ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--continue', '--no-update-notifier']

const vitest = tool('vitest/vitest.mjs')
const messenger = options.whole ? buildMessenger() : undefined
await check('build', ...pnpm(...turbo))
console.log('\n── checks without tests')
await runChecks(count)
// What is published is packed once for all that install it.
const tarballs = mkdtempSync(join(tmpdir(), 'status-stack-tarballs-'))
const packed = `--tarballs=${tarballs}`
const projects = names => names.flatMap(name => ['--project', name])
const long = options.whole ? { programs: ['long'], browser: ['same sources'] } : { programs: [], browser: [] }
const units = (names, workers) => [
  ...['--config', 'vitest.whole.config.ts', '--maxWorkers', String(workers)],
  ...projects(names)
]
// Waits for peers most of the time: beside what computes, and printed when it has ended.
const live = messenger && interop('interop with a live status-go messenger')
// Beside tests that wait for processes of their own: those of libraries, which compute, and one process that computes, then a browser. vitest
// ends a worker that others could share as soon as the next file is none of them, so the two kinds have a run each (decision 0057).
const cores = availableParallelism()
const beside = (async () => {
  await packages()
  const inBrowser = ['--config', 'vitest.browser.config.ts', ...projects(['shared page', 'own page', ...long.browser])]
  if (findChromium()) await testsAside('tests in a browser', inBrowser)
  else skip('tests in a browser: no Chromium is installed')
})()
const libraries = testsAside('tests of libraries', units(['libraries'], cores + 1))
await unitTests('tests of programs', units(['programs', ...long.programs], cores + 1))
await libraries
await beside
if (options['write-runtimes'])
  await check('packed packages in every runtime', process.execPath, ['tools/runtimes.mjs', '--write', packed])
if (options['with-release']) {
  await check('the same bytes from another build', process.execPath, ['tools/reproducible.mjs', packed])
  await check('release rehearsal', process.execPath, ['tools/release-rehearsal.mjs'])
}
if (options['with-site']) await check('documentation site', process.execPath, ['tools/site/build.mjs'])
rmSync(tarballs, { recursive: true, force: true })
await live
// Last: the Go compiler of the messenger is done by now, and the machine is this run's own. Its delays are printed and judged by nobody.
if (options['with-soak']) {
  const size = ['--minutes', '2', '--rate', '100', '--clients', '10', '--full']
  await check('soak of two minutes: nothing lost, nothing shown twice', ...pnpm('run', 'soak', ...size))
}

/** What the words of the command line ask for; ends the program when they ask for nothing that it knows. */
function optionsOf(words) {
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        'no-skips-except': { type: 'string' },
        ...Object.fromEntries(flags.map(name => [name, { type: 'boolean' }]))
      }
    })
    if (values.help) {
      console.log(usage)
      process.exit(0)
    }
    const pattern = values['no-skips-except']
    return { ...values, maySkip: pattern === undefined ? undefined : new RegExp(pattern) }
  } catch (error) {
    console.error(`${error.message}\n${usage}`)
    process.exit(2)
  }
}

/** What is published, installed as its users do: each package alone in a whole run, all of them together without. */
function packages() {
  const [how, more] = options.whole ? ['alone', '; the projects of examples/ run on them'] : ['together', '']
  const mode = options.whole ? [] : ['--together']
  const title = `packed packages, installed ${how}, run their examples${more}`
  return checkAside(title, process.execPath, ['tools/pack-test.mjs', packed, ...mode])
}

/** One check counts as one test. */
async function check(title, file, args) {
  console.log(`\n── ${title}`)
  const started = Date.now()
  const child = spawn(...command(file, args), { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const [status] = await once(child, 'close')
  count(title, status === 0, Math.round((Date.now() - started) / 1000))
}

/** The same beside others: what it prints is shown when it has ended. */
async function checkAside(title, file, args) {
  const { ok, output, seconds } = await run(file, args, { cwd: root, deadlineMs: 1_800_000 })
  console.log(`\n── ${title}\n${output}`)
  count(title, ok, seconds)
}

function count(title, ok, seconds) {
  console.log(`${ok ? '✓' : '✗'} ${title} (${seconds} s)`)
  counts[ok ? 'passed' : 'failed']++
  if (!ok) failures.push(title)
}

/** The status-go messenger: several minutes of compiling, behind everything else on the machine, whose progress is printed among the rest. */
function buildMessenger() {
  const child = spawn(process.execPath, ['packages/integration/interop/build-messenger.mjs'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let said = ''
  child.stdout.on('data', data => {
    said += data
  })
  return new Promise(resolve => child.once('close', status => resolve({ found: status === 0, said: said.trim() })))
}

/** Every scenario with live peers; skipped where the peer cannot be had, which is a failure where nothing may be skipped. */
async function interop(title) {
  const { found, said } = await messenger
  if (!found) return skip(`${title}: ${said}`)
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-tests-'))
  const report = join(folder, 'report.json')
  await testsAside(title, ['--config', 'vitest.interop.config.ts'], report)
  if (options['write-interop']) {
    process.env.INTEROP_REPORT = report
    const page = ['--project', 'integration', 'test/interop/interop-page.test.ts']
    await check('docs/interop.md', ...tool('vitest/vitest.mjs', 'run', ...page))
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

async function unitTests(title, options) {
  console.log(`\n── ${title}`)
  take(await runTests({ root, vitest, options }))
}

/** The same beside others: what they print is shown when they have ended. */
async function testsAside(title, options, report) {
  let printed = ''
  const print = text => {
    printed += text
  }
  const result = await runTests({ root, vitest, options, report, print })
  console.log(`\n── ${title}\n${printed}`)
  take(result)
}

/** Adds what a run of tests says to what is told at the end. */
function take(result) {
  console.log(`· longest: ${result.longest.map(({ place, seconds }) => `${place} ${seconds} s`).join(', ')}`)
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
if (!options.whole) console.log('· what takes long was left out: `npm test -- --whole` adds it')
for (const failure of failures) console.log(`✗ ${failure}`)
if (counts.skipped > 0) console.log(`${counts.skipped} skipped`)
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exit(counts.failed === 0 ? 0 : 1)
