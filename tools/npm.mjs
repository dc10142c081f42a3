import { readFileSync } from 'node:fs'
import * as paths from 'node:path'
import { fileURLToPath } from 'node:url'

const manifest = new URL('../package.json', import.meta.url)
const { packageManager } = JSON.parse(readFileSync(manifest, 'utf8'))

/** Program and arguments that run pnpm, in the version of the root manifest: `run(...pnpm('install'))`. */
export const pnpm = (...args) => ['npx', ['--yes', packageManager, ...args]]

/**
 * Program and arguments that run a tool of the root's `devDependencies` without pnpm, which takes a second and a half of the processor to start.
 *
 * @param file - its script, from `node_modules`
 */
export const tool = (file, ...args) => [
  process.execPath,
  [fileURLToPath(new URL(`../node_modules/${file}`, import.meta.url)), ...args]
]

/**
 * How npm's own programs are started. On Windows they are batch files, which a shell would have to run, and a shell takes a path with a
 * space in it apart: there Node runs their scripts, which lie beside it.
 *
 * @example
 * ```js
 * spawnSync(...command('npx', ['--yes', 'pnpm', 'install']), { stdio: 'inherit' })
 * ```
 */
export function command(file, args, { platform = process.platform, execPath = process.execPath } = {}) {
  if (platform !== 'win32' || !['npm', 'npx'].includes(file)) return [file, args]
  const { join, dirname } = paths.win32
  return [execPath, [join(dirname(execPath), 'node_modules', 'npm', 'bin', `${file}-cli.js`), ...args]]
}
