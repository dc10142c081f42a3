// One project with everything that is published installed from its tarballs, the suites and the README examples in it.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exampleOf, run } from '../packed.mjs'

/** What an application adds: its bundler, and the two packages that abstract-level wants in a browser. */
const additions = { esbuild: '0.27.7', events: '3.3.0' }

/** Creates it in `folder`; answers the examples by package name. */
export async function createProject(folder, packages, tarballs) {
  mkdirSync(join(folder, 'examples'), { recursive: true })
  const ours = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]))
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'runtimes', private: true, type: 'module', dependencies: { ...ours, ...additions } })
  )
  const flags = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error']
  const { ok, output } = await run('npm', flags, { cwd: folder, deadlineMs: 300_000 })
  if (!ok) throw new Error(`the packages cannot be installed together\n${output}`)
  cpSync(fileURLToPath(new URL('suites', import.meta.url)), join(folder, 'suites'), { recursive: true })
  const examples = new Map()
  for (const { folder: source, json } of packages) {
    const code = exampleOf(source)
    if (code === undefined || json.bin !== undefined) continue
    const name = json.name.replace('@status-stack/', '')
    writeFileSync(join(folder, 'examples', `${name}.mjs`), code)
    examples.set(name, code)
  }
  return examples
}
