#!/usr/bin/env node
// Packs each public package as it would be published, installs it alone into an empty project with npm, and runs the
// first `js` block of its README there (an app: its `--help`). Each tarball is read by publint and by are-the-types-wrong, and looked
// through for what must not be in it; what it brings along has to come under a licence that may ship. Then each project of examples/ is
// installed from the tarballs and tested. Names of packages or examples try those alone, `--examples` all examples and nothing else.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { examples, tryExample } from './example-projects.mjs'
import { closure, exampleOf, packAll, publicPackages, root, run, tarballFolder } from './packed.mjs'
import { licenceProblems, tarballProblems } from './tarball-checks.mjs'
import { typeProblems } from './type-resolution.mjs'

const work = mkdtempSync(join(tmpdir(), 'status-stack-pack-'))
const only = process.argv.slice(2).filter(word => !word.startsWith('--'))
const packages = publicPackages()
const licence = readFileSync(join(root, 'LICENSE'), 'utf8')

async function tryOut({ json, folder }, tarballs) {
  const project = join(work, 'projects', json.name.replaceAll('/', '-'))
  mkdirSync(project, { recursive: true })
  const dependencies = Object.fromEntries(
    [...closure(json.name, packages)].map(name => [name, `file:${tarballs.get(name)}`])
  )
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty-project', private: true, type: 'module', dependencies })
  )
  const flags = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
  const installed = await run('npm', flags, { cwd: project })
  if (!installed.ok) return `npm install failed\n${installed.output}`
  const tarball = tarballs.get(json.name)
  const found = [...tarballProblems(tarball, licence), ...licenceProblems(project), ...(await typeProblems(tarball))]
  if (found.length > 0) return found.join('\n')
  const publint = join(root, 'node_modules/.bin/publint')
  const linted = await run(publint, ['--strict', tarball], { cwd: project })
  if (!linted.ok) return `publint\n${linted.output}`
  if (json.bin) {
    const [name] = Object.keys(json.bin)
    const help = await run(join(project, 'node_modules/.bin', name), ['--help'], { cwd: project })
    return help.ok && help.output.includes(name) ? undefined : `${name} --help failed\n${help.output}`
  }
  const example = exampleOf(folder)
  if (example === undefined) return 'README.md has no js example'
  writeFileSync(join(project, 'example.mjs'), example)
  const ran = await run(process.execPath, ['example.mjs'], { cwd: project })
  return ran.ok ? undefined : `the README's example failed\n${ran.output}`
}

let failed = 0
try {
  const tarballs = await packAll(packages, tarballFolder ?? join(work, 'tarballs'))
  const isWanted = ({ json }) => only.length === 0 || only.some(name => json.name.endsWith(name))
  const queue = [
    ...(process.argv.includes('--examples')
      ? []
      : packages.map(each => ({ ...each, attempt: () => tryOut(each, tarballs) }))),
    ...examples().map(each => ({ ...each, attempt: () => tryExample(each, packages, tarballs, work) }))
  ].filter(isWanted)
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const problem = await next.attempt()
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
