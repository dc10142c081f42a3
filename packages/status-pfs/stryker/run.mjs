// Mutation testing on demand: `node stryker/run.mjs` for this package, or for a sample of any other one:
// `node stryker/run.mjs --package ../whisper --mutate 'src/bloom.ts' --tests 'test/unit/bloom.test.ts'`.
// The mutation tester is installed into stryker/peers, never into the workspace.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const folder = fileURLToPath(new URL('.', import.meta.url))
const { values } = parseArgs({
  options: {
    package: { type: 'string', default: join(folder, '..') },
    mutate: { type: 'string', default: 'src/x3dh/*.ts,src/ratchet/*.ts' },
    tests: {
      type: 'string',
      default: 'test/vectors/ratchet.test.ts,test/vectors/x3dh.test.ts,test/unit/ratchet.test.ts,test/unit/x3dh.test.ts'
    },
    summary: { type: 'string', default: '' }
  }
})
const home = resolve(values.package)

const peers = join(folder, 'peers')
const installed = join(peers, 'node_modules')
if (!existsSync(installed)) {
  const flags = ['install', '--no-package-lock', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund']
  execFileSync('npm', flags, { cwd: peers, stdio: ['ignore', 'ignore', 'inherit'] })
}
// The runner and the tests must share one vitest: the one of the package.
const shared = join(installed, 'vitest')
rmSync(shared, { recursive: true, force: true })
symlinkSync(join(home, 'node_modules', 'vitest'), shared, 'dir')

const temporary = join(home, '.stryker-tmp')
mkdirSync(temporary, { recursive: true })
const reportFile = join(temporary, 'report.json')
const config = join(temporary, 'stryker.config.json')
writeFileSync(
  config,
  JSON.stringify({
    packageManager: 'npm',
    plugins: [join(installed, '@stryker-mutator/vitest-runner/dist/src/index.js')],
    testRunner: 'vitest',
    vitest: { configFile: join(folder, 'vitest.config.ts'), related: false },
    mutate: values.mutate.split(','),
    // Without a tsconfig of its own a sandbox uses that of the package around it, whose relative paths hold.
    ignorePatterns: ['dist', 'bench', 'stryker', 'reports', 'tsconfig.json'],
    // Texts of errors are for people; tests look at codes.
    mutator: { excludedMutations: ['StringLiteral'] },
    ignoreStatic: true,
    coverageAnalysis: 'perTest',
    concurrency: 1,
    timeoutMS: 20_000,
    timeoutFactor: 4,
    disableTypeChecks: false,
    reporters: ['progress-append-only', 'clear-text', 'json'],
    clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: reportFile },
    tempDirName: '.stryker-tmp/sandboxes',
    thresholds: { high: 95, low: 85, break: null }
  })
)
const bin = join(installed, '@stryker-mutator/core/bin/stryker.js')
const run = spawnSync(process.execPath, [bin, 'run', config], {
  cwd: home,
  stdio: 'inherit',
  env: { ...process.env, STRYKER_TESTS: values.tests }
})
if (run.status !== 0) process.exit(run.status ?? 1)

/** Counts by file: what the report says in two lines. */
function summarize(report) {
  const files = {}
  const total = { killed: 0, timeout: 0, survived: 0, noCoverage: 0, ignored: 0 }
  for (const [file, { mutants }] of Object.entries(report.files)) {
    const counts = { killed: 0, timeout: 0, survived: 0, noCoverage: 0, ignored: 0 }
    for (const { status } of mutants) {
      const key = status[0].toLowerCase() + status.slice(1)
      if (key in counts) counts[key]++
    }
    for (const key of Object.keys(total)) total[key] += counts[key]
    files[file] = { ...counts, score: score(counts) }
  }
  return { tool: `stryker ${report.framework?.version ?? ''}`.trim(), score: score(total), ...total, files }
}

function score({ killed, timeout, survived, noCoverage }) {
  const valid = killed + timeout + survived + noCoverage
  return valid === 0 ? 100 : Math.round((1000 * (killed + timeout)) / valid) / 10
}

const summary = summarize(JSON.parse(readFileSync(reportFile, 'utf8')))
console.log(JSON.stringify(summary, null, 2))
if (values.summary !== '') writeFileSync(resolve(values.summary), `${JSON.stringify(summary, null, 2)}\n`)
