import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import * as module from 'node:module'
import { dirname, join } from 'node:path'
import { xdgFolder } from '@status-stack/command-line/process'
import { version } from './version.ts'

/**
 * Keeps the compiled form of this program's code between runs, where Node can (22.8 and newer), in a folder that only its user can write:
 * what is read from there is run. Node's own default lies in the folder for temporary files, which everybody can write. One folder a
 * version; those of other versions are removed. `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` hold as they do for every program.
 */
export function keepCompiledCode(environment: NodeJS.ProcessEnv): void {
  const { enableCompileCache } = module as { readonly enableCompileCache?: (folder?: string) => unknown }
  if (enableCompileCache === undefined || environment['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return
  if (environment['NODE_COMPILE_CACHE'] !== undefined) return
  try {
    const folder = join(xdgFolder('XDG_CACHE_HOME', environment), 'status-stack', `code-${version()}`)
    if (!existsSync(folder)) makeOnly(folder)
    if (belongsToUs(folder)) enableCompileCache(folder)
  } catch {
    // A home that cannot be written: the program only starts more slowly.
  }
}

/** With `sudo`, the home folder may belong to another user. */
function belongsToUs(folder: string): boolean {
  const { uid, mode } = statSync(folder)
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
}

function makeOnly(folder: string): void {
  const above = dirname(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(above)) {
    if (name.startsWith('code-') && join(above, name) !== folder) rmSync(join(above, name), { recursive: true })
  }
}
