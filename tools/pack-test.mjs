#!/usr/bin/env node
// Packs each public package as it would be published, installs it alone into an empty project with npm, and runs the
// first `js` block of its README there (an app: its `--help`). publint reads each tarball.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const work = mkdtempSync(join(tmpdir(), 'status-stack-pack-'))
const only = process.argv.slice(2)
const deadlineMs = 180_000

function run(file, args, cwd) {
  return new Promise(resolve => {
    const child = spawn(file, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, npm_config_update_notifier: 'false' }
    })
    let output = ''
    child.stdout.on('data', chunk => {
      output += chunk
    })
    child.stderr.on('data', chunk => {
      output += chunk
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
    child.on('close', code => {
      clearTimeout(timer)
      resolve({ ok: code === 0, output })
    })
  })
}

const packages = ['packages', 'apps']
  .flatMap(group =>
    readdirSync(join(root, group)).map(name => {
      const folder = join(root, group, name)
      return { folder, json: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }
    })
  )
  .filter(({ json }) => !json.private)
const byName = new Map(packages.map(package_ => [package_.json.name, package_]))

function closure(name, seen = new Set()) {
  if (seen.has(name) || !byName.has(name)) return seen
  seen.add(name)
  const { dependencies = {}, optionalDependencies = {} } = byName.get(name).json
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) closure(dependency, seen)
  return seen
}

async function pack(package_) {
  const folder = join(work, 'tarballs', package_.json.name.replaceAll('/', '-'))
  mkdirSync(folder, { recursive: true })
  const { ok, output } = await run(
    'npx',
    ['--yes', packageManager, 'pack', '--pack-destination', folder],
    package_.folder
  )
  if (!ok) throw new Error(`${package_.json.name}: pack failed\n${output}`)
  package_.tarball = join(folder, readdirSync(folder)[0])
}

function exampleOf(folder) {
  if (!existsSync(join(folder, 'README.md'))) return undefined
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  return /^```js\n([\s\S]*?)^```/m.exec(readme)?.[1]
}

async function tryOut({ json, folder, tarball }) {
  const project = join(work, 'projects', json.name.replaceAll('/', '-'))
  mkdirSync(project, { recursive: true })
  const dependencies = Object.fromEntries(
    [...closure(json.name)].map(name => [name, `file:${byName.get(name).tarball}`])
  )
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty-project', private: true, type: 'module', dependencies })
  )
  const installed = await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'],
    project
  )
  if (!installed.ok) return `npm install failed\n${installed.output}`
  const linted = await run(join(root, 'node_modules/.bin/publint'), ['--strict', tarball], project)
  if (!linted.ok) return `publint\n${linted.output}`
  if (json.bin) {
    const [name] = Object.keys(json.bin)
    const help = await run(join(project, 'node_modules/.bin', name), ['--help'], project)
    return help.ok && help.output.includes(name) ? undefined : `${name} --help failed\n${help.output}`
  }
  const example = exampleOf(folder)
  if (example === undefined) return 'README.md has no js example'
  writeFileSync(join(project, 'example.mjs'), example)
  const ran = await run(process.execPath, ['example.mjs'], project)
  return ran.ok ? undefined : `the README's example failed\n${ran.output}`
}

let failed = 0
try {
  for (const package_ of packages) await pack(package_)
  const queue = packages.filter(({ json }) => only.length === 0 || only.some(name => json.name.endsWith(name)))
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const problem = await tryOut(next)
      console.log(
        `${problem === undefined ? '✓' : '✗'} ${next.json.name}${problem === undefined ? '' : `: ${problem}`}`
      )
      if (problem !== undefined) failed++
    }
  }
  await Promise.all([worker(), worker()])
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.exit(failed === 0 ? 0 : 1)
