#!/usr/bin/env node
// Packs each public package as it would be published. Each tarball is read by publint and by are-the-types-wrong, and looked through for what
// must not be in it. Then each is installed into an empty project of its own with npm, where what it brings along has to come under a licence
// that may ship, and where the first `js` block of its README runs (an app: its `--help`); and each project of examples/ is installed from the
// tarballs and tested. `--together` installs all packages into one project and leaves the examples out. Names of packages or examples try
// those alone, `--examples` all examples and nothing else.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { examples, tryExample } from './example-projects.mjs'
import { closure, exampleOf, packAll, publicPackages, root, run, tarballFolder } from './packed.mjs'
import { licenceProblems, tarballProblems } from './tarball-checks.mjs'
import { typeProblems } from './type-resolution.mjs'

const work = mkdtempSync(join(tmpdir(), 'status-stack-pack-'))
const words = process.argv.slice(2)
const only = words.filter(word => !word.startsWith('--'))
const [together, examplesOnly] = [words.includes('--together'), words.includes('--examples')]
const packages = publicPackages()
const licence = readFileSync(join(root, 'LICENSE'), 'utf8')

/** What is wrong with a tarball as it is, in words. */
async function problemsIn(tarball) {
  const { buffer } = new Uint8Array(readFileSync(tarball))
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true })
  const linted = messages.map(message => `publint: ${formatMessage(message, pkg, { color: false })}`)
  return [...tarballProblems(tarball, licence), ...linted, ...(await typeProblems(tarball))].join('\n')
}

/** Installs packages into an empty project, each with those of ours that it needs. */
async function install(name, names, tarballs) {
  const folder = join(work, 'projects', name)
  mkdirSync(folder, { recursive: true })
  const needed = new Set(names.flatMap(each => [...closure(each, packages)]))
  const dependencies = Object.fromEntries([...needed].map(each => [each, `file:${tarballs.get(each)}`]))
  const manifest = { name: 'empty-project', private: true, type: 'module', dependencies }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const flags = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
  const { ok, output } = await run('npm', flags, { cwd: folder })
  return { folder, problem: ok ? licenceProblems(folder).join('\n') : `npm install failed\n${output}` }
}

/** Runs what its README shows first, where it is installed. */
async function runProblem({ json, folder }, project) {
  if (json.bin) {
    const [name] = Object.keys(json.bin)
    const help = await run(join(project, 'node_modules/.bin', name), ['--help'], { cwd: project })
    return help.ok && help.output.includes(name) ? '' : `${name} --help failed\n${help.output}`
  }
  const example = exampleOf(folder)
  if (example === undefined) return 'README.md has no js example'
  const file = `example-of-${json.name.replaceAll('/', '-')}.mjs`
  writeFileSync(join(project, file), example)
  const ran = await run(process.execPath, [file], { cwd: project })
  return ran.ok ? '' : `the README's example failed\n${ran.output}`
}

let failed = 0
/** Attempts everything in a queue, two at a time. */
async function attemptAll(queue) {
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const problem = await next.attempt()
      console.log(problem === '' ? `✓ ${next.json.name}` : `✗ ${next.json.name}: ${problem}`)
      if (problem !== '') failed++
    }
  }
  await Promise.all([worker(), worker()])
}

const isWanted = ({ json }) => only.length === 0 || only.some(name => json.name.endsWith(name))

try {
  const tarballs = await packAll(packages, tarballFolder ?? join(work, 'tarballs'))
  const wanted = examplesOnly ? [] : packages.filter(isWanted)
  const names = wanted.map(({ json }) => json.name)
  const shared = together ? await install('together', names, tarballs) : undefined
  await attemptAll([
    ...wanted.map(each => ({
      ...each,
      attempt: async () => {
        const { name } = each.json
        const read = await problemsIn(tarballs.get(name))
        if (read !== '') return read
        const { folder, problem } = shared ?? (await install(name.replaceAll('/', '-'), [name], tarballs))
        return problem === '' ? await runProblem(each, folder) : problem
      }
    })),
    ...(together ? [] : examples())
      .filter(isWanted)
      .map(each => ({ ...each, attempt: async () => (await tryExample(each, packages, tarballs, work)) ?? '' }))
  ])
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.exit(failed === 0 ? 0 : 1)
