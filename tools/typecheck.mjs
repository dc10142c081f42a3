#!/usr/bin/env node
// Strict TypeScript over every package, app and example, sources and tests, in one run of the native compiler (decision 0056):
// `pnpm typecheck`, or `pnpm typecheck whisper waku` for some of them.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Judged by TypeScript 6: the declarations that AssemblyScript brings are not read by 7. */
const judgedBySix = ['packages/crypto/kernel']

/** The folders of the workspace that TypeScript judges: those with a tsconfig.json. */
export function typedFolders(workspace = root) {
  return ['packages', 'apps', 'examples'].flatMap(group =>
    readdirSync(join(workspace, group))
      .map(name => `${group}/${name}`)
      .filter(folder => existsSync(join(workspace, folder, 'tsconfig.json')))
  )
}

/** Runs a compiler's file as its own manifest names it: of two that are installed only one can be `tsc` on the path. */
function compile(compiler, args) {
  const manifest = createRequire(import.meta.url).resolve(`${compiler}/package.json`)
  const file = join(manifest, '..', JSON.parse(readFileSync(manifest, 'utf8')).bin.tsc)
  return (
    spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2)
  const isWanted = folder => wanted.length === 0 || wanted.includes(folder.split('/')[1])
  const folders = typedFolders().filter(isWanted)
  const unknown = wanted.filter(name => !folders.some(folder => folder.endsWith(`/${name}`)))
  if (unknown.length > 0) {
    console.error(`no package, app or example with a tsconfig.json: ${unknown.join(', ')}`)
    process.exit(2)
  }
  const judged = [
    // `--force`: a build looks at the times of a folder's own files, not at those of the neighbours that they import.
    compile('typescript-7', ['--build', '--force', '--noEmit', ...folders]),
    ...judgedBySix.filter(isWanted).map(folder => compile('typescript', ['--project', folder]))
  ]
  process.exitCode = judged.every(Boolean) ? 0 : 1
}
