// Runtimes and compilers from npm, installed on demand into the user's cache folder, where they stay.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../packed.mjs'

function cacheFolder() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? tmpdir(), 'status-stack', 'runtimes')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'status-stack', 'runtimes')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'status-stack', 'runtimes')
}

/**
 * The folder `node_modules` of one package of npm at one version. Nothing of it runs while it is installed.
 * @throws Error when npm does not have it
 */
export async function installed(name, version) {
  const home = join(cacheFolder(), `${name.replaceAll('/', '-')}-${version}`)
  if (existsSync(home)) return join(home, 'node_modules')
  const building = `${home}.${process.pid}`
  mkdirSync(building, { recursive: true })
  writeFileSync(join(building, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }))
  const flags = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error']
  const { ok, output } = await run('npm', flags, { cwd: building, deadlineMs: 300_000 })
  if (!ok) {
    rmSync(building, { recursive: true, force: true })
    throw new Error(`${name} ${version} cannot be installed: ${output.trim().split('\n')[0]}`)
  }
  try {
    renameSync(building, home)
  } catch {
    // Another run was faster.
    rmSync(building, { recursive: true, force: true })
  }
  return join(home, 'node_modules')
}
