// The public packages as they would be published, for the checks that install them as their users do.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
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

/** Packs each package into `folder`, unless it lies there already; answers the tarballs by name. */
export async function packAll(packages, folder) {
  const tarballs = new Map()
  const queue = [...packages]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      tarballs.set(next.json.name, await pack(next, join(folder, next.json.name.replaceAll('/', '-'))))
    }
  }
  await Promise.all([worker(), worker()])
  return tarballs
}

async function pack({ folder, json }, into) {
  if (!existsSync(into)) {
    mkdirSync(into, { recursive: true })
    const { ok, output } = await run(...pnpm('pack', '--pack-destination', into), {
      cwd: folder
    })
    if (!ok) throw new Error(`${json.name}: pack failed\n${output}`)
  }
  return join(into, readdirSync(into)[0])
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
