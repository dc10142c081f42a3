#!/usr/bin/env node
// Plays the packed packages in every runtime that they are for: vectors, compliance cases, README examples, and the types for TypeScript
// users. `--write` writes docs/runtimes.json and docs/runtimes.md; names of cells play those alone.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium, findOnPath } from './chromium.mjs'
import { command } from './npm.mjs'
import { packAll, publicPackages, root, run, tarballFolder } from './packed.mjs'
import { failuresOf, pageOf } from './runtimes/document.mjs'
import { outcomeWithGaps } from './runtimes/gaps.mjs'
import { needsNode } from './runtimes/node-needs.mjs'
import { buildPage, outcomeOf } from './runtimes/page.mjs'
import { compilers, programs } from './runtimes/programs.mjs'
import { createProject } from './runtimes/project.mjs'
import { checkTypes, prepareUsers } from './runtimes/types.mjs'

const write = process.argv.includes('--write')
const only = process.argv.slice(2).filter(word => !word.startsWith('--'))
const wanted = id => only.length === 0 || only.includes(id)
/** A watchdog: a cell takes half a minute on a quiet machine. */
const cellMs = 1_200_000
const started = Date.now()
const work = mkdtempSync(join(tmpdir(), 'status-stack-runtimes-'))

function say(text) {
  console.log(`· ${Math.round((Date.now() - started) / 1000)} s ${text}`)
}

/** Runs the suites and the examples in one program. */
async function playProgram({ id, title, find, args }, project, examples) {
  const program = await find()
  const { ok, output, stdout } = await run(program, [...args, 'suites/here.mjs'], { cwd: project, deadlineMs: cellMs })
  const line = stdout.split('\n').find(text => text.startsWith('RESULT '))
  if (!ok || line === undefined) throw new Error(`${title}: the suites did not end\n${output.slice(-2000)}`)
  const result = JSON.parse(line.slice('RESULT '.length))
  const outcomes = {}
  for (const name of examples.keys()) {
    const ran = await run(program, [...args, `examples/${name}.mjs`], { cwd: project })
    const outcome = ran.ok ? 'passed' : `failed: ${ran.output.trim().split('\n').slice(-8).join('\n')}`
    outcomes[name] = outcomeWithGaps(id, name, outcome)
  }
  return { title, ...result, examples: outcomes }
}

const policies = {
  none: undefined,
  strict: "script-src 'self'",
  wasm: "script-src 'self' 'wasm-unsafe-eval'"
}

function pagesToPlay() {
  const found = { chromium: findChromium(), firefox: findOnPath(['firefox-esr', 'firefox']) }
  return Object.entries(found).flatMap(([browser, program]) =>
    Object.entries(policies).map(([policy, value]) => ({
      id: policy === 'none' ? browser : `${browser}-${policy}`,
      title: browser === 'chromium' ? 'Chromium' : 'Firefox',
      browser,
      program,
      policy: value
    }))
  )
}

async function play(tasks) {
  const results = {}
  const queue = tasks.filter(({ id }) => wanted(id))
  const worker = async () => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const before = Date.now()
      try {
        results[task.id] = await task.play()
      } catch (error) {
        results[task.id] = { title: task.title, error: error.message }
      }
      say(`${task.id} took ${Math.round((Date.now() - before) / 1000)} s`)
    }
  }
  await Promise.all([worker(), worker()])
  return results
}

function tasksOf(project, examples, www) {
  const pages = pagesToPlay().map(page => ({
    ...page,
    play: async () => {
      if (page.program === undefined) return { title: page.title, missing: `${page.title} is not installed` }
      return { title: page.title, policy: page.policy, ...(await outcomeOf(www, { ...page, deadlineMs: cellMs })) }
    }
  }))
  return {
    programs: programs.map(each => ({ ...each, play: () => playProgram(each, project, examples) })),
    pages,
    types: compilers.map(version => ({
      id: `typescript-${version}`,
      title: `TypeScript ${version}`,
      play: () => checkTypes(project, version)
    }))
  }
}

async function main() {
  const packages = publicPackages()
  const tarballs = await packAll(packages, tarballFolder ?? join(work, 'tarballs'))
  say(`${tarballs.size} packages are packed`)
  const project = join(work, 'project')
  const examples = await createProject(project, packages, tarballs)
  await prepareUsers(project, packages)
  const inPages = [...examples].filter(([, code]) => !needsNode(code)).map(([name]) => name)
  const www = await buildPage(project, inPages)
  say('they are installed, and the page is built')
  const tasks = tasksOf(project, examples, www)
  const results = await play([...tasks.programs, ...tasks.pages, ...tasks.types])
  const pick = list => Object.fromEntries(list.filter(({ id }) => id in results).map(({ id }) => [id, results[id]]))
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    programs: pick(tasks.programs),
    pages: pick(tasks.pages),
    types: pick(tasks.types)
  }
}

try {
  const results = await main()
  const failures = failuresOf(results)
  for (const failure of failures) console.log(`✗ ${failure}`)
  if (write && only.length === 0) {
    const json = join(root, 'docs', 'runtimes.json')
    writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`)
    writeFileSync(join(root, 'docs', 'runtimes.md'), pageOf(results))
    spawnSync(...command('npx', ['biome', 'format', '--write', json]), { cwd: root, stdio: 'ignore' })
  }
  say(failures.length === 0 ? 'everything that was played passed' : `${failures.length} failures`)
  process.exitCode = failures.length === 0 ? 0 : 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
