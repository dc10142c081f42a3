// Runs test files with vitest, and sees to it that each was run.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { command } from './npm.mjs'

/**
 * Runs the tests that some options choose. When a worker of the runner dies, the files that wait for it are in no report, and at times the
 * whole runner dies with it. Files that are missing are run once more, which is said: a test that fails is never run again.
 * @param input `root`; `vitest`: `[program, arguments]`; `options` of vitest; `report`: a file that keeps vitest's own report; `print`: takes what is
 * printed, which goes to this program's own output without it
 * @returns how many `passed` and `failed`; `failures`: the failed ones; `broken`: files that failed without a test; `skipped`; `lost`: files that were
 * not run; `longest`: the ten files whose tests took most of the time, with their `seconds`
 */
export async function runTests({ root, vitest, options, report, print }) {
  const folder = mkdtempSync(join(tmpdir(), 'status-stack-tests-'))
  try {
    const expected = filesToRun({ root, vitest, options, folder })
    if (expected.length === 0) return { ...summaryOf(root, []), broken: ['the runner found no test files'], lost: [] }
    const first = await runOnce({ root, vitest, options, print, report: join(folder, 'first.json') })
    const results = first.testResults.filter(wasRun)
    const lostOf = () => {
      const ran = new Set(results.map(({ name }) => relative(root, name)))
      return expected.filter(file => !ran.has(file))
    }
    const again = lostOf()
    let last = first
    if (again.length > 0) {
      const say = print ?? (text => process.stdout.write(text))
      say(`· a worker of the runner died: ${again.length} of ${expected.length} files were not run, and are now\n`)
      // Each in a process of its own, so that one that dies takes no other along.
      const chosen = ['--isolate', ...(again.length === expected.length ? [] : again)]
      last = await runOnce({
        root,
        vitest,
        print,
        options: [...options, ...chosen],
        report: join(folder, 'again.json')
      })
      results.push(...last.testResults.filter(wasRun))
    }
    if (report !== undefined) writeFileSync(report, JSON.stringify({ ...first, testResults: results }))
    const summary = { ...summaryOf(root, results), lost: lostOf() }
    const isExplained = last.isOk || summary.failed + summary.broken.length + summary.lost.length > 0
    // A rejection that nobody handles belongs to no test.
    return isExplained ? summary : { ...summary, broken: ['the runner saw errors outside of tests'] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of a file whose worker died the report says that it passed, with tests that are pending, or with none. */
const wasRun = ({ status, assertionResults }) =>
  status === 'failed' || (assertionResults.length > 0 && assertionResults.every(test => test.status !== 'pending'))

async function runOnce({ root, vitest: [program, given], options, report, print }) {
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
  const output = print ? 'pipe' : 'inherit'
  const child = spawn(...command(program, [...given, 'run', ...options, ...reporters]), {
    cwd: root,
    stdio: ['ignore', output, output]
  })
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', print)
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  const said = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { testResults: [] }
  return { ...said, isOk: status === 0 }
}

/** The test files that vitest finds, from the root. */
function filesToRun({ root, vitest: [program, given], options, folder }) {
  const list = join(folder, 'files.json')
  const { status } = spawnSync(...command(program, [...given, 'list', ...options, '--filesOnly', `--json=${list}`]), {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit']
  })
  return status === 0 ? JSON.parse(readFileSync(list, 'utf8')).map(({ file }) => relative(root, file)) : []
}

const ofSkipped = new Set(['skipped', 'todo'])

function summaryOf(root, results) {
  const tests = results.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, fullName }) => ({ place: relative(root, name), name: fullName, status }))
  )
  const having = status => tests.filter(test => test.status === status)
  return {
    longest: longestOf(root, results),
    passed: having('passed').length,
    failed: having('failed').length,
    failures: having('failed').map(({ place, name }) => `${place}: ${name}`),
    skipped: tests.filter(({ status }) => ofSkipped.has(status)),
    broken: results
      .filter(({ status, assertionResults }) => {
        return status === 'failed' && assertionResults.every(test => test.status !== 'failed')
      })
      .map(({ name, message }) => `${relative(root, name)}: ${String(message).split('\n')[0]}`)
  }
}

function longestOf(root, results) {
  const took = results.map(({ name, startTime = 0, endTime = startTime }) => {
    return { place: relative(root, name), seconds: Math.round((endTime - startTime) / 1000) }
  })
  return took.sort((one, other) => other.seconds - one.seconds).slice(0, 10)
}
