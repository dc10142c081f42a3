// Runs the candidates of one job in turns, so that whatever else the machine does hits all of them alike.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { command } from './npm.mjs'

/** Installs the `peers` of a bench folder when they are not there yet, and answers a function that imports from them. */
export async function peers(folder) {
  const home = join(folder, 'peers')
  if (!existsSync(join(home, 'node_modules'))) {
    const flags = ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    execFileSync(...command('npm', flags), { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const require = createRequire(join(home, 'package.json'))
  return name => import(require.resolve(name))
}

function newest(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(...readdirSync(path).map(name => newest(join(path, name))))
}

/**
 * Builds a package unless its dist is newer than its sources: what is measured is what is shipped. `home` is its folder,
 * `output` the file that its build writes last.
 */
export function build(home, output = 'index.js') {
  const built = join(home, 'dist', output)
  if (existsSync(built) && newest(join(home, 'src')) < statSync(built).mtimeMs) return
  execFileSync(join(home, 'node_modules', '.bin', 'tsup'), ['--no-dts'], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit']
  })
}

const isAsync = value => typeof value?.then === 'function'

async function timed(work, times) {
  const start = process.hrtime.bigint()
  const first = work(0)
  if (isAsync(first)) {
    await first
    for (let i = 1; i < times; i++) await work(i)
  } else for (let i = 1; i < times; i++) work(i)
  return Number(process.hrtime.bigint() - start) / times
}

/** How often `work` runs in about `forMs`. */
async function calibrate(work, forMs) {
  for (let times = 1; ; times *= 2) {
    const ns = (await timed(work, times)) * times
    if (ns > forMs * 1e6) return Math.max(1, Math.round((times * forMs * 1e6) / ns))
  }
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

const mediansOf = runs => runs.map(({ name, ns }) => ({ name, ns: median(ns) }))

/**
 * Nanoseconds a call, medians of `rounds` interleaved rounds. `units` divides, for work that does many of a thing. Work may
 * be asynchronous. The first candidate is ours; `ratio` says how many times faster it is than each of the others, `aim` what it
 * should be.
 */
export async function compare(job, candidates, { units = 1, rounds = 9, roundMs = 40, aim } = {}) {
  const runs = []
  for (const [name, work] of Object.entries(candidates)) {
    runs.push({ name, work, times: await calibrate(work, roundMs), ns: [] })
  }
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) run.ns.push((await timed(run.work, run.times)) / units)
  }
  return comparison(job, mediansOf(runs), aim)
}

/**
 * The same for candidates with a clock of their own: each is a function that does `units` units, may prepare outside of the
 * clock, and answers the nanoseconds it took. `warmUp` rounds do not count.
 */
export async function compareClocked(job, candidates, { units = 1, rounds = 5, warmUp = 1, aim } = {}) {
  const runs = Object.entries(candidates).map(([name, work]) => ({ name, work, ns: [] }))
  for (let turn = -warmUp; turn < rounds; turn++) {
    for (const run of runs) {
      const ns = (await run.work(units)) / units
      if (turn >= 0) run.ns.push(ns)
    }
  }
  return comparison(job, mediansOf(runs), aim)
}

/** Nanoseconds of CPU that `work` takes, all threads of the process: other processes do not count. */
export async function clocked(work) {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return 1000 * (user + system)
}

/** A job from nanoseconds that were measured elsewhere. */
export function comparison(job, medians, aim) {
  const [ours] = medians
  return {
    job,
    ...(aim === undefined ? {} : { aim }),
    results: medians.map(({ name, ns }) => ({ name, ns: round(ns), ratio: round(ns / ours.ns) }))
  }
}

/** A job whose results are no times: bytes, or how many a second. */
export function measurement(job, unit, values, aim) {
  return {
    job,
    unit,
    ...(aim === undefined ? {} : { aim }),
    results: Object.entries(values).map(([name, value]) => ({ name, value: round(value) }))
  }
}

function round(value) {
  return Number(value.toPrecision(3))
}

const columns = ({ ns, ratio, value }, unit) => {
  if (value !== undefined) return `${String(value).padStart(12)} ${unit}`
  const time = ns < 1e6 ? `${String(ns).padStart(12)} ns` : `${String(round(ns / 1e6)).padStart(12)} ms`
  return `${time} ${String(ratio).padStart(8)} x`
}

/** Prints the jobs: one JSON document with `--json`, otherwise lines for people. `extra` joins the document. */
export function report(package_, jobs, extra = {}) {
  const { node, v8 } = process.versions
  const platform = `${process.platform}-${process.arch}`
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ package: package_, node, v8, platform, ...extra, jobs }))
    return
  }
  for (const { job, aim, unit, results } of jobs) {
    console.log(aim === undefined ? job : `${job}   (aim: ${aim})`)
    for (const { name, ...rest } of results) console.log(`  ${name.padEnd(46)} ${columns(rest, unit)}`)
  }
  if (Object.keys(extra).length > 0) console.log(JSON.stringify(extra))
}
