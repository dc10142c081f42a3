// Interleaved rounds, so that whatever else the machine does hits all candidates alike. Candidates are asynchronous.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Installs bench/peers when it is not there yet, and answers a function that imports from it. */
export async function peers() {
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

/** Builds a package unless its dist is newer than its sources: what is measured is what is shipped. */
export function build(home) {
  const built = join(home, 'dist', 'index.d.ts')
  if (existsSync(built) && newest(join(home, 'src')) < statSync(built).mtimeMs) return
  execFileSync(join(home, 'node_modules', '.bin', 'tsup'), [], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] })
}

function round(value) {
  return Number(value.toPrecision(3))
}

/**
 * CPU nanoseconds per unit, medians of `rounds` rounds. Each candidate is an async function that does `units` units and may
 * prepare outside the clock: it answers the nanoseconds it took. `ratio` says how many times faster the first one is.
 */
export async function compare(job, candidates, { units, rounds = 5 }) {
  const runs = Object.entries(candidates).map(([name, work]) => ({ name, work, ns: [] }))
  for (let turn = -1; turn < rounds; turn++) {
    for (const run of runs) {
      const ns = (await run.work(units)) / units
      // The first turn warms up.
      if (turn >= 0) run.ns.push(ns)
    }
  }
  const results = runs.map(({ name, ns }) => ({ name, ns: ns.sort((a, b) => a - b)[ns.length >> 1] }))
  const [ours] = results
  return { job, results: results.map(({ name, ns }) => ({ name, ns: round(ns), ratio: round(ns / ours.ns) })) }
}

/** Nanoseconds of CPU that `work` takes, all threads of the process: other processes do not count. */
export async function clocked(work) {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return 1000 * (user + system)
}

/** Prints the jobs: one JSON document with `--json`, otherwise lines for people. */
export function report(name, jobs, extra = {}) {
  const { node, v8 } = process.versions
  const platform = `${process.platform}-${process.arch}`
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ package: name, node, v8, platform, ...extra, jobs }))
    return
  }
  for (const { job, results } of jobs) {
    console.log(job)
    for (const { name, ns, ratio } of results) {
      console.log(`  ${name.padEnd(44)} ${String(Math.round(ns)).padStart(10)} ns ${String(ratio).padStart(8)} x`)
    }
  }
  console.log(JSON.stringify(extra))
}
