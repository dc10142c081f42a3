#!/usr/bin/env node
// Strict TypeScript over every package, app and example, sources and tests, by the native compiler (decision 0056): `pnpm typecheck`, or
// `pnpm typecheck whisper waku` for some of them. Folders with the same options are one program: what many import is read and judged once.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/**
 * One configuration for each set of options that folders have.
 *
 * @param above - from where the configurations will lie to the root
 */
export function programsOf(folders, above, workspace = root) {
  const programs = new Map()
  for (const folder of folders) {
    const config = JSON.parse(readFileSync(join(workspace, folder, 'tsconfig.json'), 'utf8'))
    const { compilerOptions = {}, include, exclude } = config
    const key = JSON.stringify(compilerOptions)
    const program = programs.get(key) ?? {
      extends: `${above}/tsconfig.base.json`,
      compilerOptions,
      include: [],
      exclude: []
    }
    program.include.push(...include.map(path => `${above}/${folder}/${path}`))
    program.exclude.push(...exclude.map(path => `${above}/${folder}/${path}`))
    programs.set(key, program)
  }
  return [...programs.values()]
}

/** Whether the folders are without an error. */
function judge(folders) {
  // Below the root, where the compiler finds the types of Node.
  const work = mkdtempSync(join(root, 'node_modules/.typecheck-'))
  try {
    const judged = programsOf(folders, '../..').map((program, index) => {
      const file = join(work, `${index}.json`)
      writeFileSync(file, JSON.stringify(program))
      return compile('typescript-7', ['--project', file])
    })
    return judged.every(Boolean)
  } finally {
    rmSync(work, { recursive: true })
  }
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
    judge(folders),
    ...judgedBySix.filter(isWanted).map(folder => compile('typescript', ['--project', folder]))
  ]
  process.exitCode = judged.every(Boolean) ? 0 : 1
}
