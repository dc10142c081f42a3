// Runs the candidates of one job in turns, so that whatever else the machine does hits all of them alike.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Installs the `peers` of a bench folder when they are not there yet, and answers a function that imports from them. */
export async function peers(folder) {
  const home = join(folder, 'peers')
  if (!existsSync(join(home, 'node_modules'))) {
    const flags = ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    execFileSync('npm', flags, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const require = createRequire(join(home, 'package.json'))
  return name => import(require.resolve(name))
}

function newest(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(...readdirSync(path).map(name => newest(join(path, name))))
}

/** Builds the package of a bench folder unless its dist is newer than its sources: what is measured is what is shipped. */
export function build(folder) {
  const home = join(folder, '..')
  const built = join(home, 'dist', 'index.d.ts')
  if (existsSync(built) && newest(join(home, 'src')) < statSync(built).mtimeMs) return
  execFileSync(join(home, 'node_modules', '.bin', 'tsup'), [], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] })
}

function timed(work, times) {
  const start = process.hrtime.bigint()
  for (let i = 0; i < times; i++) work(i)
  return Number(process.hrtime.bigint() - start) / times
}

/** How often `work` runs in about `forMs`. */
function calibrate(work, forMs) {
  for (let times = 1; ; times *= 2) {
    const ns = timed(work, times) * times
    if (ns > forMs * 1e6) return Math.max(1, Math.round((times * forMs * 1e6) / ns))
  }
}

/**
 * Nanoseconds a call, medians of `rounds` interleaved rounds. `units` divides, for work that does many of a thing.
 * The first candidate is ours; `ratio` says how many times faster it is than each of the others.
 */
export function compare(job, candidates, { units = 1, rounds = 9, roundMs = 40 } = {}) {
  const runs = Object.entries(candidates).map(([name, work]) => ({
    name,
    work,
    times: calibrate(work, roundMs),
    ns: []
  }))
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) run.ns.push(timed(run.work, run.times) / units)
  }
  const results = runs.map(({ name, ns }) => ({ name, ns: ns.sort((a, b) => a - b)[ns.length >> 1] }))
  const [ours] = results
  return {
    job,
    results: results.map(({ name, ns }) => ({ name, ns: round(ns), ratio: round(ns / ours.ns) }))
  }
}

function round(value) {
  return Number(value.toPrecision(3))
}

/** Prints the jobs: one JSON document with `--json`, otherwise lines for people. */
export function report(package_, jobs) {
  const { node, v8 } = process.versions
  const platform = `${process.platform}-${process.arch}`
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ package: package_, node, v8, platform, jobs }))
    return
  }
  for (const { job, results } of jobs) {
    console.log(job)
    for (const { name, ns, ratio } of results) {
      console.log(`  ${name.padEnd(34)} ${String(ns).padStart(10)} ns ${String(ratio).padStart(8)} x`)
    }
  }
}
