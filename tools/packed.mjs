// The public packages as they would be published, for the checks that install them as their users do.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command, pnpm } from './npm.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url))
/** `--tarballs=FOLDER`: where the tarballs are, or are left for the next check of the same run. */
export const tarballFolder = process.argv.find(word => word.startsWith('--tarballs='))?.slice('--tarballs='.length)

/** Runs a program; answers whether it ended well, what it wrote, and how many seconds it took. */
export function run(file, args, { cwd, deadlineMs = 180_000, env = {} }) {
  const started = Date.now()
  return new Promise(resolve => {
    const child = spawn(...command(file, args), {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, npm_config_update_notifier: 'false', ...env }
    })
    let output = ''
    let stdout = ''
    child.stdout.on('data', chunk => {
      output += chunk
      stdout += chunk
    })
    child.stderr.on('data', chunk => {
      output += chunk
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
    child.once('error', error => {
      output += error.message
    })
    child.once('close', code => {
      clearTimeout(timer)
      resolve({ ok: code === 0, output, stdout, seconds: Math.round((Date.now() - started) / 1000) })
    })
  })
}

/** Folder and manifest of everything that is published. */
export function publicPackages(tree = root) {
  return ['packages', 'apps']
    .flatMap(group =>
      readdirSync(join(tree, group)).map(name => {
        const folder = join(tree, group, name)
        return { folder, json: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }
      })
    )
    .filter(({ json }) => !json.private)
}

/** Packs the packages of one tree into `folder`, those that do not lie there already; answers the tarballs by name. */
export async function packAll(packages, folder) {
  const tarballs = new Map(
    packages.map(({ json: { name, version } }) => {
      return [name, join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)]
    })
  )
  const missing = packages.filter(({ json }) => !existsSync(tarballs.get(json.name)))
  if (missing.length === 0) return tarballs
  const filters = missing.map(({ json }) => `--filter=${json.name}`)
  const packing = pnpm(...filters, 'pack', '--pack-destination', folder)
  const { ok, output } = await run(...packing, { cwd: join(missing[0].folder, '../..') })
  if (!ok) throw new Error(`pnpm pack failed\n${output}`)
  return tarballs
}

/** A package and the packages of ours that it needs, by name. */
export function closure(name, packages, seen = new Set()) {
  const found = packages.find(({ json }) => json.name === name)
  if (seen.has(name) || found === undefined) return seen
  seen.add(name)
  const { dependencies = {}, optionalDependencies = {} } = found.json
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies }))
    closure(dependency, packages, seen)
  return seen
}

/** The first `js` block of a package's README. */
export function exampleOf(folder) {
  if (!existsSync(join(folder, 'README.md'))) return undefined
  return /^```js\n([\s\S]*?)^```/m.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1]
}
