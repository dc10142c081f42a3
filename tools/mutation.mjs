#!/usr/bin/env node
// Changes the sources of a package one place at a time and asks its tests whether they notice: `pnpm mutation [--package NAME] [--files GLOB]
// [--tests GLOB] [--without GLOB] [--workers N] [--again | --survivors]`. Takes long; not part of `npm test`. Prints scores and what survived; the whole report is in reports/mutation.
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'

/** What is mutated of each package: where a mistake costs a message or a secret. */
const targets = {
  'status-pfs': ['src/**/*.ts'],
  'status-sync': ['src/**/*.ts'],
  'status-data': ['src/**/*.ts'],
  'status-client': ['src/sending/*.ts', 'src/receiving/*.ts']
}
const leftOut = ['index', 'limits', 'options', 'errors', 'ports', 'types'].map(name => `src/**/${name}.ts`)

const isSurvivor = ({ status }) => status === 'Survived' || status === 'NoCoverage'
const slowTests = ['**/{properties,model}/**', '**/{slices,costs,loss,crash,crash-features}.test.ts']

const { values } = parseArgs({
  options: {
    package: { type: 'string' },
    files: { type: 'string', multiple: true },
    // Those that are to notice: with fewer, a mutant takes less time, and more of them survive.
    tests: { type: 'string', multiple: true, default: ['test/**/*.test.ts'] },
    // Those that draw at random or measure work: they take seconds, and reach everything. A second run asks them about what survived.
    without: { type: 'string', multiple: true, default: slowTests },
    workers: { type: 'string', default: '1' },
    // Asks again about every mutant, also where neither the source nor its tests changed since the last run.
    again: { type: 'boolean', default: false },
    // Only what survived the last run, asked of the tests named now; what they notice is entered in its report.
    survivors: { type: 'boolean', default: false }
  }
})
const names = values.package === undefined ? Object.keys(targets) : [values.package]
const unknown = names.find(name => targets[name] === undefined)
if (unknown !== undefined) {
  console.error(`${unknown} is not among ${Object.keys(targets).join(', ')}`)
  process.exit(2)
}

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
for (const name of names) {
  process.env.MUTATION_PACKAGE = name
  process.env.MUTATION_TESTS = JSON.stringify(values.tests)
  process.env.MUTATION_WITHOUT = JSON.stringify(values.without)
  const folder = `packages/${name}`
  const base = `reports/mutation/${name}`
  const last = values.survivors ? JSON.parse(readFileSync(`${base}.json`, 'utf8')) : undefined
  const report = values.survivors ? `${base}.survivors` : base
  const stryker = new Stryker({
    testRunner: 'vitest',
    vitest: { configFile: 'vitest.mutation.config.ts', related: true },
    plugins: ['@stryker-mutator/vitest-runner'],
    mutate: [
      ...(values.survivors
        ? survivorsOf(last, folder)
        : (values.files ?? targets[name]).map(glob => `${folder}/${glob}`)),
      ...['src/gen/**', 'src/testing/**', '**/*.d.ts', ...leftOut].map(glob => `!${folder}/${glob}`)
    ],
    mutator: { excludedMutations: ['StringLiteral'] },
    // The sandbox is a copy: only what this package's tests read.
    ignorePatterns: [
      '*',
      '**/*',
      `!${folder}/**/*`,
      '**/{dist,node_modules}/**',
      '!package.json',
      '!tsconfig.base.json',
      '!vitest.mutation.config.ts',
      '!tools/mutation-{setup,worker}.mjs'
    ],
    // Each run has a sandbox of its own: two may go side by side.
    tempDirName: `.stryker-tmp/${name}`,
    concurrency: Number(values.workers),
    // A mutant that runs out of time counts as noticed: only a loop may, not a busy machine.
    timeoutMS: 20_000,
    timeoutFactor: 5,
    incremental: !values.survivors,
    incrementalFile: `${report}.incremental.json`,
    force: values.again,
    ignoreStatic: true,
    reporters: ['json', 'html', 'progress-append-only'],
    jsonReporter: { fileName: `${report}.json` },
    htmlReporter: { fileName: `${report}.html` },
    checkers: [],
    allowEmpty: false,
    thresholds: { high: 95, low: 85, break: null }
  })
  await stryker.runMutationTest()
  const found = JSON.parse(readFileSync(`${report}.json`, 'utf8'))
  if (last !== undefined) {
    enter(found, last)
    writeFileSync(`${base}.json`, JSON.stringify(last))
  }
  print(name, last ?? found)
}

/** Where mutants survived, in the files asked for; Stryker counts columns of a range from 0, those of a report from 1. */
function survivorsOf({ files }, folder) {
  const asked = values.files?.map(file => `${folder}/${file}`)
  return Object.entries(files)
    .filter(([path]) => asked === undefined || asked.includes(path))
    .flatMap(([path, { mutants }]) =>
      mutants.filter(isSurvivor).map(({ location: { start, end } }) => {
        return `${path}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`
      })
    )
}

/** What was noticed now, in the report of the run before. */
function enter({ files }, last) {
  const keyOf = ({ mutatorName, replacement, location }) => JSON.stringify([mutatorName, replacement, location])
  for (const [path, { mutants }] of Object.entries(files)) {
    const now = new Map(mutants.map(mutant => [keyOf(mutant), mutant]))
    for (const mutant of last.files[path].mutants) {
      const { status = 'Ignored', statusReason } = now.get(keyOf(mutant)) ?? {}
      if (isSurvivor(mutant) && status !== 'Ignored') Object.assign(mutant, { status, statusReason })
    }
  }
}

function print(name, { files }) {
  const count = {}
  for (const [path, { source, mutants }] of Object.entries(files)) {
    const lines = source.split('\n')
    for (const { status, mutatorName, replacement, location } of mutants) {
      count[status] = (count[status] ?? 0) + 1
      if (!isSurvivor({ status })) continue
      const { line } = location.start
      const shown = (replacement ?? '').replace(/\s+/g, ' ').slice(0, 60)
      console.log(
        `${relative(root, path)}:${line} ${status} ${mutatorName} → ${shown}   ${lines[line - 1].trim().slice(0, 90)}`
      )
    }
  }
  const killed = (count.Killed ?? 0) + (count.Timeout ?? 0)
  const all = killed + (count.Survived ?? 0) + (count.NoCoverage ?? 0)
  console.log(`${name}: ${((100 * killed) / all).toFixed(1)} % of ${all} mutants noticed ${JSON.stringify(count)}`)
}
