// The projects of examples/ as somebody has them who copied one: what they need of ours comes from the packed tarballs, and their own test
// runs them. Tools that only the tests need (vitest and what else stands in the repository's own manifest) are borrowed from here.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { closure, root, run } from './packed.mjs'

const notCopied = new Set(['node_modules', 'dist', '.turbo'])
const catalogue = /^ {2}"?([^":]+)"?: (\S+)$/gm

/** Folder and manifest of every example. */
export function examples() {
  const group = join(root, 'examples')
  return readdirSync(group).flatMap(name => {
    const folder = join(group, name)
    const manifest = join(folder, 'package.json')
    return existsSync(manifest) ? [{ folder, json: JSON.parse(readFileSync(manifest, 'utf8')) }] : []
  })
}

/** What stands behind `catalog:`. */
function versionsOfCatalogue() {
  const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  return new Map(
    [...text.slice(text.indexOf('\ncatalog:')).matchAll(catalogue)].map(([, name, version]) => [name, version])
  )
}

/** The dependencies of an example for npm: tarballs in place of workspaces, versions in place of the catalogue. */
export function exampleDependencies({ dependencies = {}, devDependencies = {} }, packages, tarballs, borrowed) {
  const versions = versionsOfCatalogue()
  const found = {}
  for (const [name, range] of Object.entries({ ...devDependencies, ...dependencies })) {
    if (range.startsWith('workspace:'))
      for (const ours of closure(name, packages)) found[ours] = `file:${tarballs.get(ours)}`
    else if (dependencies[name] !== undefined || !borrowed.has(name))
      found[name] = range === 'catalog:' ? versions.get(name) : range
  }
  return found
}

/** Copies an example into `work`, installs it there and runs its test; answers the problem, if there is one. */
export async function tryExample({ folder, json }, packages, tarballs, work) {
  const group = join(work, 'examples')
  const project = join(group, basename(folder))
  mkdirSync(group, { recursive: true })
  const tools = join(group, 'node_modules')
  if (!existsSync(tools)) {
    symlinkSync(join(root, 'node_modules'), tools, 'junction')
    cpSync(join(root, 'tsconfig.base.json'), join(work, 'tsconfig.base.json'))
  }
  cpSync(folder, project, { recursive: true, filter: path => !notCopied.has(basename(path)) })
  const borrowed = new Set(Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies))
  const dependencies = exampleDependencies(json, packages, tarballs, borrowed)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ ...json, dependencies, devDependencies: {} }, null, 2))
  const flags = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
  const installed = await run('npm', flags, { cwd: project })
  if (!installed.ok) return `npm install failed\n${installed.output}`
  const watchdog = ['--testTimeout=300000', '--hookTimeout=300000']
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', project, ...watchdog]
  const tested = await run(process.execPath, vitest, { cwd: project, deadlineMs: 600_000 })
  return tested.ok ? undefined : `its test failed\n${tested.output}`
}
